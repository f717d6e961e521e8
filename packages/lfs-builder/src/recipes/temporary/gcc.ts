import { autotools, defineRecipe } from '@xlfs/core';
import { CROSS_COMPILED, DROP_DOCUMENTATION, GCC_ENV, GCC_SOURCES, PREPARE_GCC } from '../cross-build.ts';
import { facts } from '../package-facts.ts';

export const temporaryGcc = defineRecipe({
  ...facts.gcc,
  name: 'temporary-gcc',
  summary: 'Compiler that runs in the target root',
  reference: 'LFS 12.3, 6.18 GCC - Pass 2',
  sources: GCC_SOURCES,
  needs: { build: ['cross-toolchain'], run: ['cross-glibc', 'temporary-binutils'] },
  weight: 14,
  root: 'cross',
  env: GCC_ENV,
  phases: autotools({
    prepare: `\
${PREPARE_GCC}
# libgcc and libstdc++ with POSIX threads, which the compiler that builds them has not got.
sed -i '/thread_header =/s/@.*@/gthr-posix.h/' libgcc/Makefile.in libstdc++-v3/include/Makefile.in`,
    outOfTree: true,
    configure: [
      ...CROSS_COMPILED,
      '--target="$LFS_TGT"',
      'LDFLAGS_FOR_TARGET="-L$PWD/$LFS_TGT/libgcc"',
      '--with-build-sysroot="$LFS"',
      '--enable-default-pie',
      '--enable-default-ssp',
      '--disable-nls',
      '--disable-multilib',
      '--disable-libatomic',
      '--disable-libgomp',
      '--disable-libquadmath',
      '--disable-libsanitizer',
      '--disable-libssp',
      '--disable-libvtv',
      // Nothing of the temporary stages is analysed, or optimised across files.
      '--disable-analyzer',
      '--disable-lto',
      '--disable-libstdcxx-pch',
      '--without-isl',
      '--without-zstd',
      '--enable-languages=c,c++',
    ],
    install: ['DESTDIR="$LFS"', 'install-strip'],
    finish: `ln -s gcc "$LFS/usr/bin/cc"\n${DROP_DOCUMENTATION}`,
  }),
});
