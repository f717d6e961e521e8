import { autotools, defineRecipe } from '@xlfs/core';

export const autoconf = defineRecipe({
  name: 'autoconf',
  version: '2.72',
  summary: 'Generator of configure scripts',
  license: 'GPL-3.0-or-later WITH Autoconf-exception-3.0',
  homepage: 'https://www.gnu.org/software/autoconf/',
  reference: 'LFS 12.3, 8.46 Autoconf-2.72',
  sources: [
    {
      name: 'autoconf',
      version: '2.72',
      url: 'https://ftp.gnu.org/gnu/autoconf/autoconf-{version}.tar.xz',
      debian: { package: 'autoconf' },
    },
  ],
  needs: { build: ['m4', 'perl'], run: ['bash', 'm4', 'perl'], test: ['libtool'] },
  weight: 0.1,
  phases: autotools(),
  tests: { run: 'make check TESTSUITEFLAGS=-j$JOBS' },
});
