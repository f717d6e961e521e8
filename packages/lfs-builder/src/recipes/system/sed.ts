import { autotools, defineRecipe } from '@xlfs/core';
import { asNobody } from '../as-nobody.ts';
import { facts } from '../package-facts.ts';

export const sed = defineRecipe({
  ...facts.sed,
  name: 'sed',
  summary: 'Editor of streams',
  reference: 'LFS 12.3, 8.31 Sed-4.9',
  needs: { build: ['acl'], run: ['acl', 'glibc'] },
  weight: 0.25,
  phases: autotools(),
  // One of them wants a folder that it may not write to, which root has none of.
  tests: { run: asNobody('make check') },
});
