import { crossCompiled } from '../cross-build.ts';

export const temporaryNcurses = crossCompiled({
  package: 'ncurses',
  summary: 'Terminal library of the shell',
  section: '6.3 Ncurses',
  weight: 0.68,
  // The terminals' descriptions are compiled by a program that runs here.
  prepare: `\
mkdir build
(cd build && ../configure --without-cxx --without-ada AWK=gawk && make -C include && make -C progs tic)`,
  configure: [
    '--with-shared',
    '--without-normal',
    '--without-debug',
    '--without-ada',
    '--without-cxx',
    '--without-cxx-binding',
    '--without-manpages',
    '--disable-stripping',
    'AWK=gawk',
  ],
  install: ['TIC_PATH="$PWD/build/progs/tic"', 'install'],
  finish: `\
ln -s libncursesw.so "$LFS/usr/lib/libncurses.so"
# Without a test for X/Open: whoever includes it wants wide characters.
sed -i 's/^#if.*XOPEN.*$/#if 1/' "$LFS/usr/include/curses.h"`,
});
