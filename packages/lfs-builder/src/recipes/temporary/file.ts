import { crossCompiled } from '../cross-build.ts';

export const temporaryFile = crossCompiled({
  package: 'file',
  summary: 'File types, for libtool',
  section: '6.7 File',
  weight: 0.16,
  // The database is compiled by a program of the same version that runs here.
  prepare: `\
mkdir build
(cd build && ../configure --disable-bzlib --disable-libseccomp --disable-xzlib --disable-zlib --disable-shared && make)`,
  configure: ['--disable-libseccomp'],
  make: ['FILE_COMPILE="$PWD/build/src/file"'],
});
