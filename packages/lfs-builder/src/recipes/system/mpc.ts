import { autotools, defineRecipe } from '@xlfs/core';
import { facts } from '../package-facts.ts';

export const mpc = defineRecipe({
  ...facts.mpc,
  name: 'mpc',
  summary: 'Complex arithmetic with correct rounding',
  reference: 'LFS 12.3, 8.23 MPC-1.3.1',
  needs: { build: ['gmp', 'mpfr'], run: ['glibc', 'gmp', 'mpfr'] },
  weight: 0.1,
  phases: autotools({
    configure: ['--disable-static', '--docdir=/usr/share/doc/mpc-"$VERSION"'],
    finish: 'rm -f /usr/lib/libmpc.la',
  }),
  tests: { run: 'make check' },
});
