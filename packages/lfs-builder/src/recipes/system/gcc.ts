import { autotools, defineRecipe } from '@xlfs/core';
import { asNobody } from '../as-nobody.ts';
import { CROSS_TARGET, GCC_ENV } from '../cross-build.ts';
import { facts, WITHOUT_MANUAL } from '../package-facts.ts';
import { DEJAGNU_RESULTS } from '../test-suite.ts';

/** Some of its tests, as an ordinary user, with all the stack that there is: all of them take hours. */
function suite(
  name: string,
  weight: number,
  targets: string,
  least?: number,
): { name: string; weight: number; least?: number | undefined; run: string } {
  const run = `\
sed -i '/cpython/d' gcc/testsuite/gcc.dg/plugin/plugin.exp
sed -i 's/no-pic /&-no-pie /' gcc/testsuite/gcc.target/i386/pr113689-1.c
sed -i 's/300000/(1|300000)/' libgomp/testsuite/libgomp.c-c++-common/pr109062.c
sed -i -e 's/{ target nonpic } //' -e '/GOTPCREL/d' gcc/testsuite/gcc.target/i386/fentryname3.c
${asNobody(`ulimit -s -H unlimited && make -k ${targets}`, 'build')}`;
  return { name, weight, least, run };
}

/** Parts of the tests of a language, by the name of DejaGnu's script: these, or all but these. */
const only = (...scripts: readonly string[]): string => `RUNTESTFLAGS="${scripts.join(' ')}"`;
const allBut = (...scripts: readonly string[]): string =>
  `RUNTESTFLAGS="$(find ../gcc/testsuite -name "*.exp" ${scripts.map((script) => `! -name ${script}`).join(' ')} -printf "%f ")"`;

const C_TORTURE = ['compile.exp', 'execute.exp', 'builtins.exp', 'ieee.exp', 'unsorted.exp'];
const C_DG = ['dg.exp', 'dg-torture.exp'];
const C_X86 = ['i386.exp'];

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
  tests: {
    critical: true,
    // A file of tests has many results; one is known by the file.
    results: String.raw`${DEJAGNU_RESULTS} | sed -E 's,^(....: [^ ]*/[^ ]*) .*,\1,'`,
    suites: [
      suite('c-torture', 12, `check-gcc-c ${only(...C_TORTURE)}`),
      suite('c-dg', 15, `check-gcc-c ${only(...C_DG)}`),
      suite('c-x86', 10, `check-gcc-c ${only(...C_X86)}`),
      suite('c-others', 13, `check-gcc-c ${allBut(...C_TORTURE, ...C_DG, ...C_X86)}`),
      suite('c++-dg', 45, `check-gcc-c++ ${only('dg.exp')}`),
      suite('c++-others', 15, `check-gcc-c++ ${allBut('dg.exp')}`),
      suite('libstdc++', 40, 'check-target-libstdc++-v3'),
      suite('others', 4.2, '-o check-gcc -o check-target-libstdc++-v3 check-host check-target', 5500),
    ],
  },
});
