import { defineRecipe, meson } from '@xlfs/core';

export const kmod = defineRecipe({
  name: 'kmod',
  version: '34.2',
  summary: 'Loads kernel modules and keeps their index',
  license: 'GPL-2.0-or-later AND LGPL-2.1-or-later',
  homepage: 'https://github.com/kmod-project/kmod',
  reference: 'LFS 12.3, 8.57 Kmod-34',
  sources: [
    {
      name: 'kmod',
      version: '34.2',
      url: 'https://www.kernel.org/pub/linux/utils/kernel/kmod/kmod-{version}.tar.xz',
      debian: { package: 'kmod' },
    },
  ],
  needs: {
    build: ['openssl', 'xz', 'zlib', 'zstd'],
    run: ['glibc', 'openssl', 'xz', 'zlib', 'zstd'],
    tools: ['meson', 'ninja', 'pkgconf'],
  },
  weight: 0.1,
  // Its manual pages are written for scdoc, which is in neither book.
  phases: meson({ setup: ['--sbindir=/usr/sbin', '-D manpages=false'] }),
});
