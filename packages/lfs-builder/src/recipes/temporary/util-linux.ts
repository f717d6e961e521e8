import { autotools, defineRecipe } from '@xlfs/core';
import { DROP_DOCUMENTATION } from '../cross-build.ts';
import { facts } from '../package-facts.ts';

export const temporaryUtilLinux = defineRecipe({
  ...facts.utilLinux,
  name: 'temporary-util-linux',
  summary: 'Small tools of the system that scripts expect',
  reference: 'LFS 12.3, 7.12 Util-linux',
  needs: { build: ['temporary-tools'], run: ['cross-glibc', 'temporary-ncurses'] },
  weight: 0.7,
  phases: autotools({
    prepare: 'mkdir -p /var/lib/hwclock',
    configure: [
      '--libdir=/usr/lib',
      '--runstatedir=/run',
      '--disable-nls',
      '--disable-chfn-chsh',
      '--disable-login',
      '--disable-nologin',
      '--disable-su',
      '--disable-setpriv',
      '--disable-runuser',
      '--disable-pylibmount',
      '--disable-static',
      '--disable-liblastlog2',
      '--disable-asciidoc',
      '--disable-bash-completion',
      '--disable-makeinstall-chown',
      '--disable-makeinstall-setuid',
      '--without-python',
      'ADJTIME_PATH=/var/lib/hwclock/adjtime',
    ],
    install: ['install-strip'],
    finish: DROP_DOCUMENTATION,
  }),
});
