import { autotools, defineRecipe } from '@xlfs/core';

export const groff = defineRecipe({
  name: 'groff',
  version: '1.23.0',
  summary: 'Sets text from its source: what shows manual pages',
  license: 'GPL-3.0-or-later',
  homepage: 'https://www.gnu.org/software/groff/',
  reference: 'LFS 12.3, 8.63 Groff-1.23.0',
  sources: [
    {
      name: 'groff',
      version: '1.23.0',
      url: 'https://ftp.gnu.org/gnu/groff/groff-{version}.tar.gz',
      debian: { package: 'groff' },
    },
  ],
  needs: { build: ['gcc-libs'], run: ['bash', 'gcc-libs', 'glibc', 'perl'] },
  weight: 1.2,
  env: { PAGE: 'A4' },
  phases: autotools(),
  tests: { run: 'make check' },
});
