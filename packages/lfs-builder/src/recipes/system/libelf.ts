import { defineRecipe } from '@xlfs/core';

export const libelf = defineRecipe({
  name: 'libelf',
  version: '0.192',
  summary: 'Reads and writes ELF files: the one library of elfutils that the system needs',
  license: 'GPL-2.0-or-later OR LGPL-3.0-or-later',
  homepage: 'https://sourceware.org/elfutils/',
  reference: 'LFS 12.3, 8.49 Libelf from Elfutils-0.192',
  sources: [
    {
      name: 'elfutils',
      version: '0.192',
      url: 'https://sourceware.org/ftp/elfutils/{version}/elfutils-{version}.tar.bz2',
      debian: { package: 'elfutils' },
    },
  ],
  needs: { build: ['zlib', 'zstd'], run: ['glibc', 'zlib', 'zstd'], test: ['bzip2', 'xz'] },
  weight: 0.15,
  phases: [
    {
      name: 'configure',
      run: './configure --prefix=/usr --disable-debuginfod --enable-libdebuginfod=dummy --without-bzlib --without-lzma',
    },
    { name: 'build', run: 'make -C lib && make -C libelf' },
    {
      name: 'install',
      run: `\
make -C libelf install
install -D -m 644 config/libelf.pc /usr/lib/pkgconfig/libelf.pc
rm /usr/lib/libelf.a`,
    },
  ],
  tests: {
    // They look at the programs that are here, and at their debugging information.
    run: `\
set -- CFLAGS='-O2 -g' CXXFLAGS='-O2 -g'
make clean
make "$@"
make "$@" check`,
  },
});
