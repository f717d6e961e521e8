import { defineRecipe } from '@xlfs/core';

export const expat = defineRecipe({
  name: 'expat',
  version: '2.8.3',
  summary: 'Parser of XML',
  license: 'MIT',
  homepage: 'https://libexpat.github.io/',
  reference: 'LFS 12.3, 8.40 Expat-2.6.4',
  sources: [
    {
      name: 'expat',
      version: '2.8.3',
      url: 'https://downloads.sourceforge.net/expat/expat-{version}.tar.xz',
      debian: { package: 'expat' },
    },
  ],
  // Debian has the repository, of which the release is a folder without its configure script.
  needs: { tools: ['autoconf', 'automake', 'libtool'], run: ['glibc'] },
  weight: 0.15,
  phases: [
    {
      name: 'configure',
      run: `\
if [ -d expat ]; then cd expat; fi
[ -e configure ] || autoreconf -fi
./configure --prefix=/usr --disable-static --docdir=/usr/share/doc/expat-"$VERSION" --without-docbook`,
    },
    { name: 'build', run: 'if [ -d expat ]; then cd expat; fi\nmake' },
    { name: 'install', run: 'if [ -d expat ]; then cd expat; fi\nmake install\nrm -f /usr/lib/libexpat.la' },
  ],
  tests: { run: 'if [ -d expat ]; then cd expat; fi\nmake check' },
});
