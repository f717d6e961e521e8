import { autotools, defineRecipe } from '@xlfs/core';
import { facts } from '../package-facts.ts';

export const mpfr = defineRecipe({
  ...facts.mpfr,
  name: 'mpfr',
  summary: 'Floating-point arithmetic with correct rounding',
  reference: 'LFS 12.3, 8.22 MPFR-4.2.1',
  needs: { build: ['gmp'], run: ['glibc', 'gmp'] },
  weight: 0.25,
  phases: autotools({
    configure: ['--disable-static', '--enable-thread-safe', '--docdir=/usr/share/doc/mpfr-"$VERSION"'],
    finish: 'rm -f /usr/lib/libmpfr.la',
  }),
  tests: { run: 'make check', critical: true },
});
