import { expect, test } from 'vitest';
import { parseShowsrc, upstreamVersion } from './source-index.ts';

const a = 'a'.repeat(64);
const b = 'b'.repeat(64);

test('the upstream tarball of each version; no signature, no packaging, no component tarball, no folder that climbs', () => {
  const text = `Package: thing
Version: 1:1.2-3
Files:
 d41d8cd98f00b204e9800998ecf8427e 10 thing_1.2.orig.tar.xz
Checksums-Sha256:
 ${b} 7 thing_1.2.orig.tar.xz.asc
 ${b} 8 thing_1.2.orig-extra.tar.gz
 ${a} 10 thing_1.2.orig.tar.xz
 ${b} 9 thing_1.2-3.debian.tar.xz
Directory: pool/main/t/thing
Section: misc

Package: native
Version: 3.14
Directory: pool/main/n/native
Checksums-Sha256:
 ${b} 7 native_3.14.dsc
 ${a} 11 native_3.14.tar.xz

Package: hostile
Version: 1
Directory: pool/../../etc
Checksums-Sha256:
 ${a} 11 hostile_1.tar.xz

Package: broken
Version: 1
`;
  expect(parseShowsrc(text)).toEqual([
    { package: 'thing', version: '1:1.2-3', directory: 'pool/main/t/thing', file: 'thing_1.2.orig.tar.xz', sha256: a, size: 10 },
    { package: 'native', version: '3.14', directory: 'pool/main/n/native', file: 'native_3.14.tar.xz', sha256: a, size: 11 },
  ]);
});

test.each([
  ['1:1.3.dfsg+really1.3.1-1', '1.3.dfsg+really1.3.1'],
  ['5.2.37-2', '5.2.37'],
  ['2.41.5-0+deb13u1', '2.41.5'],
  ['4.20.3+127-gc42374a105-0+deb13u1', '4.20.3+127-gc42374a105'],
  ['3.14', '3.14'],
])('upstream part of %s', (version, upstream) => {
  expect(upstreamVersion(version)).toBe(upstream);
});
