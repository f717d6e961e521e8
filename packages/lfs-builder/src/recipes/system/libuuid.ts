import { defineRecipe } from '@xlfs/core';

export const libuuid = defineRecipe({
  name: 'libuuid',
  version: '12.3',
  summary: 'The library that xen-tools asks for by name; here a part of util-linux',
  license: 'MIT',
  homepage: 'https://www.linuxfromscratch.org/lfs/',
  reference: 'LFS 12.3, 8.79 Util-linux-2.40.4',
  needs: { run: ['util-linux'] },
  weight: 0.01,
  phases: [{ name: 'nothing', run: ':' }],
});
