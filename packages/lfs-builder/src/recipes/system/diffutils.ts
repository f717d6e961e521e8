import { autotools, defineRecipe } from '@xlfs/core';
import { facts } from '../package-facts.ts';

export const diffutils = defineRecipe({
  ...facts.diffutils,
  name: 'diffutils',
  summary: 'Compares files',
  reference: 'LFS 12.3, 8.60 Diffutils-3.11',
  needs: { run: ['glibc'], test: ['perl'] },
  weight: 0.6,
  phases: autotools(),
  tests: { run: 'make check' },
});
