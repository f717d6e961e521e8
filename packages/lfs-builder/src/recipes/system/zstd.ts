import { defineRecipe, make } from '@xlfs/core';

export const zstd = defineRecipe({
  name: 'zstd',
  version: '1.5.7',
  summary: 'Compression, fast and strong',
  license: 'BSD-3-Clause OR GPL-2.0-only',
  homepage: 'https://facebook.github.io/zstd/',
  reference: 'LFS 12.3, 8.10 Zstd-1.5.7',
  sources: [
    {
      name: 'zstd',
      version: '1.5.7',
      url: 'https://github.com/facebook/zstd/releases/download/v{version}/zstd-{version}.tar.gz',
      debian: { package: 'libzstd', version: '1.5.7+dfsg' },
    },
  ],
  // The program reads the others' formats, too.
  needs: { build: ['lz4', 'xz', 'zlib'], run: ['glibc', 'lz4', 'xz', 'zlib'] },
  weight: 0.4,
  phases: make({
    make: ['prefix=/usr'],
    install: ['prefix=/usr', 'install'],
    finish: 'rm /usr/lib/libzstd.a',
  }),
  tests: { run: 'make check' },
});
