import { autotools, defineRecipe } from '@xlfs/core';

export const expect = defineRecipe({
  name: 'expect',
  version: '5.45.4',
  summary: 'Talks to interactive programs',
  license: 'LicenseRef-Public-Domain',
  homepage: 'https://core.tcl-lang.org/expect/',
  reference: 'LFS 12.3, 8.17 Expect-5.45.4',
  sources: [
    {
      name: 'expect',
      version: '5.45.4',
      url: 'https://downloads.sourceforge.net/expect/expect{version}.tar.gz',
      debian: { package: 'expect' },
    },
  ],
  needs: { build: ['tcl'], run: ['glibc', 'tcl'] },
  weight: 0.1,
  // Written, and configured by programs written, before C had prototypes for everything.
  env: { CFLAGS: '-O2 -pipe -fpermissive' },
  phases: autotools({
    configure: [
      '--with-tcl=/usr/lib',
      '--with-tclinclude=/usr/include',
      '--enable-shared',
      '--disable-rpath',
      '--mandir=/usr/share/man',
    ],
    finish: 'ln -sf expect"$VERSION"/libexpect"$VERSION".so /usr/lib/',
  }),
  tests: { run: 'make test' },
});
