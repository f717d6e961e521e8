import { autotools, defineRecipe } from '@xlfs/core';

export const automake = defineRecipe({
  name: 'automake',
  version: '1.17',
  summary: 'Generator of Makefiles for configure scripts to fill in',
  license: 'GPL-2.0-or-later',
  homepage: 'https://www.gnu.org/software/automake/',
  reference: 'LFS 12.3, 8.47 Automake-1.17',
  sources: [
    {
      name: 'automake',
      version: '1.17',
      url: 'https://ftp.gnu.org/gnu/automake/automake-{version}.tar.xz',
      debian: { package: 'automake-1.17' },
    },
  ],
  needs: {
    build: ['autoconf', 'perl'],
    run: ['autoconf', 'bash', 'perl'],
    test: ['bison', 'dejagnu', 'expect', 'flex', 'gettext', 'libtool'],
  },
  weight: 0.1,
  phases: autotools({ configure: ['--docdir=/usr/share/doc/automake-"$VERSION"'] }),
  tests: { run: 'make check' },
});
