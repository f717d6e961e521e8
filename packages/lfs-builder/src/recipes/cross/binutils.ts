import { autotools, defineRecipe } from '@xlfs/core';
import { facts } from '../package-facts.ts';

export const crossBinutils = defineRecipe({
  ...facts.binutils,
  name: 'cross-binutils',
  summary: 'Assembler and linker for the target, run by the host',
  reference: 'LFS 12.3, 5.2 Binutils - Pass 1',
  needs: ['filesystem'],
  weight: 1,
  root: 'cross',
  phases: autotools({
    outOfTree: true,
    configure: [
      '--prefix="$LFS/tools"',
      '--with-sysroot="$LFS"',
      '--target="$LFS_TGT"',
      '--disable-nls',
      '--enable-gprofng=no',
      '--disable-werror',
      '--enable-new-dtags',
      '--enable-default-hash-style=gnu',
      '--enable-deterministic-archives',
      // Not the host's, so that the same toolchain comes out on every host.
      '--without-zstd',
      '--without-debuginfod',
    ],
    make: ['MAKEINFO=true'],
    install: ['MAKEINFO=true', 'install-strip'],
    finish: 'rm -rf "$LFS/tools/share"',
  }),
});
