import { autotools, defineRecipe } from '@xlfs/core';
import { facts } from '../package-facts.ts';
import { asNobody } from '../as-nobody.ts';
import { AUTOMAKE_RESULTS } from '../test-suite.ts';

const libraries = ['acl', 'attr', 'gmp', 'libcap', 'openssl'];

export const coreutils = defineRecipe({
  ...facts.coreutils,
  name: 'coreutils',
  summary: 'The basic tools of every script',
  reference: 'LFS 12.3, 8.58 Coreutils-9.6',
  needs: { build: libraries, run: ['glibc', ...libraries], test: ['perl'] },
  weight: 1.5,
  env: { FORCE_UNSAFE_CONFIGURE: '1' },
  phases: autotools({
    // util-linux and procps have these.
    configure: ['--enable-no-install-program=kill,uptime', '--with-openssl=yes'],
    finish: `\
mv /usr/bin/chroot /usr/sbin
mv /usr/share/man/man1/chroot.1 /usr/share/man/man8/chroot.8
sed -i 's/"1"/"8"/' /usr/share/man/man8/chroot.8`,
  }),
  tests: {
    // In a login root is a member of its own group, and here at first of none.
    run: `\
chroot --groups=root / sh -c 'cd "$1" && make NON_ROOT_USERNAME=nobody check-root' sh "$PWD"
${asNobody('make -k RUN_EXPENSIVE_TESTS=yes check')}`,
    results: AUTOMAKE_RESULTS,
    least: 950,
    known: { 'tests/tail/inotify-dir-recreate': 'overlayfs does not tell who watches a folder that it has been removed' },
  },
});
