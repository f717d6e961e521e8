import { autotools, defineRecipe } from '@xlfs/core';
import { asNobody } from '../as-nobody.ts';
import { facts } from '../package-facts.ts';

const libraries = ['file', 'ncurses', 'readline', 'zlib'];

export const utilLinux = defineRecipe({
  ...facts.utilLinux,
  name: 'util-linux',
  summary: 'Mounts, disks, terminals, namespaces, logging in',
  reference: 'LFS 12.3, 8.79 Util-linux-2.40.4',
  needs: { build: libraries, run: ['bash', 'glibc', ...libraries], tools: ['pkgconf'] },
  weight: 1.5,
  phases: autotools({
    // shadow and coreutils have some of it. udev is built with its libraries, so that it cannot be built with udev's.
    configure: [
      ...['--bindir=/usr/bin', '--libdir=/usr/lib', '--runstatedir=/run', '--sbindir=/usr/sbin'],
      ...['chfn-chsh', 'login', 'nologin', 'su', 'setpriv', 'runuser', 'pylibmount', 'liblastlog2', 'static'].map(
        (part) => `--disable-${part}`,
      ),
      ...['--without-python', '--without-systemd', '--without-systemdsystemunitdir', '--without-udev'],
      ...['ADJTIME_PATH=/var/lib/hwclock/adjtime', '--docdir=/usr/share/doc/util-linux-"$VERSION"'],
    ],
    finish: 'for name in blkid fdisk mount smartcols uuid; do rm -f "/usr/lib/lib$name.la"; done',
  }),
  // lsblk looks whether there is such a folder before it takes the one that the test gives it.
  tests: { run: `touch /etc/fstab\nmkdir -p /sys/dev/block\n${asNobody('make -k check')}` },
});
