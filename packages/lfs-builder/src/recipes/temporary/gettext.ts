import { defineRecipe } from '@xlfs/core';
import { facts } from '../package-facts.ts';

export const temporaryGettext = defineRecipe({
  ...facts.gettext,
  name: 'temporary-gettext',
  summary: 'Three tools that packages translate their messages with',
  reference: 'LFS 12.3, 7.7 Gettext',
  needs: { build: ['temporary-tools'], run: ['cross-glibc'] },
  weight: 0.5,
  phases: [
    // The part of the package that has the three tools: the whole takes five configure scripts.
    { name: 'configure', run: 'cd gettext-tools && ./configure --prefix=/usr --disable-shared --disable-nls --disable-java' },
    {
      name: 'build',
      run: `\
cd gettext-tools
for folder in intl gnulib-lib libgrep; do [ ! -e $folder/Makefile ] || make -C $folder; done
make -C src msgfmt msgmerge xgettext`,
    },
    { name: 'install', run: 'cd gettext-tools/src && install -s -m 755 msgfmt msgmerge xgettext /usr/bin/' },
  ],
});
