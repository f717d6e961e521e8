import { crossCompiled } from '../cross-build.ts';

export const temporaryBinutils = crossCompiled({
  package: 'binutils',
  summary: 'Assembler and linker that run in the target root',
  section: '6.17 Binutils - Pass 2',
  weight: 1.4,
  // Its old libtool would look for libraries in the host's folders.
  prepare: "sed -i '6031s/$add_dir//' ltmain.sh",
  outOfTree: true,
  configure: [
    '--disable-nls',
    '--enable-shared',
    '--enable-gprofng=no',
    '--disable-werror',
    '--enable-64-bit-bfd',
    '--enable-new-dtags',
    '--enable-default-hash-style=gnu',
    '--enable-deterministic-archives',
  ],
  make: ['MAKEINFO=true'],
  install: ['MAKEINFO=true', 'install-strip'],
  finish: 'for name in bfd ctf ctf-nobfd opcodes sframe; do rm "$LFS/usr/lib/lib$name.a"; done',
});
