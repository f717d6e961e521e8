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
  needs: { build: libraries, run: ['glibc', ...libraries], tools: ['pkgconf'] },
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
    run: `${configure} && make && make test TESTOPTS='--timeout 120 -x test_ssl'`,
    known: { test_ssl: 'left out: wants a name service' },
  },
});
