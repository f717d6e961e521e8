import { autotools, defineRecipe } from '@xlfs/core';

export const gperf = defineRecipe({
  name: 'gperf',
  version: '3.2.1',
  summary: 'Generator of perfect hash functions',
  license: 'GPL-3.0-or-later',
  homepage: 'https://www.gnu.org/software/gperf/',
  reference: 'LFS 12.3, 8.39 Gperf-3.1',
  sources: [
    {
      name: 'gperf',
      version: '3.2.1',
      url: 'https://ftp.gnu.org/gnu/gperf/gperf-{version}.tar.gz',
      debian: { package: 'gperf' },
    },
  ],
  needs: { build: ['gcc-libs'], run: ['gcc-libs', 'glibc'] },
  weight: 0.08,
  phases: autotools({ configure: ['--docdir=/usr/share/doc/gperf-"$VERSION"'] }),
  // They write to the same files.
  tests: { run: 'MAKEFLAGS= make check' },
});
