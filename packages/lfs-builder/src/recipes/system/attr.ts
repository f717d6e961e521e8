import { autotools, defineRecipe } from '@xlfs/core';
import { AUTOMAKE_RESULTS } from '../test-suite.ts';

export const attr = defineRecipe({
  name: 'attr',
  version: '2.5.2',
  summary: 'Extended attributes of files',
  license: 'LGPL-2.1-or-later AND GPL-2.0-or-later',
  homepage: 'https://savannah.nongnu.org/projects/attr/',
  reference: 'LFS 12.3, 8.24 Attr-2.5.2',
  sources: [
    {
      name: 'attr',
      version: '2.5.2',
      url: 'https://download.savannah.gnu.org/releases/attr/attr-{version}.tar.xz',
      debian: { package: 'attr' },
    },
  ],
  needs: { run: ['glibc'] },
  weight: 0.06,
  phases: autotools({
    configure: ['--disable-static', '--sysconfdir=/etc', '--docdir=/usr/share/doc/attr-"$VERSION"'],
    finish: 'rm -f /usr/lib/libattr.la',
  }),
  tests: {
    run: 'make check',
    results: AUTOMAKE_RESULTS,
    known: { 'test/root/getfattr': 'sets trusted attributes, which only the root of the whole machine may' },
  },
});
