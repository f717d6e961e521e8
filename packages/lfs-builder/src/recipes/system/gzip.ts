import { autotools, defineRecipe } from '@xlfs/core';
import { facts } from '../package-facts.ts';

export const gzip = defineRecipe({
  ...facts.gzip,
  name: 'gzip',
  summary: 'Compression by deflate',
  reference: 'LFS 12.3, 8.65 Gzip-1.13',
  // zless comes along only where there is less.
  needs: { run: ['bash', 'glibc'], tools: ['less'] },
  weight: 0.2,
  phases: autotools(),
  tests: { run: 'make check' },
});
