import type { RecipeInput } from '@xlfs/core';
import { asNobody } from './as-nobody.ts';
import { because, DEJAGNU_RESULTS } from './test-suite.ts';

/** Some of its tests, as an ordinary user, with all the stack that there is: all of them take hours. */
function suite(name: string, weight: number, targets: string, least?: number) {
  const run = `\
sed -i '/cpython/d' gcc/testsuite/gcc.dg/plugin/plugin.exp
sed -i 's/no-pic /&-no-pie /' gcc/testsuite/gcc.target/i386/pr113689-1.c
sed -i 's/300000/(1|300000)/' libgomp/testsuite/libgomp.c-c++-common/pr109062.c
sed -i -e 's/{ target nonpic } //' -e '/GOTPCREL/d' gcc/testsuite/gcc.target/i386/fentryname3.c
${asNobody(`ulimit -s -H unlimited && make -k ${targets}`, 'build')}`;
  return { name, weight, least, run };
}

/** Of the tests of a language these, by the names of DejaGnu's scripts. */
const only = (...scripts: readonly string[]): string => `RUNTESTFLAGS="${scripts.join(' ')}"`;

/** Of a script's tests those whose paths end like this, from a `/` on; an asterisk stands for `/` as well. */
const within = (script: string, ...paths: readonly string[]): string => `${script}='${paths.join(' ')}'`;

/** Tests of the compilers but these. */
const allBut = (...scripts: readonly string[]): string =>
  only(`$(find ../gcc/testsuite -name "*.exp" ${scripts.map((script) => `! -name ${script}`).join(' ')} -printf "%f ")`);

const C_TORTURE = ['compile.exp', 'execute.exp', 'builtins.exp', 'ieee.exp', 'unsorted.exp'];
const C_DG = ['dg.exp', 'dg-torture.exp'];
const C_X86 = ['i386.exp'];

const LIBRARY = 'check-target-libstdc++-v3';
const LIBRARY_TEST_FLAGS = '-g -O2';

/**
 * Tests of the library, with debugging information since some look for lines of their sources. Each includes every header, which takes 0.3 s in place of 1.3 to 2.4 s when they
 * are compiled before: with the flags of the tests, since those that came with the library have others.
 */
function librarySuite(name: string, weight: number, scripts: string, least?: number) {
  const tests = suite(name, weight, `${LIBRARY} CXXFLAGS_FOR_TARGET="${LIBRARY_TEST_FLAGS}" ${scripts}`, least);
  const precompile = `\
(
  cd build/*/libstdc++-v3
  flags() { sh scripts/testsuite_flags "--$1"; }
  for standard in 17 20 23 26; do
    $(flags build-cxx) $(flags build-includes) $(flags cxxflags) ${LIBRARY_TEST_FLAGS} -std=gnu++$standard \
      -x c++-header ../../../libstdc++-v3/include/precompiled/stdc++.h -o "$(echo include/*/bits/stdc++.h.gch)/tests-$standard"
  done
)`;
  return { ...tests, run: `${precompile}\n${tests.run}` };
}

const conformance = (...paths: readonly string[]): string =>
  within('conformance.exp', ...paths.map((path) => `testsuite/${path}`));

/** Tests of gcc in pieces of ten to thirty minutes on two cores by estimate, so that an interruption loses no more. Every test is in one of them. */
export const GCC_TESTS = {
  critical: true,
  // A file of tests has many results; one is known by the file.
  results: String.raw`${DEJAGNU_RESULTS} | sed -E 's,^(....: [^ ]*/[^ ]*) .*,\1,'`,
  known: because(
    'ThreadSanitizer leaves its own calls out of a summary where it knows their source files, and it is built without debugging information',
    'c-c++-common/tsan/thread_leak1.c',
  ),
  suites: [
    suite('c-torture', 10, `check-gcc-c ${only(...C_TORTURE)}`, 42_000),
    suite('c-dg', 8, `check-gcc-c ${only(...C_DG)}`, 60_000),
    suite('c-x86', 14, `check-gcc-c ${only(...C_X86)}`, 25_000),
    suite('c-others', 13, `check-gcc-c ${allBut(...C_TORTURE, ...C_DG, ...C_X86)}`, 69_000),
    suite('c++-dg-a-d', 3.8, `check-gcc-c++ ${only(within('dg.exp', 'g++.dg/[a-d]*'))}`, 48_000),
    suite('c++-dg-e-o', 7.6, `check-gcc-c++ ${only(within('dg.exp', 'g++.dg/[e-o]*'))}`, 30_000),
    suite('c++-dg-p-z', 4.1, `check-gcc-c++ ${only(within('dg.exp', 'g++.dg/[p-zA-Z0-9]*', 'c-c++-common/*'))}`, 71_000),
    suite('c++-others', 14, `check-gcc-c++ ${allBut('dg.exp')}`, 113_000),
    // By chapters of the standard, and then what stands in none.
    librarySuite('libstdc++-17-20', 7.6, only(conformance('1*', '20*')), 3600),
    librarySuite('libstdc++-21-22', 4.7, only(conformance('2[12]*')), 2000),
    librarySuite('libstdc++-23', 6, only(conformance('23*')), 2400),
    librarySuite('libstdc++-24-26', 6.6, only(conformance('2[4-6]*')), 2600),
    librarySuite('libstdc++-27-30', 12, only(conformance('2[7-9]*', '3*')), 3800),
    librarySuite('libstdc++-others', 10, only('abi.exp', 'prettyprinters.exp', 'xmethods.exp', conformance('[a-z]*'))),
    suite('others', 4.2, `-o check-gcc -o ${LIBRARY} check-host check-target`, 5500),
  ],
} satisfies RecipeInput['tests'];
