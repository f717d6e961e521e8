import { autotools, defineRecipe } from '@xlfs/core';
import { DROP_DOCUMENTATION } from '../cross-build.ts';
import { facts } from '../package-facts.ts';

export const temporaryPython = defineRecipe({
  ...facts.python,
  name: 'temporary-python',
  summary: 'Python without its packages, for the C library',
  reference: 'LFS 12.3, 7.10 Python',
  needs: { build: ['temporary-tools'], run: ['cross-glibc'] },
  weight: 1.5,
  phases: autotools({
    configure: ['--enable-shared', '--without-ensurepip', '--disable-test-modules', '--without-static-libpython'],
    finish: DROP_DOCUMENTATION,
  }),
});
