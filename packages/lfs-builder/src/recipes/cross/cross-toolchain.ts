import { defineRecipe } from '@xlfs/core';

export const crossToolchain = defineRecipe({
  name: 'cross-toolchain',
  version: '12.3',
  summary: 'Compiler, assembler, linker and libraries for the target',
  license: 'MIT',
  homepage: 'https://www.linuxfromscratch.org/lfs/',
  reference: 'LFS 12.3, chapter 5',
  needs: { run: ['filesystem', 'cross-binutils', 'cross-gcc', 'linux-headers', 'cross-glibc', 'cross-libstdc++'] },
  weight: 0.01,
  root: 'cross',
  phases: [{ name: 'nothing', run: ':' }],
});
