import { defineRecipe } from '@xlfs/core';
import { facts } from '../package-facts.ts';

/**
 * What C++ programs run with, taken over from the temporary system's gcc. The compiler is built with libraries and with a linker that
 * are written in C++ themselves, so that those cannot need the compiler; and whoever only runs C++ needs none. Where the compiler is, its own
 * copies of these files lie above.
 */
export const gccLibs = defineRecipe({
  ...facts.gcc,
  name: 'gcc-libs',
  summary: 'Shared libraries of C++ programs, and of unwinding',
  reference: 'LFS 12.3, 6.18 GCC - Pass 2; 8.29 GCC-14.2.0',
  sources: [],
  needs: { run: ['glibc'] },
  weight: 0.01,
  phases: [
    {
      name: 'install',
      run: `\
for file in /usr/lib/libgcc_s.so* /usr/lib/libstdc++.so.*; do
  case $file in *.py) continue ;; esac
  cp -a "$file" "$file.new"
  mv "$file.new" "$file"
done`,
    },
  ],
});
