import { crossCompiled } from '../cross-build.ts';

export const temporaryBash = crossCompiled({
  package: 'bash',
  summary: 'Shell of every script from the chroot on',
  section: '6.4 Bash',
  weight: 0.37,
  libraries: ['temporary-ncurses'],
  configure: ['--without-bash-malloc', '--disable-nls'],
  finish: 'ln -s bash "$LFS/usr/bin/sh"\nrm -rf "$LFS/usr/lib/bash" "$LFS/usr/include/bash"',
});
