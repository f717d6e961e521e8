import { XlConfigError } from '../errors.ts';

/** One entry of `disk`, as xl-disk-configuration(5) names its parameters. */
export interface Disk {
  /** Path of the block device or image, or what `script` takes. May be missing for an empty drive. */
  readonly target?: string;
  /** @default 'raw' */
  readonly format?: 'raw' | 'qcow' | 'qcow2' | 'vhd' | 'qed' | 'empty';
  /** Name in the guest: `xvda`, `hda`, `sda1`, `d0p1`. */
  readonly vdev: string;
  /** @default 'rw' */
  readonly access?: 'ro' | 'rw';
  readonly devtype?: 'cdrom' | 'disk';
  /** Domain that serves the disk. @default 'Domain-0' */
  readonly backend?: string;
  /** libxl chooses when it is missing. */
  readonly backendtype?: 'phy' | 'tap' | 'qdisk' | 'standalone';
  readonly specification?: 'xen' | 'virtio';
  /** Hotplug script that makes the block device (`block-nbd`, …). */
  readonly script?: string;
  readonly 'direct-io-safe'?: boolean;
  readonly discard?: boolean;
  readonly trusted?: boolean;
  readonly grant_usage?: boolean;
  readonly colo?: boolean;
  readonly 'colo-host'?: string;
  readonly 'colo-port'?: number;
  readonly 'colo-export'?: string;
  readonly 'active-disk'?: string;
  readonly 'hidden-disk'?: string;
}

const VALUES = ['vdev', 'format', 'access', 'devtype', 'backend', 'backendtype', 'specification', 'script'] as const;
const COLO_VALUES = ['colo-host', 'colo-port', 'colo-export', 'active-disk', 'hidden-disk'] as const;

/**
 * The disk as one xl.cfg string, in named parameters, `target=` last because it takes the rest of the string.
 * @throws XlConfigError NOT_WRITABLE when a value holds a comma or a newline where the format has no escape.
 */
export function formatDisk(disk: Disk): string {
  const parts: string[] = [];
  const set = (name: keyof Disk): void => {
    const value = disk[name];
    if (value !== undefined) parts.push(`${name}=${carried(name, String(value))}`);
  };
  const flag = (name: 'discard' | 'trusted' | 'colo', on: string, off: string): void => {
    const value = disk[name];
    if (value !== undefined) parts.push(value ? on : off);
  };
  for (const name of VALUES) set(name);
  if (disk['direct-io-safe'] === true) parts.push('direct-io-safe');
  flag('discard', 'discard', 'no-discard');
  flag('trusted', 'trusted', 'untrusted');
  if (disk.grant_usage !== undefined) parts.push(`grant_usage=${disk.grant_usage ? '1' : '0'}`);
  flag('colo', 'colo', 'no-colo');
  for (const name of COLO_VALUES) set(name);
  if (disk.target !== undefined) parts.push(`target=${target(disk.target)}`);
  return parts.join(',');
}

function carried(name: string, value: string): string {
  if (!value.includes(',')) return value;
  throw new XlConfigError('NOT_WRITABLE', `disk ${name} cannot hold a comma: ${JSON.stringify(value)}`, {
    hint: 'Only the target may contain commas; use a name without one (a symbolic link, say).',
  });
}

/** libxlu's `target=` ends at a newline and loses one trailing comma. */
function target(value: string): string {
  if (!value.includes('\n') && !value.endsWith(',')) return value;
  throw new XlConfigError('NOT_WRITABLE', `a disk target cannot hold a newline or end with a comma: ${JSON.stringify(value)}`, {
    hint: 'Use a path without them (a symbolic link, say).',
  });
}
