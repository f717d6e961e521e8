import { autotools, defineRecipe } from '@xlfs/core';
import { AUTOMAKE_RESULTS } from '../test-suite.ts';

export const acl = defineRecipe({
  name: 'acl',
  version: '2.3.2',
  summary: 'Access control lists of files',
  license: 'LGPL-2.1-or-later AND GPL-2.0-or-later',
  homepage: 'https://savannah.nongnu.org/projects/acl/',
  reference: 'LFS 12.3, 8.25 Acl-2.3.2',
  sources: [
    {
      name: 'acl',
      version: '2.3.2',
      url: 'https://download.savannah.gnu.org/releases/acl/acl-{version}.tar.xz',
      debian: { package: 'acl' },
    },
  ],
  needs: { build: ['attr'], run: ['attr', 'glibc'] },
  weight: 0.08,
  phases: autotools({
    configure: ['--disable-static', '--docdir=/usr/share/doc/acl-"$VERSION"'],
    finish: 'rm -f /usr/lib/libacl.la',
  }),
  tests: {
    run: 'make check',
    results: AUTOMAKE_RESULTS,
    least: 8,
    known: { 'test/cp': 'cp of the temporary system was built without it' },
  },
});
