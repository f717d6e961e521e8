import { defineRecipe } from '@xlfs/core';

/** Accounts of the book; `nogroup` and `nobody` for services, `messagebus` and `uuidd` as their packages expect. */
const passwd = `\
root:x:0:0:root:/root:/bin/sh
bin:x:1:1:bin:/dev/null:/usr/bin/false
daemon:x:6:6:Daemon User:/dev/null:/usr/bin/false
messagebus:x:18:18:D-Bus Message Daemon User:/run/dbus:/usr/bin/false
uuidd:x:80:80:UUID Generation Daemon User:/dev/null:/usr/bin/false
nobody:x:65534:65534:Unprivileged User:/dev/null:/usr/bin/false
`;

const group = [
  'root:x:0:',
  'bin:x:1:daemon',
  'sys:x:2:',
  'kmem:x:3:',
  'tape:x:4:',
  'tty:x:5:',
  'daemon:x:6:',
  'floppy:x:7:',
  'disk:x:8:',
  'lp:x:9:',
  'dialout:x:10:',
  'audio:x:11:',
  'video:x:12:',
  'utmp:x:13:',
  'cdrom:x:15:',
  'adm:x:16:',
  'messagebus:x:18:',
  'input:x:24:',
  'mail:x:34:',
  'kvm:x:61:',
  'uuidd:x:80:',
  'wheel:x:97:',
  'users:x:999:',
  'nogroup:x:65534:',
]
  .map((line) => `${line}\n`)
  .join('');

const hosts = `\
127.0.0.1 localhost
::1       localhost ip6-localhost
`;

const shells = `\
/bin/sh
/bin/bash
/bin/ash
`;

const profile = `\
# Begin /etc/profile
export PATH=/usr/bin:/usr/sbin
umask 022
for file in /etc/profile.d/*.sh; do
  [ -r "$file" ] && . "$file"
done
unset file
# End /etc/profile
`;

export const filesystem = defineRecipe({
  name: 'filesystem',
  version: '12.3',
  summary: 'Directories, the merged /usr and the accounts that every other package takes for granted',
  license: 'MIT',
  homepage: 'https://www.linuxfromscratch.org/lfs/',
  reference: 'LFS 12.3, 4.2 Limited Directory Layout, 7.5 Creating Directories, 7.6 Essential Files and Symlinks',
  weight: 0.001,
  // There is no shell in the root yet.
  root: 'host',
  files: { passwd, group, hosts, shells, profile },
  phases: [
    {
      name: 'directories',
      run: `\
root=\${DESTDIR:-}
cd "\${root:-/}"
mkdir -p etc/opt etc/profile.d etc/sysconfig boot dev home media/cdrom media/floppy mnt opt proc run srv sys
mkdir -p usr/bin usr/sbin usr/include usr/src usr/lib/firmware usr/lib/locale
for base in usr usr/local; do
  mkdir -p $base/share/color $base/share/dict $base/share/doc $base/share/info $base/share/locale
  mkdir -p $base/share/man/man1 $base/share/man/man2 $base/share/man/man3 $base/share/man/man4
  mkdir -p $base/share/man/man5 $base/share/man/man6 $base/share/man/man7 $base/share/man/man8
  mkdir -p $base/share/misc $base/share/terminfo $base/share/zoneinfo
done
mkdir -p usr/local/bin usr/local/sbin usr/local/lib usr/local/include usr/local/src
mkdir -p var/cache var/local var/log var/mail var/opt var/spool var/lib/color var/lib/misc var/lib/locate
install -d -m 0750 root
install -d -m 1777 tmp var/tmp
for folder in bin sbin lib; do ln -sfn usr/$folder $folder; done
# x86-64: where the ABI puts the dynamic linker.
ln -sfn usr/lib lib64
ln -sfn ../run var/run
ln -sfn ../run/lock var/lock`,
    },
    {
      name: 'files',
      run: `\
etc=\${DESTDIR:-}/etc
install -m 0644 "$FILES/passwd" "$FILES/group" "$FILES/hosts" "$FILES/shells" "$FILES/profile" "$etc/"
printf 'root:*:0:0:99999:7:::\\n' > "$etc/shadow"
chmod 0600 "$etc/shadow"
ln -sfn ../proc/self/mounts "$etc/mtab"
log=\${DESTDIR:-}/var/log
: > "$log/btmp"
: > "$log/lastlog"
: > "$log/faillog"
: > "$log/wtmp"
chown root:13 "$log/lastlog"
chmod 0664 "$log/lastlog"
chmod 0600 "$log/btmp"`,
    },
  ],
});
