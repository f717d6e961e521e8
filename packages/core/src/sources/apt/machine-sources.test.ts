import { expect, test } from 'vitest';
import { debianArchive, parseDeb822, parseOneLine } from './machine-sources.ts';

test('one-line entries: options, comments, deb and deb-src', () => {
  const text = `# deb http://commented.example/debian sid main
deb [arch=amd64 signed-by=/usr/share/keyrings/some.gpg] http://mirror.example/debian trixie main contrib # by hand
deb-src http://mirror.example/debian trixie main
garbage
`;
  expect(parseOneLine(text)).toEqual([
    { uri: 'http://mirror.example/debian', suites: ['trixie'], signedBy: '/usr/share/keyrings/some.gpg' },
    { uri: 'http://mirror.example/debian', suites: ['trixie'], signedBy: undefined },
  ]);
});

test('deb822 stanzas: several URIs, folded fields, a disabled stanza, a key written in place', () => {
  const text = `Types: deb
# a comment
URIs: http://one.example/debian
  http://two.example/debian
Suites: bookworm bookworm-updates
Components: main
Signed-By: /usr/share/keyrings/debian-archive-keyring.gpg

Enabled: no
URIs: http://off.example/debian
Suites: sid

uris: http://key.example/debian
suites: sid
Signed-By:
 -----BEGIN PGP PUBLIC KEY BLOCK-----
 .
 mQINBF
`;
  expect(parseDeb822(text)).toEqual([
    {
      uri: 'http://one.example/debian',
      suites: ['bookworm', 'bookworm-updates'],
      signedBy: '/usr/share/keyrings/debian-archive-keyring.gpg',
    },
    {
      uri: 'http://two.example/debian',
      suites: ['bookworm', 'bookworm-updates'],
      signedBy: '/usr/share/keyrings/debian-archive-keyring.gpg',
    },
    { uri: 'http://key.example/debian', suites: ['sid'], signedBy: undefined },
  ]);
});

test("Debian's archive is told by its suites; Ubuntu's and other people's are not taken for it", () => {
  const other = { uri: 'https://packages.example/repo', suites: ['noble', 'stable-tools'], signedBy: undefined };
  const debian = { uri: 'http://mirror.example/debian', suites: ['bookworm'], signedBy: undefined };
  expect(debianArchive([other, debian])).toBe(debian);
  expect(debianArchive([other])).toBeUndefined();
});
