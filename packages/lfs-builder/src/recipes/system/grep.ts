import { autotools, defineRecipe } from '@xlfs/core';
import { facts } from '../package-facts.ts';

export const grep = defineRecipe({
  ...facts.grep,
  name: 'grep',
  summary: 'Finds lines that match',
  reference: 'LFS 12.3, 8.35 Grep-3.11',
  needs: { run: ['glibc'] },
  weight: 0.3,
  // Warnings of egrep and fgrep make tests of other packages fail.
  phases: autotools({ prepare: "sed -i 's/echo/#echo/' src/egrep.sh" }),
  tests: { run: 'make check' },
});
