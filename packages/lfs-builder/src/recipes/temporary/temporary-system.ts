import { defineRecipe } from '@xlfs/core';

export const temporarySystem = defineRecipe({
  name: 'temporary-system',
  version: '12.3',
  summary: 'All temporary tools: what every package of the final system is built with',
  license: 'MIT',
  homepage: 'https://www.linuxfromscratch.org/lfs/',
  reference: 'LFS 12.3, chapters 6 and 7',
  needs: {
    run: [
      'temporary-tools',
      'temporary-gettext',
      'temporary-bison',
      'temporary-perl',
      'temporary-python',
      'temporary-texinfo',
      'temporary-util-linux',
    ],
  },
  weight: 0.01,
  root: 'cross',
  phases: [{ name: 'nothing', run: ':' }],
});
