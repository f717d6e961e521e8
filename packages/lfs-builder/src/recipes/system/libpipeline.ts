import { autotools, defineRecipe } from '@xlfs/core';
import { AUTOMAKE_RESULTS } from '../test-suite.ts';

export const libpipeline = defineRecipe({
  name: 'libpipeline',
  version: '1.5.8',
  summary: 'Pipelines of processes, for C programs',
  license: 'GPL-3.0-or-later',
  homepage: 'https://libpipeline.nongnu.org/',
  reference: 'LFS 12.3, 8.68 Libpipeline-1.5.8',
  sources: [
    {
      name: 'libpipeline',
      version: '1.5.8',
      url: 'https://download.savannah.gnu.org/releases/libpipeline/libpipeline-{version}.tar.gz',
      debian: { package: 'libpipeline' },
    },
  ],
  needs: { run: ['glibc'], test: ['check', 'pkgconf'] },
  weight: 0.2,
  phases: autotools({ configure: ['--disable-static'], finish: 'rm -f /usr/lib/libpipeline.la' }),
  tests: {
    // Without check, as it was configured, it has no tests.
    run: './config.status --recheck && ./config.status && make && make check',
    results: AUTOMAKE_RESULTS,
    least: 6,
  },
});
