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
  needs: { run: ['bash', 'glibc'], tools: ['flex', 'pkgconf'], test: ['check'] },
  weight: 0.2,
  phases: autotools({
    prepare: `\
# Backspace is character 127 and Delete an escape sequence, in every table.
for table in $(grep -rlE '^[[:space:]]*keycode +(14|111) =' data/keymaps/i386); do
  sed -E -i -e '/^[[:space:]]*keycode +14 =/s/= *BackSpace( +BackSpace)?/= Delete/' -e '/^[[:space:]]*keycode +111 =/s/= *Delete( +Delete)?/= Remove/' "$table"
done
# resizecons is for svgalib.
sed -i '/RESIZECONS_PROGS=/s/yes/no/' configure
sed -i 's/resizecons.8 //' docs/man/man8/Makefile.in`,
    configure: ['--disable-vlock'],
    finish: 'cp -R docs/doc -T /usr/share/doc/kbd-"$VERSION"',
  }),
  tests: { run: 'make check' },
});
