import { autotools, defineRecipe } from '@xlfs/core';
import { facts } from '../package-facts.ts';

export const patch = defineRecipe({
  ...facts.patch,
  name: 'patch',
  summary: 'Applies differences to files',
  reference: 'LFS 12.3, 8.70 Patch-2.7.6',
  needs: { build: ['attr'], run: ['attr', 'glibc'] },
  weight: 0.4,
  phases: autotools(),
  tests: { run: 'make check' },
});
