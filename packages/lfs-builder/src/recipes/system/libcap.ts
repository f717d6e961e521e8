import { defineRecipe, make } from '@xlfs/core';

export const libcap = defineRecipe({
  name: 'libcap',
  version: '2.75',
  summary: 'Capabilities of processes and files',
  license: 'BSD-3-Clause OR GPL-2.0-only',
  homepage: 'https://sites.google.com/site/fullycapable/',
  reference: 'LFS 12.3, 8.26 Libcap-2.73',
  sources: [
    {
      name: 'libcap',
      version: '2.75',
      url: 'https://www.kernel.org/pub/linux/libs/security/linux-privs/libcap2/libcap-{version}.tar.xz',
      debian: { package: 'libcap2' },
    },
  ],
  needs: { run: ['glibc'] },
  weight: 0.03,
  phases: make({
    prepare: "sed -i '/install -m.*STA/d' libcap/Makefile",
    make: ['prefix=/usr', 'lib=lib'],
    install: ['prefix=/usr', 'lib=lib', 'install'],
  }),
  tests: { run: 'make test' },
});
