import { autotools, defineRecipe } from '@xlfs/core';

export const readline = defineRecipe({
  name: 'readline',
  version: '8.2',
  summary: 'Line editing and history for programs that ask for a line',
  license: 'GPL-3.0-or-later',
  homepage: 'https://tiswww.case.edu/php/chet/readline/rltop.html',
  reference: 'LFS 12.3, 8.12 Readline-8.2.13',
  sources: [
    {
      name: 'readline',
      version: '8.2',
      url: 'https://ftp.gnu.org/gnu/readline/readline-{version}.tar.gz',
      debian: { package: 'readline' },
    },
    {
      name: 'bash',
      version: '5.2.37',
      url: 'https://ftp.gnu.org/gnu/bash/bash-{version}.tar.gz',
      debian: { package: 'bash' },
    },
  ],
  needs: { build: ['ncurses'], run: ['glibc', 'ncurses'] },
  weight: 0.15,
  phases: autotools({
    prepare: `\
# Bash carries the same library with all its official patches: 8.2.13, as the book has it.
for file in *.c *.h; do
  if [ -e "../bash/lib/readline/$file" ]; then cp -p "../bash/lib/readline/$file" .; fi
done
# Old libraries are not kept aside, and none gets a search path of its own.
sed -i '/MV.*old/d' Makefile.in
sed -i '/{OLDSUFF}/c:' support/shlib-install
sed -i 's/-Wl,-rpath,[^ ]*//' support/shobj-conf`,
    configure: ['--disable-static', '--with-curses', '--docdir=/usr/share/doc/readline-"$VERSION"'],
    make: ['SHLIB_LIBS=-lncursesw'],
  }),
});
