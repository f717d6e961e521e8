import { autotools, defineRecipe } from '@xlfs/core';
import { facts } from '../package-facts.ts';
import { asNobody } from '../as-nobody.ts';

export const findutils = defineRecipe({
  ...facts.findutils,
  name: 'findutils',
  summary: 'Finds files: find, xargs, locate',
  reference: 'LFS 12.3, 8.62 Findutils-4.10.0',
  needs: { run: ['bash', 'glibc'], test: ['dejagnu', 'expect'] },
  weight: 0.7,
  phases: autotools({ configure: ['--localstatedir=/var/lib/locate'] }),
  tests: { run: asNobody('make check') },
});
