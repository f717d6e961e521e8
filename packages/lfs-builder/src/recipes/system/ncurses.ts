import { autotools, defineRecipe } from '@xlfs/core';
import { facts } from '../package-facts.ts';

export const ncurses = defineRecipe({
  ...facts.ncurses,
  name: 'ncurses',
  summary: 'Terminals: windows, colours, keys',
  reference: 'LFS 12.3, 8.30 Ncurses-6.5',
  needs: { build: ['gcc-libs'], run: ['gcc-libs', 'glibc'] },
  weight: 0.4,
  phases: autotools({
    configure: [
      '--mandir=/usr/share/man',
      '--with-shared',
      '--without-debug',
      '--without-normal',
      '--with-cxx-shared',
      '--enable-pc-files',
      '--with-pkg-config-libdir=/usr/lib/pkgconfig',
    ],
    // The shell that runs this uses the library that is replaced: not a byte of it may change in place.
    install: ['DESTDIR="$PWD/dest"', 'install'],
    finish: `\
sed -i 's/^#if.*XOPEN.*$/#if 1/' dest/usr/include/curses.h
cp -a --remove-destination dest/. /
# The narrow libraries are asked for by name; there is only the wide one.
for library in ncurses form panel menu; do
  ln -sf "lib\${library}w.so" "/usr/lib/lib$library.so"
  ln -sf "\${library}w.pc" "/usr/lib/pkgconfig/$library.pc"
done
ln -sf libncursesw.so /usr/lib/libcurses.so`,
  }),
});
