import { autotools, defineRecipe } from '@xlfs/core';
import { facts, TEXINFO_WITH_GLIBC } from '../package-facts.ts';

export const texinfo = defineRecipe({
  ...facts.texinfo,
  name: 'texinfo',
  summary: 'Reads, writes and converts info pages',
  reference: 'LFS 12.3, 8.72 Texinfo-7.2',
  needs: { build: ['ncurses', 'perl'], run: ['bash', 'glibc', 'ncurses', 'perl'] },
  weight: 0.5,
  phases: autotools({ prepare: TEXINFO_WITH_GLIBC, finish: 'make TEXMF=/usr/share/texmf install-tex' }),
  tests: { run: 'make check' },
});
