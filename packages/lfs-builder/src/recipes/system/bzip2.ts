import { defineRecipe } from '@xlfs/core';

export const bzip2 = defineRecipe({
  name: 'bzip2',
  version: '1.0.8',
  summary: 'Compression by block sorting',
  license: 'bzip2-1.0.6',
  homepage: 'https://sourceware.org/bzip2/',
  reference: 'LFS 12.3, 8.7 Bzip2-1.0.8',
  sources: [
    {
      name: 'bzip2',
      version: '1.0.8',
      url: 'https://www.sourceware.org/pub/bzip2/bzip2-{version}.tar.gz',
      debian: { package: 'bzip2' },
    },
  ],
  needs: { run: ['glibc'] },
  weight: 0.05,
  phases: [
    {
      name: 'prepare',
      // Links that hold wherever the tree is mounted, and manual pages where they are looked for.
      run: `sed -i -e 's,\\(ln -s -f \\)$(PREFIX)/bin/,\\1,' -e 's,(PREFIX)/man,(PREFIX)/share/man,g' Makefile`,
    },
    {
      name: 'build',
      run: `\
make -f Makefile-libbz2_so CFLAGS="-fpic -fPIC $CFLAGS -D_FILE_OFFSET_BITS=64"
make clean
make CFLAGS="$CFLAGS -D_FILE_OFFSET_BITS=64" bzip2 bzip2recover libbz2.a`,
    },
    {
      name: 'install',
      run: `\
make PREFIX=/usr install
cp -a libbz2.so.* /usr/lib/
ln -s libbz2.so.1.0.8 /usr/lib/libbz2.so
cp bzip2-shared /usr/bin/bzip2
ln -sf bzip2 /usr/bin/bzcat
ln -sf bzip2 /usr/bin/bunzip2
rm /usr/lib/libbz2.a`,
    },
  ],
  tests: { run: 'make test' },
});
