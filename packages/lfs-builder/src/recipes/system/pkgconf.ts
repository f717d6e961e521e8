import { autotools, defineRecipe } from '@xlfs/core';

export const pkgconf = defineRecipe({
  name: 'pkgconf',
  version: '1.8.1',
  summary: 'Tells builds how libraries are compiled and linked against',
  license: 'ISC',
  homepage: 'http://pkgconf.org/',
  reference: 'LFS 12.3, 8.19 Pkgconf-2.3.0',
  sources: [
    {
      name: 'pkgconf',
      version: '1.8.1',
      url: 'https://distfiles.ariadne.space/pkgconf/pkgconf-{version}.tar.xz',
      debian: { package: 'pkgconf' },
    },
  ],
  needs: { run: ['glibc'] },
  weight: 0.06,
  phases: autotools({
    configure: ['--disable-static', '--docdir=/usr/share/doc/pkgconf-"$VERSION"'],
    // By the name of the program that it replaces.
    finish: `\
ln -s pkgconf /usr/bin/pkg-config
ln -s pkgconf.1 /usr/share/man/man1/pkg-config.1
rm -f /usr/lib/libpkgconf.la`,
  }),
});
