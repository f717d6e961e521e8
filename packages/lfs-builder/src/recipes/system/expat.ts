import { autotools, defineRecipe } from '@xlfs/core';

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
  needs: { run: ['glibc'] },
  weight: 0.3,
  phases: autotools({
    configure: ['--disable-static', '--docdir=/usr/share/doc/expat-"$VERSION"'],
    finish: 'rm -f /usr/lib/libexpat.la',
  }),
  tests: { run: 'make check' },
});
