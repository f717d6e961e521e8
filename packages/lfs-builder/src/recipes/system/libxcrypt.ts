import { autotools, defineRecipe } from '@xlfs/core';

export const libxcrypt = defineRecipe({
  name: 'libxcrypt',
  version: '4.4.38',
  summary: 'Hashes of passwords',
  license: 'LGPL-2.1-or-later',
  homepage: 'https://github.com/besser82/libxcrypt/',
  reference: 'LFS 12.3, 8.27 Libxcrypt-4.4.38',
  sources: [
    {
      name: 'libxcrypt',
      version: '4.4.38',
      url: 'https://github.com/besser82/libxcrypt/releases/download/v{version}/libxcrypt-{version}.tar.xz',
      debian: { package: 'libxcrypt' },
    },
  ],
  // Debian's tarball has no configure script; a final autoconf would need perl, which is linked to this.
  needs: { tools: ['temporary-autotools'], run: ['glibc'] },
  weight: 0.2,
  phases: autotools({
    prepare: '[ -e configure ] || autoreconf -fi',
    configure: ['--enable-hashes=strong,glibc', '--enable-obsolete-api=no', '--disable-static', '--disable-failure-tokens'],
    finish: 'rm -f /usr/lib/libcrypt.la',
  }),
  tests: { run: 'make check' },
});
