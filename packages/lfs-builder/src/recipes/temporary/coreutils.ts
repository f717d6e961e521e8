import { crossCompiled } from '../cross-build.ts';

export const temporaryCoreutils = crossCompiled({
  package: 'coreutils',
  summary: 'The basic tools of every script',
  section: '6.5 Coreutils',
  weight: 0.72,
  configure: ['--disable-nls', '--enable-install-program=hostname', '--enable-no-install-program=kill,uptime'],
  finish: 'mv "$LFS/usr/bin/chroot" "$LFS/usr/sbin/"',
});
