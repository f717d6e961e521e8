import { autotools, defineRecipe } from '@xlfs/core';
import { facts } from '../package-facts.ts';

export const file = defineRecipe({
  ...facts.file,
  name: 'file',
  summary: 'Tells what kind of file a file is',
  reference: 'LFS 12.3, 8.11 File-5.46',
  needs: { build: ['bzip2', 'xz', 'zlib', 'zstd'], run: ['bzip2', 'glibc', 'xz', 'zlib', 'zstd'] },
  weight: 0.15,
  phases: autotools({ configure: ['--disable-static'], finish: 'rm -f /usr/lib/libmagic.la' }),
  tests: { run: 'make check' },
});
