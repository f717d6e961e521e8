import { autotools, defineRecipe } from '@xlfs/core';
import { CROSS_TARGET, GCC_ENV } from '../cross-build.ts';
import { GCC_TESTS } from '../gcc-suites.ts';
import { facts, WITHOUT_MANUAL } from '../package-facts.ts';

export const gcc = defineRecipe({
  ...facts.gcc,
  name: 'gcc',
  summary: 'Compiler of C and C++',
  reference: 'LFS 12.3, 8.29 GCC-14.2.0',
  needs: {
    build: ['binutils', 'gmp', 'mpc', 'mpfr', 'zlib', 'zstd'],
    run: ['binutils', 'gcc-libs', 'glibc', 'gmp', 'mpc', 'mpfr', 'zlib', 'zstd'],
    test: ['dejagnu'],
  },
  weight: 15,
  env: GCC_ENV,
  phases: autotools({
    prepare: `${WITHOUT_MANUAL.gcc}\nsed -i '/m64=/s/lib64/lib/' gcc/config/i386/t-linux64`,
    outOfTree: true,
    configure: [
      'LD=ld',
      '--enable-languages=c,c++',
      '--enable-default-pie',
      '--enable-default-ssp',
      '--enable-host-pie',
      '--disable-multilib',
      '--disable-bootstrap',
      '--disable-fixincludes',
      '--with-system-zlib',
    ],
    finish: `\
triplet=$(gcc -dumpmachine)
ln -sfr /usr/bin/cpp /usr/lib/
ln -sf gcc /usr/bin/cc
if [ -e /usr/share/man/man1/gcc.1 ]; then ln -s gcc.1 /usr/share/man/man1/cc.1; fi
mkdir -p /usr/lib/bfd-plugins /usr/share/gdb/auto-load/usr/lib
ln -sf "../../libexec/gcc/$triplet/$VERSION/liblto_plugin.so" /usr/lib/bfd-plugins/
mv /usr/lib/*gdb.py /usr/share/gdb/auto-load/usr/lib/
find /usr/lib -maxdepth 1 -name '*.la' -delete
# It finds the start files, the headers, the library and the loader that were built here.
echo 'int main(void) { return 0; }' | cc -xc - -v -Wl,--verbose -o /tmp/program > /tmp/said 2>&1
readelf -l /tmp/program | grep -F '[Requesting program interpreter: /lib64/ld-linux-x86-64.so.2]'
test "$(grep -E -c '/usr/lib.*/S?crt[1in].*succeeded' /tmp/said)" -eq 3
grep -F "/usr/lib/gcc/$triplet/$VERSION/include" /tmp/said
grep -F 'attempt to open /usr/lib/libc.so.6 succeeded' /tmp/said
grep -F 'found ld-linux-x86-64.so.2 at /usr/lib/ld-linux-x86-64.so.2' /tmp/said`,
  }),
  leaves: [CROSS_TARGET],
  tests: GCC_TESTS,
});
