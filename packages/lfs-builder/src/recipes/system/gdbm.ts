import { autotools, defineRecipe } from '@xlfs/core';

export const gdbm = defineRecipe({
  name: 'gdbm',
  version: '1.24',
  summary: 'Database of keys and values in a file',
  license: 'GPL-3.0-or-later',
  homepage: 'https://www.gnu.org/software/gdbm/',
  reference: 'LFS 12.3, 8.38 GDBM-1.24',
  sources: [
    {
      name: 'gdbm',
      version: '1.24',
      url: 'https://ftp.gnu.org/gnu/gdbm/gdbm-{version}.tar.gz',
      debian: { package: 'gdbm' },
    },
  ],
  needs: { build: ['readline'], run: ['glibc', 'readline'] },
  weight: 0.1,
  phases: autotools({
    configure: ['--disable-static', '--enable-libgdbm-compat'],
    finish: 'rm -f /usr/lib/libgdbm.la /usr/lib/libgdbm_compat.la',
  }),
  tests: { run: 'make check' },
});
