import { defineRecipe, make } from '@xlfs/core';

/** util-linux, procps and e2fsprogs have the others in newer forms. */
const parts = [
  "SBIN='init halt shutdown runlevel killall5 fstab-decode bootlogd'",
  'USRBIN=readbootlog',
  'MAN1=readbootlog.1',
  "MAN8='halt.8 init.8 killall5.8 poweroff.8 reboot.8 runlevel.8 shutdown.8 telinit.8 fstab-decode.8 bootlogd.8'",
];

export const sysvinit = defineRecipe({
  name: 'sysvinit',
  version: '3.18',
  summary: 'The first process, and what changes its runlevel',
  license: 'GPL-2.0-or-later',
  homepage: 'https://savannah.nongnu.org/projects/sysvinit',
  reference: 'LFS 12.3, 8.82 SysVinit-3.14',
  sources: [
    {
      name: 'sysvinit',
      version: '3.18',
      url: 'https://github.com/slicer69/sysvinit/archive/{version}/sysvinit-{version}.tar.gz',
      debian: { package: 'sysvinit' },
    },
  ],
  needs: { run: ['bash', 'glibc'] },
  weight: 0.05,
  phases: make({
    // Links to programs that are not made here, and folders for translated pages that the tarball has no pages for.
    prepare: `\
sed -i -e '/pidof$/d' -e '/if .*lastb/,/fi$/d' src/Makefile
rm -r man/po`,
    make: parts,
    install: [...parts, 'install'],
  }),
});
