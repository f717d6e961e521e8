import { defineRecipe } from '@xlfs/core';

/** What dom0, its hotplug scripts and small guests call. Features of these applets stay at busybox's defaults. */
const applets = [
  // start, consoles, stop
  'init halt poweroff reboot getty login sulogin su passwd chpasswd cttyhack setsid start-stop-daemon',
  // devices and file systems
  'mount umount mountpoint switch_root pivot_root chroot mdev mknod losetup blkid blockdev findfs fdisk mke2fs mkswap swapon swapoff',
  'insmod rmmod lsmod modprobe depmod lspci',
  // network; udhcpc for guests on a bridge with a DHCP server
  'ip brctl ifconfig route arp arping ping nc wget udhcpc hostname nslookup',
  // logs and processes
  'syslogd klogd logger logread dmesg ps top kill killall pidof pgrep pkill free uptime sysctl nice nohup timeout watch',
  // files
  'cat chgrp chmod chown cmp cp cut dd df diff dirname basename du find flock fsync head hexdump install ln ls md5sum mkdir mkfifo',
  'mktemp more less mv od readlink realpath rm rmdir sha256sum split stat sync tail tee touch truncate vi xargs',
  // text
  'awk egrep fgrep grep sed sort tr uniq wc echo printf seq strings',
  // archives: enough to look into an initramfs and to unpack a root
  'cpio gzip gunzip zcat tar',
  // the shell and what scripts lean on
  'ash test [ [[ true false expr env getopt id whoami nproc uname date sleep usleep yes tty stty clear reset which',
].flatMap((line) => line.split(' '));

/** Beside the applets, as in busybox's `.config`; a reason with each group. */
const settings = `\
# Linked against the C library that dom0 holds anyway: a static busybox would carry parts of it a second time.
CONFIG_STATIC=n
# Applets run without a look-up and an exec: what scripts cost on an emulated machine is mostly that.
CONFIG_FEATURE_PREFER_APPLETS=y
CONFIG_FEATURE_SH_STANDALONE=y
# Own password functions: no NSS module and no libcrypt in the closure.
CONFIG_USE_BB_PWD_GRP=y
CONFIG_USE_BB_SHADOW=y
CONFIG_USE_BB_CRYPT=y
CONFIG_USE_BB_CRYPT_SHA=y
CONFIG_FEATURE_DEFAULT_PASSWD_ALGO="sha512"
CONFIG_PAM=n
# Would pull libm and libresolv into the closure.
CONFIG_FEATURE_AWK_LIBM=n
CONFIG_FEATURE_NSLOOKUP_BIG=n
# Nothing here mounts over the network or fetches over TLS.
CONFIG_FEATURE_MOUNT_NFS=n
CONFIG_FEATURE_WGET_OPENSSL=n
CONFIG_FEATURE_WGET_HTTPS=n
CONFIG_TLS=n
# One shell.
CONFIG_SHELL_HUSH=n
# The archives here are gzip; the file systems are those that the guests' kernels know.
CONFIG_FEATURE_SEAMLESS_XZ=n
CONFIG_FEATURE_SEAMLESS_LZMA=n
CONFIG_FEATURE_SEAMLESS_BZ2=n
${['BCACHE', 'BTRFS', 'CRAMFS', 'EROFS', 'EXFAT', 'F2FS', 'HFS', 'JFS', 'LFS', 'LINUXRAID', 'LUKS', 'MINIX', 'NILFS', 'NTFS']
  .concat(['OCFS2', 'REISERFS', 'ROMFS', 'SYSV', 'UBIFS', 'UDF'])
  .map((type) => `CONFIG_FEATURE_VOLUMEID_${type}=n`)
  .join('\n')}
CONFIG_FEATURE_IP_LINK_CAN=n
CONFIG_FEATURE_IP_TUNNEL=n
`;

export const busybox = defineRecipe({
  name: 'busybox',
  version: '1.37.0',
  summary: 'Init, shell and tools of dom0 and of small guests, in one program',
  license: 'GPL-2.0-only AND bzip2-1.0.6',
  homepage: 'https://busybox.net/',
  reference: 'INSTALL of busybox',
  sources: [
    {
      name: 'busybox',
      version: '1.37.0',
      url: 'https://busybox.net/downloads/busybox-{version}.tar.bz2',
      debian: { package: 'busybox' },
    },
  ],
  needs: ['filesystem'],
  weight: 0.3,
  files: { applets: `${applets.join('\n')}\n`, settings },
  phases: [
    {
      name: 'configure',
      // busybox's defaults, then every applet switched off that is not on the list, then the settings.
      run: `\
make defconfig > /dev/null
grep -rhoE --include='*.c' '^//applet:IF_[A-Z0-9_]+' . | sed 's,.*:IF_,,' | sort -u > all
sed -e 's/^\\[$/test1/' -e 's/^\\[\\[$/test2/' -e 's/^sysctl$/bb_sysctl/' "$FILES/applets" | tr 'a-z-' 'A-Z_' > wanted
grep -vxF -f wanted all | sed 's/.*/s,^CONFIG_&=y$,# CONFIG_& is not set,/' > unwanted.sed
sed -i -f unwanted.sed .config
grep '^CONFIG_' "$FILES/settings" | while IFS= read -r line; do
  sed -i "/^# \${line%%=*} is not set/d; /^\${line%%=*}=/d" .config
  printf '%s\\n' "$line" >> .config
done
yes '' | make oldconfig > /dev/null`,
    },
    {
      name: 'build',
      run: `\
make busybox busybox.links
while IFS= read -r applet; do
  grep -qF "/$applet" busybox.links || { echo "busybox was built without $applet" >&2; exit 1; }
done < "$FILES/applets"`,
    },
    {
      name: 'install',
      // Links relative to one folder, so that they hold wherever the tree is mounted; sbin's lead across.
      run: `\
install -D -m 755 busybox "\${DESTDIR:-}/usr/bin/busybox"
mkdir -p "\${DESTDIR:-}/usr/sbin"
while IFS= read -r path; do
  case $path in
    /sbin/*|/usr/sbin/*) ln -sf ../bin/busybox "\${DESTDIR:-}/usr/sbin/\${path##*/}" ;;
    *) ln -sf busybox "\${DESTDIR:-}/usr/bin/\${path##*/}" ;;
  esac
done < busybox.links`,
    },
  ],
});
