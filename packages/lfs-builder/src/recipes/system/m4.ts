import { autotools, defineRecipe } from '@xlfs/core';
import { facts } from '../package-facts.ts';

export const m4 = defineRecipe({
  ...facts.m4,
  name: 'm4',
  summary: 'Macro processor',
  reference: 'LFS 12.3, 8.13 M4-1.4.19',
  needs: { run: ['glibc'] },
  weight: 0.25,
  phases: autotools(),
  tests: { run: 'make check' },
});
