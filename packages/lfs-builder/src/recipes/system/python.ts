import { defineRecipe } from '@xlfs/core';
import { facts } from '../package-facts.ts';

// Profiles of a run of the tests (--enable-optimizations) would make each build another one, and three times as long.
const configure = './configure --prefix=/usr --enable-shared --with-system-expat --without-static-libpython';

const pipConf = `\
[global]
root-user-action = ignore
disable-pip-version-check = true
`;

const libraries = [...['bzip2', 'expat', 'gdbm', 'libffi', 'ncurses', 'openssl', 'readline', 'util-linux', 'xz', 'zlib']];

export const python = defineRecipe({
  ...facts.python,
  name: 'python',
  summary: 'Language of many programs and build systems',
  reference: 'LFS 12.3, 8.51 Python-3.13.2',
  needs: { build: libraries, run: ['glibc', ...libraries], tools: ['pkgconf'], test: ['iana-etc'] },
  weight: 2,
  files: { 'pip.conf': pipConf },
  phases: [
    { name: 'configure', run: `${configure} --disable-test-modules` },
    { name: 'build', run: 'make' },
    {
      name: 'install',
      run: `\
make install
install -m 644 "$FILES/pip.conf" /etc/pip.conf`,
    },
  ],
  tests: {
    // What it compiles on the way it keeps here, as some tests want.
    run: `unset PYTHONDONTWRITEBYTECODE\n${configure} && make && make test TESTOPTS='--timeout 120 -i test.test_posix.*chown -x test_ssl'`,
    known: {
      test_ssl: 'left out: wants a name service',
      'test_posix chown, fchown, lchown': 'left out: want user IDs beyond the 65,536 that there are here',
    },
  },
});
