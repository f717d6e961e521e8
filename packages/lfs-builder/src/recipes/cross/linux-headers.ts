import { defineRecipe } from '@xlfs/core';
import { facts } from '../package-facts.ts';

export const linuxHeaders = defineRecipe({
  ...facts.linux,
  name: 'linux-headers',
  summary: "The kernel's interface, which the C library is built against",
  reference: 'LFS 12.3, 5.4 Linux API Headers',
  needs: ['filesystem'],
  weight: 0.071,
  root: 'cross',
  phases: [
    { name: 'build', run: "make headers\nfind usr/include -type f ! -name '*.h' -delete" },
    { name: 'install', run: 'cp -r usr/include "$LFS/usr/"' },
  ],
});
