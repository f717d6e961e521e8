import { autotools, defineRecipe } from '@xlfs/core';

export const manDb = defineRecipe({
  name: 'man-db',
  version: '2.13.1',
  summary: 'Finds and shows manual pages',
  license: 'GPL-2.0-or-later',
  homepage: 'https://www.nongnu.org/man-db/',
  reference: 'LFS 12.3, 8.77 Man-DB-2.13.0',
  sources: [
    {
      name: 'man-db',
      version: '2.13.1',
      url: 'https://download.savannah.gnu.org/releases/man-db/man-db-{version}.tar.xz',
      debian: { package: 'man-db' },
    },
  ],
  needs: {
    build: ['gdbm', 'groff', 'libpipeline', 'zlib'],
    run: ['bash', 'gdbm', 'glibc', 'groff', 'gzip', 'less', 'libpipeline', 'zlib'],
    tools: ['flex', 'less', 'pkgconf'],
  },
  weight: 0.5,
  phases: autotools({
    configure: [
      ...['--docdir=/usr/share/doc/man-db-"$VERSION"', '--sysconfdir=/etc', '--disable-setuid', '--enable-cache-owner=bin'],
      ...['--with-browser=/usr/bin/lynx', '--with-vgrind=/usr/bin/vgrind', '--with-grap=/usr/bin/grap'],
      ...['--with-systemdtmpfilesdir=', '--with-systemdsystemunitdir=', '--with-libseccomp=no'],
    ],
  }),
  tests: { run: 'make check' },
});
