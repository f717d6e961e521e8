import { autotools, defineRecipe } from '@xlfs/core';
import { GCC_ENV, GCC_SOURCES, PREPARE_GCC } from '../cross-build.ts';
import { facts } from '../package-facts.ts';

export const crossGcc = defineRecipe({
  ...facts.gcc,
  name: 'cross-gcc',
  summary: 'Compiler for the target, run by the host; there is no C library yet',
  reference: 'LFS 12.3, 5.3 GCC - Pass 1',
  sources: GCC_SOURCES,
  needs: ['filesystem', 'cross-binutils'],
  weight: 11,
  root: 'cross',
  env: GCC_ENV,
  phases: autotools({
    prepare: PREPARE_GCC,
    outOfTree: true,
    configure: [
      '--target="$LFS_TGT"',
      '--prefix="$LFS/tools"',
      '--with-glibc-version=2.41',
      '--with-sysroot="$LFS"',
      '--with-newlib',
      '--without-headers',
      '--enable-default-pie',
      '--enable-default-ssp',
      '--disable-nls',
      '--disable-shared',
      '--disable-multilib',
      '--disable-threads',
      '--disable-libatomic',
      '--disable-libgomp',
      '--disable-libquadmath',
      '--disable-libssp',
      '--disable-libvtv',
      '--disable-libstdcxx',
      // Nothing of the temporary stages is analysed, or optimised across files.
      '--disable-analyzer',
      '--disable-lto',
      // Not the host's, so that the same toolchain comes out on every host.
      '--without-isl',
      '--without-zstd',
      '--enable-languages=c,c++',
    ],
    install: ['install-strip'],
    // What the header will be once there is a C library; gcc leaves half of it out while there is none.
    finish: `\
include=$(dirname "$("$LFS_TGT-gcc" -print-libgcc-file-name)")/include
cat gcc/limitx.h gcc/glimits.h gcc/limity.h > "$include/limits.h"
rm -rf "$LFS/tools/share"`,
  }),
});
