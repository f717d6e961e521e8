import { defineRecipe, make } from '@xlfs/core';

export const lz4 = defineRecipe({
  name: 'lz4',
  version: '1.10.0',
  summary: 'Fast compression',
  license: 'BSD-2-Clause AND GPL-2.0-or-later',
  homepage: 'https://lz4.org/',
  reference: 'LFS 12.3, 8.9 Lz4-1.10.0',
  sources: [
    {
      name: 'lz4',
      version: '1.10.0',
      url: 'https://github.com/lz4/lz4/releases/download/v{version}/lz4-{version}.tar.gz',
      debian: { package: 'lz4' },
    },
  ],
  needs: { run: ['glibc'] },
  weight: 0.1,
  phases: make({ make: ['BUILD_STATIC=no', 'PREFIX=/usr'], install: ['BUILD_STATIC=no', 'PREFIX=/usr', 'install'] }),
  // Its test files get in each other's way.
  tests: { run: 'MAKEFLAGS= make check' },
});
