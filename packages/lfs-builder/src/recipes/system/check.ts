import { autotools, defineRecipe } from '@xlfs/core';

export const check = defineRecipe({
  name: 'check',
  version: '0.15.2',
  summary: 'Unit tests in C',
  license: 'LGPL-2.1-or-later',
  homepage: 'https://libcheck.github.io/check/',
  reference: 'LFS 12.3, 8.59 Check-0.15.2',
  sources: [
    {
      name: 'check',
      version: '0.15.2',
      url: 'https://github.com/libcheck/check/releases/download/{version}/check-{version}.tar.gz',
      debian: { package: 'check' },
    },
  ],
  needs: { run: ['gawk', 'glibc'] },
  weight: 0.15,
  phases: autotools({
    configure: ['--disable-static'],
    install: ['docdir=/usr/share/doc/check-"$VERSION"', 'install'],
    finish: 'rm -f /usr/lib/libcheck.la',
  }),
  tests: { run: 'make check' },
});
