import { autotools, defineRecipe } from '@xlfs/core';

export const flex = defineRecipe({
  name: 'flex',
  version: '2.6.4',
  summary: 'Generator of scanners',
  license: 'BSD-3-Clause-flex',
  homepage: 'https://github.com/westes/flex',
  reference: 'LFS 12.3, 8.15 Flex-2.6.4',
  sources: [
    {
      name: 'flex',
      version: '2.6.4',
      url: 'https://github.com/westes/flex/releases/download/v{version}/flex-{version}.tar.gz',
      debian: { package: 'flex' },
    },
  ],
  needs: { run: ['glibc', 'm4'] },
  weight: 0.15,
  phases: autotools({
    configure: ['--disable-static', '--docdir=/usr/share/doc/flex-"$VERSION"'],
    // What knows its predecessor only asks for lex.
    finish: `\
ln -s flex /usr/bin/lex
ln -s flex.1 /usr/share/man/man1/lex.1
rm -f /usr/lib/libfl.la`,
  }),
  tests: { run: 'make check' },
});
