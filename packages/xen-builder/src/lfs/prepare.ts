import { mkdir, rm } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { asNamespaceRoot, XlfsError, type TaskInput } from '@xlfs/core';
import type { PersonalityInput, RootfsStore } from '@xlfs/rootfs';
import type { LfsBootPlan, LfsGuest } from '../boot/lfs-check.ts';
import type { DiskMachinePlan, MachineDisk } from '../boot/qemu.ts';
import { prefixLength, withoutPrefix, type HostDescription } from '../host/description.ts';
import { DISK_PATHS } from '../image/paths.ts';
import type { lfsSnapshot, LfsSnapshotParams } from '../tasks/lfs-snapshot.ts';

export interface PrepareLfsOptions {
  /** Root folder of the disk's layer. */
  readonly diskLayer: string;
  readonly host: HostDescription;
  /** Folder for the writable disks; it has to live as long as the machine runs. */
  readonly folder: string;
}

/** MiB: dom0, Xen and a guest, or a compiler. */
const MEMORY = 1792;

/**
 * The machine that boots the disk of a whole system. The layer stays as it is: the machine writes to a copy-on-write child.
 *
 * @throws XlfsError `ASSEMBLY_FAILED` when the layer has no disk.
 */
export async function prepareLfsBoot({ diskLayer, folder }: PrepareLfsOptions): Promise<DiskMachinePlan> {
  const base = join(diskLayer, DISK_PATHS.disk);
  if (!existsSync(base)) throw new XlfsError('ASSEMBLY_FAILED', `there is no disk ${base}`, { hint: 'build lfs-disk first' });
  await mkdir(folder, { recursive: true });
  // Loaded where there is something to boot.
  const { forkDisk } = await import('@xlfs/rootfs');
  const child = join(folder, 'lfs.disk');
  await rm(child, { force: true });
  const { path, format } = await forkDisk(base, child, { strategy: 'qcow2' });
  const disks: MachineDisk[] = [{ file: path, format, serial: 'lfs' }];
  return { boot: 'disk', memory: MEMORY, cpus: Math.min(2, availableParallelism()), disks };
}

export interface PrepareLfsCheckOptions extends PrepareLfsOptions {
  /** Layers of the system, dependencies first. */
  readonly system: readonly TaskInput[];
  /** What names the system: other layers, other digest. */
  readonly digest: string;
  readonly rootfs: RootfsStore;
}

/**
 * The same machine with a guest's disk: the system is frozen as a snapshot, unless that is there from an earlier time, and a fork of it is
 * given a name, an address, and the root and console of a PV guest.
 */
export async function prepareLfsCheck(options: PrepareLfsCheckOptions): Promise<LfsBootPlan> {
  const { host, rootfs, system, digest } = options;
  const { disks, memory, cpus } = await prepareLfsBoot(options);
  const [disk] = disks;
  if (disk === undefined) throw new Error('the machine has no disk');
  const { findSnapshot } = await import('@xlfs/rootfs');
  const snapshot = `lfs-${digest.slice(0, 12)}`;
  if (!(await exists(findSnapshot(rootfs, snapshot)))) await freeze({ store: rootfs.root, name: snapshot, inputs: system });
  return { disk, host, memory, cpus, guest: await forkGuest(rootfs, snapshot, host) };
}

const GUEST = 'lfs-guest';

async function forkGuest(rootfs: RootfsStore, snapshot: string, host: HostDescription): Promise<LfsGuest> {
  const { findFork, fork, removeFork } = await import('@xlfs/rootfs');
  if ((await findFork(rootfs, GUEST)) !== undefined) await removeFork(rootfs, GUEST);
  const address = freeAddress(host);
  const gateway = withoutPrefix(host.bridge.address);
  const personality: PersonalityInput = {
    hostname: GUEST,
    interfaces: [{ name: 'eth0', address, gateway }],
    hosts: [{ address: gateway, names: [host.name] }],
  };
  const { disks } = await fork(rootfs, snapshot, { name: GUEST, strategy: 'qcow2', personality });
  const [root] = disks;
  if (root === undefined) throw new Error('a fork without a disk');
  return { name: GUEST, address, memory: 256, disk: { file: root.path, format: root.format, serial: GUEST } };
}

/** An address on the bridge that is nobody's, beside the host's own. */
function freeAddress(host: HostDescription): string {
  const taken = [host.bridge.address, ...host.guests.map(({ address }) => address)].map(withoutPrefix);
  const own = withoutPrefix(host.bridge.address);
  const network = own.slice(0, own.lastIndexOf('.'));
  const last = Number(own.slice(own.lastIndexOf('.') + 1));
  for (let number = last + 1; number < 255; number++) {
    const address = `${network}.${String(number)}`;
    if (!taken.includes(address)) return `${address}/${String(prefixLength(host.bridge.address))}`;
  }
  throw new XlfsError('USAGE', `the network of ${host.bridge.name} has no address left`, { hint: 'use a larger one' });
}

/** Files of every owner have to be read: as root, or as root of a namespace. */
async function freeze(params: LfsSnapshotParams): Promise<void> {
  const module = import.meta.url.endsWith('.ts')
    ? new URL('../tasks/lfs-snapshot.ts', import.meta.url)
    : new URL('./tasks/lfs-snapshot.js', import.meta.url);
  if (process.getuid?.() === 0) {
    const tasks = (await import(module.href)) as { lfsSnapshot: typeof lfsSnapshot };
    await tasks.lfsSnapshot(params);
  } else {
    await asNamespaceRoot({ module: module.href, export: 'lfsSnapshot', params });
  }
}

async function exists(found: Promise<unknown>): Promise<boolean> {
  try {
    await found;
    return true;
  } catch (error) {
    if (error instanceof XlfsError && error.code === 'USAGE') return false;
    throw error;
  }
}
