import { XlConfigError } from '../errors.ts';
import type { Fields } from '../libxl/json.ts';
import { devices } from '../schema/kinds.ts';
import type { ReadContext } from '../schema/kind.ts';
import { scanDisk, type ScannedDisk } from './disk-scanner.ts';
import { carried, defined, formatOptions } from './options.ts';

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
  /** A CD drive is always read-only. @default 'disk' */
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

export const disks = devices<Disk>('list of disks', readDisk, formatDisk);

/** @internal */
export function readDisk(text: string, context: ReadContext, item: number): Disk | undefined {
  const scanned = scanDisk(text, context.xen);
  if (typeof scanned !== 'string') return diskOf(scanned);
  const hint =
    /"[A-Z0-9]+"/.test(scanned) && /format/.test(scanned) ? 'Formats are lower-case.' : 'See xl-disk-configuration(5).';
  context.refuse('BAD_VALUE', `disk ${JSON.stringify(text)}: ${scanned}`, { item, hint });
  return undefined;
}

function diskOf(disk: ScannedDisk): Disk {
  return defined({
    target: disk.target,
    format: disk.format as Disk['format'],
    vdev: disk.vdev as string,
    access: disk.readwrite ? ('rw' as const) : ('ro' as const),
    devtype: disk.cdrom ? ('cdrom' as const) : undefined,
    backend: disk.backend,
    backendtype: disk.backendtype as Disk['backendtype'],
    specification: disk.specification as Disk['specification'],
    script: disk.script,
    'direct-io-safe': disk.directIoSafe || undefined,
    discard: disk.discard,
    trusted: disk.trusted,
    grant_usage: disk.grantUsage,
    colo: disk.colo,
    'colo-host': disk.coloHost,
    'colo-port': disk.coloPort,
    'colo-export': disk.coloExport,
    'active-disk': disk.activeDisk,
    'hidden-disk': disk.hiddenDisk,
  });
}

/**
 * The disk as one xl.cfg string, in named parameters, `target=` last because it takes the rest of the string.
 * @throws XlConfigError NOT_WRITABLE when a value holds a comma or a newline where the format has no escape.
 */
export function formatDisk(disk: Disk): string {
  const flag = (value: boolean | undefined, on: string, off: string): string[] => (value === undefined ? [] : [value ? on : off]);
  return [
    formatOptions(
      'disk',
      (['vdev', 'format', 'access', 'devtype', 'backend', 'backendtype', 'specification', 'script'] as const).map((name) => [
        name,
        disk[name],
      ]),
    ),
    ...(disk['direct-io-safe'] === true ? ['direct-io-safe'] : []),
    ...flag(disk.discard, 'discard', 'no-discard'),
    ...flag(disk.trusted, 'trusted', 'untrusted'),
    ...flag(disk.grant_usage, 'grant_usage=1', 'grant_usage=0'),
    ...flag(disk.colo, 'colo', 'no-colo'),
    formatOptions(
      'disk',
      (['colo-host', 'colo-port', 'colo-export', 'active-disk', 'hidden-disk'] as const).map((name) => [name, disk[name]]),
    ),
    ...(disk.target === undefined ? [] : [`target=${target(disk.target)}`]),
  ]
    .filter((part) => part !== '')
    .join(',');
}

/** libxlu's `target=` ends at a newline and loses one trailing comma. */
function target(value: string): string {
  if (!value.includes('\n') && !value.endsWith(',')) return value;
  throw new XlConfigError('NOT_WRITABLE', `a disk target cannot hold a newline or end with a comma: ${JSON.stringify(value)}`, {
    hint: 'Use a path without them (a symbolic link, say).',
  });
}

/** @internal */
export function diskToLibxl(disk: Disk): Fields {
  const cdrom = disk.devtype === 'cdrom';
  carried('disk vdev', disk.vdev);
  return {
    backend_domname: disk.backend,
    pdev_path: disk.target,
    vdev: disk.vdev,
    backend: disk.backendtype,
    format: cdrom && (disk.target ?? '') === '' ? 'empty' : (disk.format ?? 'raw'),
    script: disk.script,
    removable: cdrom ? 1 : 0,
    readwrite: cdrom || disk.access === 'ro' ? 0 : 1,
    is_cdrom: cdrom ? 1 : 0,
    direct_io_safe: disk['direct-io-safe'],
    discard_enable: disk.discard,
    specification: disk.specification,
    colo_enable: disk.colo,
    colo_host: disk['colo-host'],
    colo_port: disk['colo-port'],
    colo_export: disk['colo-export'],
    active_disk: disk['active-disk'],
    hidden_disk: disk['hidden-disk'],
    trusted: disk.trusted,
    grant_usage: disk.grant_usage,
  };
}
