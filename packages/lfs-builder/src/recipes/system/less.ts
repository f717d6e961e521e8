import { autotools, defineRecipe } from '@xlfs/core';

export const less = defineRecipe({
  name: 'less',
  version: '668',
  summary: 'Shows text a screen at a time',
  license: 'GPL-3.0-or-later OR BSD-2-Clause',
  homepage: 'https://www.greenwoodsoftware.com/less/',
  reference: 'LFS 12.3, 8.42 Less-668',
  sources: [
    {
      name: 'less',
      version: '668',
      url: 'https://www.greenwoodsoftware.com/less/less-{version}.tar.gz',
      debian: { package: 'less' },
    },
  ],
  needs: { build: ['ncurses'], run: ['glibc', 'ncurses'] },
  weight: 0.08,
  phases: autotools({ configure: ['--sysconfdir=/etc'] }),
  tests: { run: 'make check' },
});
