import type { PersonalityInput } from '@xlfs/rootfs';
import type { Wanted } from '../image/closure.ts';
import { withoutPrefix, type GuestDescription, type HostDescription } from '../host/description.ts';
import { packagedFiles, textFile, type ImageFile } from '../image/files.ts';

/** What the base of all guests holds: the userland of its recipes as a whole. */
export const guestPrograms: readonly Wanted[] = [
  { path: '/usr/bin', reason: 'programs of a guest' },
  { path: '/usr/sbin', reason: 'programs of a guest' },
  ...['/bin', '/sbin', '/lib', '/lib64', '/var/run', '/var/lock'].map((path) => ({ path, reason: 'layout of the file system' })),
  ...['/etc/passwd', '/etc/group', '/etc/profile', '/etc/hosts', '/etc/mtab', '/home', '/opt', '/srv', '/var/log'].map(
    (path) => ({
      path,
      reason: 'accounts and folders that programs expect',
    }),
  ),
];

const folders = ['dev', 'proc', 'sys', 'run', 'mnt', 'var/tmp', 'var/lib', 'var/spool', 'etc/profile.d', 'etc/sysconfig'];

/** Everything of the base that comes from no recipe. */
export function guestBaseFiles(): ImageFile[] {
  return [
    ...packagedFiles('common', 'guest'),
    ...folders.map((path): ImageFile => ({ type: 'directory', path, mode: 0o755 })),
    { type: 'directory', path: 'root', mode: 0o700 },
    { type: 'directory', path: 'tmp', mode: 0o1777 },
    // No password for root: it can only be used on the console, which is dom0's anyway. Nothing listens on the network.
    textFile('etc/shadow', 'root::0:0:99999:7:::\nnobody:*:0:0:99999:7:::\n', 0o600),
  ];
}

/** What makes a fork of the base this guest. */
export function guestPersonality(guest: GuestDescription, host: HostDescription): PersonalityInput {
  const gateway = withoutPrefix(host.bridge.address);
  return {
    hostname: guest.name,
    interfaces: [{ name: 'eth0', address: guest.address, gateway }],
    hosts: [{ address: gateway, names: [host.name] }],
  };
}
