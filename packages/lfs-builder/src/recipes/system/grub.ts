import { defineRecipe } from '@xlfs/core';

export const grub = defineRecipe({
  name: 'grub',
  version: '2.12',
  summary: 'Boot loader for BIOS',
  license: 'GPL-3.0-or-later',
  homepage: 'https://www.gnu.org/software/grub/',
  reference: 'LFS 12.3, 8.64 GRUB-2.12',
  sources: [
    {
      name: 'grub',
      version: '2.12',
      url: 'https://ftp.gnu.org/gnu/grub/grub-{version}.tar.xz',
      debian: { package: 'grub2' },
    },
  ],
  needs: { build: ['xz'], run: ['bash', 'gettext', 'glibc', 'xz'], tools: ['bison', 'flex'] },
  weight: 0.8,
  phases: [
    {
      name: 'configure',
      // What it compiles for bare metal gets none of the profile's flags. The list of dependencies is missing from the tarball.
      run: `\
unset CFLAGS CXXFLAGS
echo depends bli part_gpt > grub-core/extra_deps.lst
./configure --prefix=/usr --sysconfdir=/etc --with-platform=pc --target=i386 --disable-efiemu --disable-werror --disable-device-mapper`,
    },
    { name: 'build', run: 'unset CFLAGS CXXFLAGS\nmake' },
    {
      name: 'install',
      run: `\
unset CFLAGS CXXFLAGS
make install
mkdir -p /usr/share/bash-completion/completions
mv /etc/bash_completion.d/grub /usr/share/bash-completion/completions/
rmdir /etc/bash_completion.d`,
    },
  ],
});
