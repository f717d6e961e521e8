import { autotools, defineRecipe } from '@xlfs/core';
import { CROSS_TARGET } from '../cross-build.ts';
import { facts } from '../package-facts.ts';
import { because, DEJAGNU_RESULTS } from '../test-suite.ts';

export const binutils = defineRecipe({
  ...facts.binutils,
  name: 'binutils',
  summary: 'Linker, assembler and tools for object files',
  reference: 'LFS 12.3, 8.20 Binutils-2.44',
  needs: {
    build: ['gcc-libs', 'zlib', 'zstd'],
    tools: ['pkgconf'],
    run: ['gcc-libs', 'glibc', 'zlib', 'zstd'],
    test: ['bc', 'bzip2', 'dejagnu'],
  },
  weight: 1.6,
  phases: autotools({
    outOfTree: true,
    configure: [
      '--sysconfdir=/etc',
      '--enable-ld=default',
      '--enable-plugins',
      '--enable-shared',
      '--disable-werror',
      '--enable-64-bit-bfd',
      '--enable-new-dtags',
      '--with-system-zlib',
      '--enable-default-hash-style=gnu',
      // Archives without times and owners: the same objects make the same archive.
      '--enable-deterministic-archives',
    ],
    make: ['tooldir=/usr'],
    install: ['tooldir=/usr', 'install'],
    finish: `\
for library in bfd ctf ctf-nobfd gprofng opcodes sframe; do
  rm -f "/usr/lib/lib$library.a" "/usr/lib/lib$library.la"
done
rm -rf /usr/share/doc/gprofng`,
  }),
  leaves: [CROSS_TARGET],
  tests: {
    critical: true,
    weight: 3,
    // Without DejaGnu, as they were configured, these two have no tests.
    run: `\
for library in libctf libsframe; do
  rm -f build/$library/config.cache
  (cd build/$library && ./config.status --recheck && ./config.status)
done
cd build && make -k check`,
    results: DEJAGNU_RESULTS,
    least: 5200,
    known: {
      ...because(
        'the temporary compiler makes no objects for link-time optimisation',
        ...['LTO 2', 'LTO 6', 'PR ld/12758', 'PR ld/12760', 'PR ld/15146 (1)', 'PR ld/15146 (2)', 'PR ld/16746 (3)'],
        ...['PR ld/16746 (4)', 'PR ld/24486', 'PR ld/32083', 'PR ld/pr16846(1)', 'PR ld/pr16846(2)', 'PR ld/r25593'],
        ...['PR ld/r25593 (LTO)', 'Build pr25618.so', 'liblto-19.so', 'pr27311-1', 'pr27311-2', 'pr27441c.so'],
      ),
      'replacing non-deterministic member (wrong size, expected: 928)': 'ar leaves times out here, unless it is told otherwise',
    },
  },
});
