import { autotools, defineRecipe } from '@xlfs/core';

export const libffi = defineRecipe({
  name: 'libffi',
  version: '3.4.8',
  summary: 'Calls functions that were not known when the caller was compiled',
  license: 'MIT',
  homepage: 'https://sourceware.org/libffi/',
  reference: 'LFS 12.3, 8.50 Libffi-3.4.7',
  sources: [
    {
      name: 'libffi',
      version: '3.4.8',
      url: 'https://github.com/libffi/libffi/archive/v{version}/libffi-{version}.tar.gz',
      debian: { package: 'libffi' },
    },
  ],
  needs: { run: ['glibc'], tools: ['autoconf', 'automake', 'libtool'], test: ['dejagnu'] },
  weight: 0.2,
  phases: autotools({
    prepare: 'autoreconf -fi',
    // Not for the processor of the machine that builds, as the book has it: the result is for others, too.
    // And in this folder: the one below that it would make for itself knows no target by which it is asked to build.
    configure: ['--disable-static', '--disable-multi-os-directory', '--disable-builddir'],
    finish: 'rm -f /usr/lib/libffi.la',
  }),
  tests: { run: 'make check' },
});
