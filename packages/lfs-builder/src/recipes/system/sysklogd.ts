import { defineRecipe } from '@xlfs/core';

const syslogConf = `\
# facility.priority	where to; a minus: without a sync after each line
auth,authpriv.*			-/var/log/auth.log
*.*;auth,authpriv.none		-/var/log/sys.log
daemon.*			-/var/log/daemon.log
kern.*				-/var/log/kern.log
mail.*				-/var/log/mail.log
user.*				-/var/log/user.log
*.emerg				*
`;

/** The daemon of inetutils: it reads the kernel's messages itself, and opens no port of the network unless it is told to. */
export const sysklogd = defineRecipe({
  name: 'sysklogd',
  version: '2.6',
  summary: 'Writes what programs and the kernel report into files',
  license: 'GPL-3.0-or-later',
  homepage: 'https://www.gnu.org/software/inetutils/',
  reference: 'LFS 12.3, 8.81 Sysklogd-2.7.0; 12.5 syslogd of the manual of inetutils',
  sources: [
    {
      name: 'inetutils',
      version: '2.6',
      url: 'https://ftp.gnu.org/gnu/inetutils/inetutils-{version}.tar.xz',
      debian: { package: 'inetutils' },
    },
  ],
  needs: { run: ['glibc'] },
  weight: 0.3,
  files: { 'syslog.conf': syslogConf },
  phases: [
    {
      name: 'configure',
      run: './configure --prefix=/usr --sysconfdir=/etc --localstatedir=/var --disable-servers --disable-clients --enable-syslogd',
    },
    { name: 'build', run: 'make -C lib && make -C libinetutils && make -C src syslogd' },
    {
      name: 'install',
      run: `\
install -m 755 src/syslogd /usr/sbin/
install -m 644 man/syslogd.8 /usr/share/man/man8/
install -m 644 "$FILES/syslog.conf" /etc/`,
    },
  ],
});
