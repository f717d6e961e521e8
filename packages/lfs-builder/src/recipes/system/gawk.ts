import { autotools, defineRecipe } from '@xlfs/core';
import { facts, WITHOUT_MANUAL } from '../package-facts.ts';
import { asNobody } from '../as-nobody.ts';

const libraries = ['gmp', 'mpfr', 'readline'];

export const gawk = defineRecipe({
  ...facts.gawk,
  name: 'gawk',
  summary: 'Language for lines and fields',
  reference: 'LFS 12.3, 8.61 Gawk-5.3.1',
  needs: { build: libraries, run: ['bash', 'glibc', ...libraries] },
  weight: 0.4,
  phases: autotools({
    prepare: `sed -i 's/extras//' Makefile.in\n${WITHOUT_MANUAL.gawk}`,
    // By itself it leaves links alone where there are some: those of the temporary system.
    finish: 'ln -f /usr/bin/gawk /usr/bin/gawk-"$VERSION"\nln -sf gawk /usr/bin/awk\nln -s gawk.1 /usr/share/man/man1/awk.1',
  }),
  tests: {
    run: `sed -i 's/ readdir readdir_retest/ readdir_retest/' test/Makefile\n${asNobody('make check')}`,
    known: { readdir: 'left out: wants one inode for the folder above, and that of the sources is a mount' },
  },
});
