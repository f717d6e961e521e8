import { autotools, defineRecipe } from '@xlfs/core';
import { DROP_DOCUMENTATION } from '../cross-build.ts';
import { facts, TEXINFO_WITH_GLIBC } from '../package-facts.ts';

export const temporaryTexinfo = defineRecipe({
  ...facts.texinfo,
  name: 'temporary-texinfo',
  summary: 'Makeinfo, for packages that make their manuals',
  reference: 'LFS 12.3, 7.11 Texinfo',
  needs: { build: ['temporary-tools', 'temporary-perl'], run: ['cross-glibc', 'temporary-perl', 'temporary-ncurses'] },
  weight: 0.3,
  phases: autotools({
    prepare: TEXINFO_WITH_GLIBC,
    configure: ['--disable-nls'],
    install: ['install-strip'],
    finish: DROP_DOCUMENTATION,
  }),
});
