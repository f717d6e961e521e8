import { autotools, defineRecipe } from '@xlfs/core';

export const psmisc = defineRecipe({
  name: 'psmisc',
  version: '23.7',
  summary: 'Finds and signals processes: fuser, killall, pstree',
  license: 'GPL-2.0-or-later',
  homepage: 'https://gitlab.com/psmisc/psmisc',
  reference: 'LFS 12.3, 8.32 Psmisc-23.7',
  sources: [
    {
      name: 'psmisc',
      version: '23.7',
      url: 'https://sourceforge.net/projects/psmisc/files/psmisc/psmisc-{version}.tar.xz',
      debian: { package: 'psmisc' },
    },
  ],
  needs: { build: ['ncurses'], run: ['glibc', 'ncurses'], test: ['dejagnu'] },
  weight: 0.06,
  phases: autotools(),
  tests: { run: 'make check' },
});
