import { defineRecipe } from '@xlfs/core';

export const lfsSystem = defineRecipe({
  name: 'lfs-system',
  version: '12.3',
  summary: 'The whole system',
  license: 'MIT',
  homepage: 'https://www.linuxfromscratch.org/lfs/',
  reference: 'LFS 12.3, chapter 8',
  needs: { run: ['filesystem', 'zlib'] },
  weight: 0.01,
  phases: [{ name: 'nothing', run: ':' }],
});
