import { defineRecipe, make } from '@xlfs/core';

export const libaio = defineRecipe({
  name: 'libaio',
  version: '0.3.113',
  summary: 'Asynchronous I/O by the kernel, for block back ends',
  license: 'LGPL-2.1-or-later',
  homepage: 'https://pagure.io/libaio',
  reference: 'BLFS 12.3, 9 libaio-0.3.113',
  sources: [
    {
      name: 'libaio',
      version: '0.3.113',
      url: 'https://releases.pagure.org/libaio/libaio-{version}.tar.gz',
      debian: { package: 'libaio' },
    },
  ],
  needs: ['filesystem'],
  weight: 0.007,
  phases: make({
    install: ['install'],
    // Whatever is linked here uses the shared library.
    finish: 'rm -f "${DESTDIR:-}/usr/lib/libaio.a"',
  }),
});
