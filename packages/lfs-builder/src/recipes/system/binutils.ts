import { autotools, defineRecipe } from '@xlfs/core';
import { CROSS_TARGET } from '../cross-build.ts';
import { facts } from '../package-facts.ts';
import { knownFailures } from '../test-suite.ts';

export const binutils = defineRecipe({
  ...facts.binutils,
  name: 'binutils',
  summary: 'Linker, assembler and tools for object files',
  reference: 'LFS 12.3, 8.20 Binutils-2.44',
  needs: {
    build: ['gcc-libs', 'zlib', 'zstd'],
    tools: ['pkgconf'],
    run: ['gcc-libs', 'glibc', 'zlib', 'zstd'],
    test: ['bc', 'dejagnu'],
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
  tests: knownFailures({
    critical: true,
    run: 'cd build && make -k check',
    failed: "find build -name '*.sum' -exec sed -n 's/^FAIL: //p' {} +",
    known: {},
  }),
});
