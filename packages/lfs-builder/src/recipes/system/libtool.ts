import { autotools, defineRecipe } from '@xlfs/core';

export const libtool = defineRecipe({
  name: 'libtool',
  version: '2.5.4',
  summary: 'Builds shared libraries in the same way everywhere',
  license: 'GPL-2.0-or-later AND LGPL-2.1-or-later',
  homepage: 'https://www.gnu.org/software/libtool/',
  reference: 'LFS 12.3, 8.37 Libtool-2.5.4',
  sources: [
    {
      name: 'libtool',
      version: '2.5.4',
      url: 'https://ftp.gnu.org/gnu/libtool/libtool-{version}.tar.xz',
      debian: { package: 'libtool' },
    },
  ],
  needs: { run: ['glibc'] },
  weight: 0.15,
  phases: autotools({ finish: 'rm -f /usr/lib/libltdl.a /usr/lib/libltdl.la' }),
  tests: { run: 'make check TESTSUITEFLAGS=-j$JOBS' },
});
