import { autotools, defineRecipe } from '@xlfs/core';
import { DROP_DOCUMENTATION } from '../cross-build.ts';
import { facts, WITHOUT_MANUAL } from '../package-facts.ts';

export const temporaryBison = defineRecipe({
  ...facts.bison,
  name: 'temporary-bison',
  summary: 'Generator of parsers, for the C library',
  reference: 'LFS 12.3, 7.8 Bison',
  needs: { build: ['temporary-tools'], run: ['cross-glibc', 'temporary-m4'] },
  weight: 0.28,
  phases: autotools({
    prepare: WITHOUT_MANUAL.bison,
    configure: ['--disable-nls'],
    make: ['MAKEINFO=true'],
    install: ['MAKEINFO=true', 'install-strip'],
    finish: DROP_DOCUMENTATION,
  }),
});
