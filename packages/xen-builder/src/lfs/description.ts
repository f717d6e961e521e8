import { z } from 'zod';
import { withoutPrefix, type HostDescription } from '../host/description.ts';
import { ifconfigFile } from '../host/sysconfig.ts';
import { textFile, type ImageFile } from '../image/files.ts';

/** What a disk with a whole system on it is given beside the system. JSON, as it goes through a task's params. */
export const lfsDiskSchema = z.strictObject({
  /** 32 bits by which the kernel finds the partitions: `PARTUUID=<signature>-02`. */
  signature: z.int().min(1).max(0xffffffff),
  /** Sizes in MiB: /boot, what the root has free, swap. */
  boot: z.int().min(16),
  free: z.int().min(0),
  swap: z.int().min(1),
});

export type LfsDisk = z.output<typeof lfsDiskSchema>;

export const defaultLfsDisk: LfsDisk = { signature: 0x1f5f1f5, boot: 128, free: 1024, swap: 256 };

/** Labels of the partitions, in their order. */
export const LFS_LABELS = ['lfs-boot', 'lfs-root', 'lfs-swap'] as const;

/** Where GRUB looks for its modules and its menu, and where its core image lies, relative to the root. */
export const GRUB_PATHS = {
  folder: 'boot/grub',
  boot: 'usr/lib/grub/i386-pc/boot.img',
  core: 'boot/grub/i386-pc/core.img',
} as const;

/** The keys of the menu's entries. */
export const MENU_KEYS = { xen: 'x', plain: 'l', rescue: 'r' } as const;

/** Xen keeps the serial line and shows it to dom0 as hvc0; Linux alone takes it as ttyS0. */
const XEN_ARGUMENTS = 'console=com1,vga com1=115200,8n1,0x3f8,0 loglvl=warning guest_loglvl=error';
const PLAIN_CONSOLES = 'console=tty0 console=ttyS0,115200';

/** grub.cfg: Xen with the system as dom0, the system alone, and one shell for repairs. `root` names the partition for the kernel. */
export function grubMenu({ root, dom0Memory }: { readonly root: string; readonly dom0Memory: number }): string {
  const kernel = `/vmlinuz-lfs`;
  return `\
# The screen and the first serial line, whichever is there.
serial --unit=0 --speed=115200 --word=8 --parity=no --stop=1
terminal_input console serial
terminal_output console serial

set default=0
set timeout=5

menuentry 'Xen, with Linux From Scratch as dom0' --hotkey=${MENU_KEYS.xen} {
  # Both loaders drop the first word.
  multiboot2 /xen.gz placeholder dom0_mem=${String(dom0Memory)}M,max:${String(dom0Memory)}M ${XEN_ARGUMENTS}
  module2 ${kernel} placeholder root=${root} ro console=tty0 console=hvc0
}

menuentry 'Linux From Scratch' --hotkey=${MENU_KEYS.plain} {
  linux ${kernel} root=${root} ro ${PLAIN_CONSOLES}
}

menuentry 'Linux From Scratch, one shell for repairs' --hotkey=${MENU_KEYS.rescue} {
  linux ${kernel} root=${root} ro single ${PLAIN_CONSOLES}
}
`;
}

/** /etc/fstab of the disk, above what the system's own has. */
export function fstab(partition: (number: number) => string, existing: string): string {
  return [
    `${partition(2)} /     ext4 defaults   1 1`,
    `${partition(1)} /boot ext4 defaults   1 2`,
    `${partition(3)} swap  swap pri=1      0 0`,
    existing,
  ].join('\n');
}

/** Files that make a system this host: its name, and a bridge on which its guests are. */
export function hostFiles(host: HostDescription): ImageFile[] {
  const address = withoutPrefix(host.bridge.address);
  return [
    textFile('etc/hostname', `${host.name}\n`),
    textFile('etc/hosts', `127.0.0.1 localhost\n${address} ${host.name}\n::1 localhost ip6-localhost ip6-loopback\n`),
    textFile(`etc/sysconfig/ifconfig.${host.bridge.name}`, ifconfigFile({ ...host.bridge, bridge: true })),
  ];
}
