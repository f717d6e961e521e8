import { defineRecipe, type Recipe } from '@xlfs/core';

/** The packages as one, and no file of its own: what an image of the whole system is made from. */
export function lfsSystem(packages: readonly Recipe[]): Recipe {
  return defineRecipe({
    name: 'lfs-system',
    version: '12.3',
    summary: 'The whole system',
    license: 'MIT',
    homepage: 'https://www.linuxfromscratch.org/lfs/',
    reference: 'LFS 12.3, chapters 8 and 9',
    needs: { run: packages.map(({ name }) => name) },
    weight: 0.01,
    phases: [{ name: 'nothing', run: ':' }],
  });
}
