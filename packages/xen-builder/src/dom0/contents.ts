import { blockDisk, bridgedVif, pvGuest, pvhGuest, stableMac, write } from '@xlfs/xl-config';
import { packagedFiles, textFile, type ImageFile } from '../image/files.ts';
import type { GuestDescription, HostDescription } from '../host/description.ts';
import { ifconfigFile } from '../host/sysconfig.ts';
import type { Wanted } from '../image/closure.ts';

/** Where dom0 keeps the kernel of its guests. */
export const GUEST_KERNEL = '/boot/vmlinuz-xen-domu';

/** What dom0 runs; libraries, dynamic linker and the program behind each link come by themselves. */
export const dom0Programs: readonly Wanted[] = [
  { path: '/usr/sbin/init', reason: 'first process' },
  ...['sh', 'cat', 'ls', 'less', 'vi', 'top', 'ps', 'free', 'ping'].map((name) => ({
    path: `/usr/bin/${name}`,
    reason: 'a person at the console',
  })),
  ...['halt', 'poweroff', 'reboot'].map((name) => ({ path: `/usr/sbin/${name}`, reason: 'a person at the console' })),
  // busybox's shell finds these by itself, but not before /proc is mounted.
  ...['awk', 'flock', 'grep', 'ln', 'mkdir', 'mount', 'stat', 'sync', 'timeout', 'umount', 'dmesg'].map((name) => ({
    path: `/usr/bin/${name}`,
    reason: "dom0's own scripts",
  })),
  ...['brctl', 'ip', 'losetup'].map((name) => ({ path: `/usr/sbin/${name}`, reason: "dom0's own scripts" })),
  { path: '/usr/sbin/xl', reason: 'toolstack' },
  { path: '/usr/sbin/xenstored', reason: 'toolstack' },
  { path: '/usr/sbin/xenconsoled', reason: 'consoles of guests' },
  { path: '/usr/lib/xen/bin/xenconsole', reason: 'xl console starts it' },
  { path: '/usr/lib/xen/bin/xen-init-dom0', reason: 'puts dom0 into xenstore' },
  { path: '/usr/lib/xen/bin/libxl-save-helper', reason: 'libxl starts it to save, restore and migrate' },
  ...['ls', 'read', 'write', 'list'].map((name) => ({
    path: `/usr/bin/xenstore-${name}`,
    reason: 'hotplug scripts, and a person at the console',
  })),
  { path: GUEST_KERNEL, reason: 'kernel of the guests' },
];

/** Data of recipes that dom0 takes over as it is. */
export const dom0Data: readonly Wanted[] = [
  { path: '/usr/lib/libgcc_s.so.1', reason: 'pthread_cancel loads it, by which libxenstore ends its thread' },
  ...['/bin', '/sbin', '/lib', '/lib64', '/var/run', '/var/lock'].map((path) => ({ path, reason: 'layout of the file system' })),
  ...['/etc/passwd', '/etc/group', '/etc/shadow', '/etc/profile', '/etc/hosts'].map((path) => ({
    path,
    reason: 'accounts and shell',
  })),
];

/** Folders that are mount points, or that a program expects to be there. */
const folders = [
  'dev',
  'proc',
  'sys',
  'run',
  'root',
  'mnt',
  'var/log/xen/console',
  'var/lib/xen',
  'var/lib/xen/dump',
  'etc/profile.d',
];

/** Everything of dom0 that comes from no recipe: this package's own files, and what the description says. */
export function dom0Files(host: HostDescription): ImageFile[] {
  return [
    ...packagedFiles('common', 'dom0'),
    ...folders.map((path): ImageFile => ({ type: 'directory', path, mode: path === 'root' ? 0o700 : 0o755 })),
    { type: 'directory', path: 'tmp', mode: 0o1777 },
    { type: 'symlink', path: 'init', target: 'usr/sbin/init' },
    textFile('etc/hostname', `${host.name}\n`),
    textFile(`etc/sysconfig/ifconfig.${host.bridge.name}`, ifconfigFile({ ...host.bridge, bridge: true })),
    ...host.guests.map((guest) => textFile(`etc/xen/${guest.name}.cfg`, guestConfig(guest, host))),
    { type: 'directory', path: 'etc/xen/auto', mode: 0o755 },
    ...host.guests
      .filter(({ autostart }) => autostart)
      .map(({ name }): ImageFile => ({ type: 'symlink', path: `etc/xen/auto/${name}.cfg`, target: `../${name}.cfg` })),
  ];
}

/** The xl.cfg of a guest whose disk dom0 sees under the guest's name. */
export function guestConfig(guest: GuestDescription, host: HostDescription): string {
  const build = guest.type === 'pv' ? pvGuest : pvhGuest;
  return write(
    build({
      name: guest.name,
      memory: guest.memory,
      vcpus: guest.vcpus,
      kernel: GUEST_KERNEL,
      root: { device: '/dev/xvda1', access: 'rw' },
      append: ['quiet'],
      disks: [blockDisk(`/dev/disk/by-id/virtio-${guest.name}`, 'xvda1')],
      vifs: [bridgedVif(host.bridge.name, { mac: stableMac(guest.name) })],
      // Without a version libxl looks for a device model, and says that there is none.
      set: { on_crash: 'destroy', device_model_version: 'qemu-xen' },
    }),
  );
}
