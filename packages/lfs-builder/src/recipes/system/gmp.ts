import { autotools, defineRecipe } from '@xlfs/core';
import { facts, WITHOUT_MANUAL } from '../package-facts.ts';

export const gmp = defineRecipe({
  ...facts.gmp,
  name: 'gmp',
  summary: 'Arithmetic of any precision',
  reference: 'LFS 12.3, 8.21 GMP-6.3.0',
  needs: { build: ['gcc-libs'], run: ['gcc-libs', 'glibc'] },
  weight: 0.4,
  phases: autotools({
    prepare: WITHOUT_MANUAL.gmp,
    // Code for each kind of processor, chosen at run time: the same library comes out on every machine and runs on each.
    configure: ['--enable-cxx', '--enable-fat', '--disable-static', '--docdir=/usr/share/doc/gmp-"$VERSION"'],
    finish: 'rm -f /usr/lib/libgmp.la /usr/lib/libgmpxx.la',
  }),
  tests: { run: 'make check', critical: true },
});
