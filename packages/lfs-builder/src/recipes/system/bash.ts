import { autotools, defineRecipe } from '@xlfs/core';
import { facts } from '../package-facts.ts';

export const bash = defineRecipe({
  ...facts.bash,
  name: 'bash',
  summary: 'The shell',
  reference: 'LFS 12.3, 8.36 Bash-5.2.37',
  needs: { build: ['ncurses', 'readline'], run: ['glibc', 'ncurses', 'readline'], test: ['expect'] },
  weight: 1.4,
  phases: autotools({
    configure: ['--without-bash-malloc', '--with-installed-readline', '--docdir=/usr/share/doc/bash-"$VERSION"'],
    finish: 'ln -sf bash /usr/bin/sh',
  }),
  tests: { run: `expect -c 'set timeout -1; spawn make tests; expect eof; lassign [wait] _ _ _ value; exit $value'` },
});
