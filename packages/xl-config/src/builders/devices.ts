import type { Disk } from '../specs/disk.ts';
import type { Vif } from '../specs/vif.ts';

/** A block device of the host (`/dev/vg/guest`) as the guest's `vdev`. */
export function blockDisk(target: string, vdev: string, options: Omit<Disk, 'target' | 'vdev'> = {}): Disk {
  return { target, vdev, format: 'raw', access: 'rw', ...options };
}

/** An image file as the guest's `vdev`; its name tells the format (`.qcow2`, `.vhd`, `.qed`, else raw). */
export function imageDisk(target: string, vdev: string, options: Omit<Disk, 'target' | 'vdev'> = {}): Disk {
  return { target, vdev, format: formatOf(target), access: 'rw', ...options };
}

/** A CD drive; without an image it is empty. */
export function cdrom(vdev: string, target?: string): Disk {
  return { ...(target === undefined ? { format: 'empty' } : { target, format: 'raw' }), vdev, access: 'ro', devtype: 'cdrom' };
}

/** On a bridge of the host (script `vif-bridge`). */
export function bridgedVif(bridge: string, options: Omit<Vif, 'bridge'> = {}): Vif {
  return { bridge, ...options };
}

/** Routed by the host (script `vif-route`), which needs the guest's address. */
export function routedVif(ip: string, options: Omit<Vif, 'ip' | 'script'> = {}): Vif {
  return { ip, script: 'vif-route', ...options };
}

/** Behind the host's address (script `vif-nat`); the script makes an address up when none is given. */
export function natVif(options: Omit<Vif, 'script'> = {}): Vif {
  return { script: 'vif-nat', ...options };
}

/** A MAC address in Xen's range (00:16:3e) that stays the same for a guest's name and the interface's index. */
export function stableMac(name: string, index = 0): string {
  let hash = 0x811c9dc5;
  for (const byte of new TextEncoder().encode(`${name}/${index}`)) hash = Math.imul(hash ^ byte, 0x01000193) >>> 0;
  const tail = [hash >>> 16, hash >>> 8, hash].map((part) => (part & 0xff).toString(16).padStart(2, '0'));
  return `00:16:3e:${tail.join(':')}`;
}

function formatOf(path: string): NonNullable<Disk['format']> {
  if (path.endsWith('.qcow2')) return 'qcow2';
  if (path.endsWith('.qed')) return 'qed';
  if (path.endsWith('.vhd')) return 'vhd';
  return 'raw';
}
