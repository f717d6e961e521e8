import { autotools, defineRecipe } from '@xlfs/core';
import { asNobody } from '../as-nobody.ts';
import { facts, WITHOUT_MANUAL } from '../package-facts.ts';

export const make = defineRecipe({
  ...facts.make,
  name: 'make',
  summary: 'Makes files from others by rules',
  reference: 'LFS 12.3, 8.69 Make-4.4.1',
  needs: { run: ['glibc'], test: ['perl'] },
  weight: 0.3,
  phases: autotools({ prepare: WITHOUT_MANUAL.make }),
  tests: { run: asNobody('make check') },
});
