import { autotools, defineRecipe } from '@xlfs/core';
import { facts } from '../package-facts.ts';

export const gettext = defineRecipe({
  ...facts.gettext,
  name: 'gettext',
  summary: 'Translation of messages',
  reference: 'LFS 12.3, 8.33 Gettext-0.24',
  needs: { build: ['acl', 'gcc-libs', 'ncurses'], run: ['acl', 'gcc-libs', 'glibc', 'ncurses'] },
  weight: 1.7,
  phases: autotools({
    configure: ['--disable-static', '--docdir=/usr/share/doc/gettext-"$VERSION"'],
    finish: `\
chmod 0755 /usr/lib/preloadable_libintl.so
rm -f /usr/lib/libasprintf.la /usr/lib/libgettext*.la /usr/lib/libtextstyle.la`,
  }),
  tests: { run: 'make check' },
});
