import { autotools, defineRecipe } from '@xlfs/core';

export const bc = defineRecipe({
  name: 'bc',
  version: '1.07.1',
  summary: 'Calculator of any precision; the kernel is configured with it',
  license: 'GPL-3.0-or-later AND LGPL-2.1-or-later',
  homepage: 'https://www.gnu.org/software/bc/',
  reference: 'LFS 12.3, 8.14 Bc-7.0.3',
  sources: [
    {
      name: 'bc',
      version: '1.07.1',
      url: 'https://ftp.gnu.org/gnu/bc/bc-{version}.tar.gz',
      debian: { package: 'bc' },
    },
  ],
  needs: { build: ['ncurses', 'readline'], tools: ['flex'], run: ['glibc', 'readline'] },
  weight: 0.1,
  files: {
    // Theirs turns the compiled library into C by ed, which is not there.
    'fix-libmath_h': `\
#!/bin/sh
sed -e '1s/^/{"/' -e 's/$/",/' -e '2,$s/^/"/' -e '$d' -i libmath.h
sed -e '$s/$/0}/' -i libmath.h
`,
  },
  phases: autotools({
    prepare: 'install -m 755 "$FILES/fix-libmath_h" bc/fix-libmath_h',
    configure: ['--with-readline', '--mandir=/usr/share/man', '--infodir=/usr/share/info'],
    // Not flex's library: all that it takes from there it has itself.
    make: ['LIBL='],
  }),
  tests: { run: `printf 'quit\\n' | bc/bc -l Test/checklib.b` },
});
