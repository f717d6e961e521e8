import { defineRecipe } from '@xlfs/core';

export const manPages = defineRecipe({
  name: 'man-pages',
  version: '6.9.1',
  summary: 'Manual pages of the kernel and the C library',
  license: 'GPL-2.0-or-later AND BSD-3-Clause AND MIT',
  homepage: 'https://www.kernel.org/doc/man-pages/',
  reference: 'LFS 12.3, 8.3 Man-pages-6.12',
  sources: [
    {
      name: 'man-pages',
      version: '6.9.1',
      url: 'https://www.kernel.org/pub/linux/docs/man-pages/man-pages-{version}.tar.xz',
      debian: { package: 'manpages' },
    },
  ],
  needs: { run: ['filesystem'] },
  weight: 0.15,
  phases: [
    // libxcrypt has better ones of these.
    { name: 'prepare', run: 'rm man/man3/crypt*.3' },
    // Its makefiles take make's built-in variables for settings.
    { name: 'install', run: 'make -R GIT=false prefix=/usr install' },
  ],
});
