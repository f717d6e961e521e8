import { autotools, defineRecipe } from '@xlfs/core';
import { facts } from '../package-facts.ts';

export const xz = defineRecipe({
  ...facts.xz,
  name: 'xz',
  summary: 'Compression by LZMA',
  reference: 'LFS 12.3, 8.8 Xz-5.6.4',
  needs: { run: ['glibc'] },
  weight: 0.2,
  phases: autotools({
    configure: ['--disable-static', '--docdir=/usr/share/doc/xz-"$VERSION"'],
    finish: 'rm -f /usr/lib/liblzma.la',
  }),
  tests: { run: 'make check' },
});
