import { defineRecipe } from '@xlfs/core';
import { facts } from '../package-facts.ts';

export const temporaryGettext = defineRecipe({
  ...facts.gettext,
  name: 'temporary-gettext',
  summary: 'Three tools that packages translate their messages with',
  reference: 'LFS 12.3, 7.7 Gettext',
  needs: { build: ['temporary-tools'], run: ['cross-glibc'] },
  weight: 1.1,
  phases: [
    // Two parts of the package have what the three tools consist of: the whole takes seven configure scripts.
    {
      name: 'configure',
      run: `\
(cd libtextstyle && ./configure --prefix=/usr --disable-shared)
(cd gettext-tools && ./configure --prefix=/usr --disable-shared --disable-nls --disable-java --disable-openmp)`,
    },
    {
      name: 'build',
      run: `\
for part in libtextstyle/lib gettext-tools/gnulib-lib gettext-tools/libgrep; do make -C $part; done
make -C gettext-tools/src bin_PROGRAMS='msgfmt msgmerge xgettext'`,
    },
    { name: 'install', run: 'cd gettext-tools/src && install -s -m 755 msgfmt msgmerge xgettext /usr/bin/' },
  ],
});
