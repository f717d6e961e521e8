import { autotools, defineRecipe } from '@xlfs/core';
import { facts, WITHOUT_MANUAL } from '../package-facts.ts';

export const bison = defineRecipe({
  ...facts.bison,
  name: 'bison',
  summary: 'Generator of parsers',
  reference: 'LFS 12.3, 8.34 Bison-3.8.2',
  needs: { run: ['glibc', 'm4'] },
  weight: 0.6,
  phases: autotools({
    prepare: WITHOUT_MANUAL.bison,
    configure: ['--docdir=/usr/share/doc/bison-"$VERSION"'],
    make: ['MAKEINFO=true'],
    install: ['MAKEINFO=true', 'install'],
  }),
  tests: { run: 'make check TESTSUITEFLAGS=-j$JOBS' },
});
