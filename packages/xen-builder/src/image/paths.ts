/** Where the parts of a host lie in the layers of their recipes, relative to the root. */
export const DOM0_PATHS = {
  /** For boot loaders; QEMU wants {@link DOM0_PATHS.xen}. */
  xenCompressed: 'boot/xen.gz',
  xen: 'boot/xen',
  kernel: 'boot/vmlinuz-xen-dom0',
  initramfs: 'boot/initramfs-xen-dom0.img',
  /** What is in the initramfs and why. */
  report: 'boot/initramfs-xen-dom0.json',
} as const;

/** A guest's own root file system. */
export function guestDiskPath(name: string): string {
  return `var/lib/xlfs/guests/${name}.ext4`;
}

/** The disk of a whole system, relative to the root of its layer. */
export const DISK_PATHS = {
  disk: 'var/lib/xlfs/lfs.img',
  /** Its partitions. */
  report: 'var/lib/xlfs/lfs.json',
} as const;
