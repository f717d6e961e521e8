import { autotools, defineRecipe } from '@xlfs/core';

export const dejagnu = defineRecipe({
  name: 'dejagnu',
  version: '1.6.3',
  summary: 'Frame of the test suites of binutils and gcc',
  license: 'GPL-3.0-or-later',
  homepage: 'https://www.gnu.org/software/dejagnu/',
  reference: 'LFS 12.3, 8.18 DejaGNU-1.6.3',
  sources: [
    {
      name: 'dejagnu',
      version: '1.6.3',
      url: 'https://ftp.gnu.org/gnu/dejagnu/dejagnu-{version}.tar.gz',
      debian: { package: 'dejagnu' },
    },
  ],
  needs: { run: ['expect'] },
  weight: 0.02,
  phases: autotools({ outOfTree: true }),
  tests: { run: 'cd build && make check' },
});
