import { autotools, defineRecipe } from '@xlfs/core';
import { asNobody } from '../as-nobody.ts';

const vimrc = `\
" The defaults first, so that what follows is not set back.
source $VIMRUNTIME/defaults.vim
let skip_defaults_vim=1

set nocompatible
set backspace=2
set mouse=
syntax on
if (&term == "xterm") || (&term == "putty")
  set background=dark
endif
`;

/** Where its input ends, many a test ends as well. */
const TEST_IN_A_TERMINAL =
  'USER=nobody TERM=xterm-256color LANG=en_US.UTF-8 MAKEFLAGS= script --quiet --return --command "stty rows 24 cols 80; make test" /dev/null';

export const vim = defineRecipe({
  name: 'vim',
  version: '9.1.1230',
  summary: 'Editor',
  license: 'Vim',
  homepage: 'https://www.vim.org/',
  reference: 'LFS 12.3, 8.73 Vim-9.1.1166',
  sources: [
    {
      name: 'vim',
      version: '9.1.1230',
      url: 'https://github.com/vim/vim/archive/v{version}/vim-{version}.tar.gz',
      debian: { package: 'vim' },
    },
  ],
  needs: { build: ['acl', 'ncurses'], run: ['acl', 'bash', 'glibc', 'ncurses'], test: ['libtool'] },
  weight: 1.8,
  files: { vimrc },
  phases: autotools({
    prepare: `echo '#define SYS_VIMRC_FILE "/etc/vimrc"' >> src/feature.h`,
    finish: `\
ln -s vim /usr/bin/vi
for page in /usr/share/man/man1/vim.1 /usr/share/man/*/man1/vim.1; do ln -s vim.1 "\${page%/*}/vi.1"; done
ln -s ../vim/vim91/doc /usr/share/doc/vim-"$VERSION"
install -m 644 "$FILES/vimrc" /etc/vimrc`,
  }),
  tests: {
    run: `sed -i '/test_plugin_glvs/d' src/testdir/Make_all.mak\n${asNobody(TEST_IN_A_TERMINAL)}`,
    known: { test_plugin_glvs: 'left out: downloads from the network' },
  },
});
