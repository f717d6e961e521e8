import { defineRecipe } from '@xlfs/core';
import { CROSS_COMPILED } from '../cross-build.ts';
import { facts } from '../package-facts.ts';

export const crossLibstdcxx = defineRecipe({
  ...facts.gcc,
  name: 'cross-libstdc++',
  summary: 'C++ library that the second pass of GCC is linked to',
  reference: 'LFS 12.3, 5.6 Libstdc++ from GCC',
  needs: { build: ['cross-gcc', 'cross-glibc'], run: ['cross-glibc'] },
  weight: 0.85,
  root: 'cross',
  phases: [
    {
      name: 'configure',
      run: `\
mkdir build && cd build
../libstdc++-v3/configure ${CROSS_COMPILED.join(' ')} --prefix=/usr --disable-multilib --disable-nls --disable-libstdcxx-pch \\
  --with-gxx-include-dir="/tools/$LFS_TGT/include/c++/$VERSION"`,
    },
    { name: 'build', run: 'make -C build' },
    {
      name: 'install',
      run: `\
make -C build DESTDIR="$LFS" install-strip
find "$LFS/usr/lib" -name '*.la' -delete
rm -rf "$LFS/usr/share/gcc-$VERSION"`,
    },
  ],
});
