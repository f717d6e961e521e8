import { autotools, defineRecipe } from '@xlfs/core';

export const kbd = defineRecipe({
  name: 'kbd',
  version: '2.7.1',
  summary: 'Keyboard tables and fonts of the console',
  license: 'GPL-2.0-or-later',
  homepage: 'https://kbd-project.org/',
  reference: 'LFS 12.3, 8.67 Kbd-2.7.1',
  sources: [
    {
      name: 'kbd',
      version: '2.7.1',
      url: 'https://www.kernel.org/pub/linux/utils/kbd/kbd-{version}.tar.gz',
      debian: { package: 'kbd' },
    },
  ],
  needs: {
    run: ['bash', 'glibc'],
    tools: ['autoconf', 'automake', 'flex', 'gettext', 'libtool', 'pkgconf'],
  },
  weight: 0.4,
  phases: autotools({
    prepare: `\
# Backspace is character 127 and Delete an escape sequence, in every table.
find data/keymaps/i386 -type f -exec sed -E -i \\
  -e '/^[[:space:]]*keycode +14[[:space:]]*=[[:space:]]*BackSpace/s/BackSpace/Delete/g' \\
  -e '/^[[:space:]]*keycode +111[[:space:]]*=[[:space:]]*Delete/s/Delete/Remove/g' {} +
# resizecons is for a library that is no more.
sed -i '/RESIZECONS_PROGS=/s/yes/no/' configure.ac
sed -i 's/resizecons.8 //' docs/man/man8/Makefile.am
autoreconf -fi`,
    configure: ['--disable-vlock'],
    // No times in what is compressed.
    install: ['COMPRESS="gzip -n -f -9"', 'install'],
    finish: 'cp -R docs/doc -T /usr/share/doc/kbd-"$VERSION"',
  }),
  tests: { run: 'make check' },
});
