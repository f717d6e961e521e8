import { autotools, defineRecipe } from '@xlfs/core';

export const zlib = defineRecipe({
  name: 'zlib',
  version: '1.3.1',
  summary: 'Compression library (deflate)',
  license: 'Zlib',
  homepage: 'https://zlib.net/',
  reference: 'LFS 12.3, 8.6 Zlib-1.3.1',
  sources: [
    {
      name: 'zlib',
      version: '1.3.1',
      url: 'https://github.com/madler/zlib/releases/download/v{version}/zlib-{version}.tar.xz',
      debian: { package: 'zlib', version: '1.3.dfsg+really1.3.1' },
    },
  ],
  needs: ['filesystem'],
  weight: 0.045,
  phases: autotools({
    // The static library is of use to zlib's own tests only.
    finish: 'rm -f "${DESTDIR:-}/usr/lib/libz.a"',
  }),
  tests: { run: 'make check' },
});
