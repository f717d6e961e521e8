import { existsSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { XlfsError } from '@xlfs/core';
import { mkdir, rm } from 'node:fs/promises';
import type { HostDescription } from '../host/description.ts';
import { DOM0_PATHS, guestDiskPath } from '../image/paths.ts';
import type { MachineDisk, MachinePlan } from './qemu.ts';

export interface PrepareOptions {
  /** Root folder of each layer by its recipe's name. */
  readonly layers: Readonly<Record<string, string>>;
  readonly host: HostDescription;
  /** Folder for the guests' writable disks; it has to live as long as the machine runs. */
  readonly folder: string;
  /** Throw away what guests wrote in an earlier boot from this folder. @default true */
  readonly fresh?: boolean;
  /** Virtual processors of the machine. @default 2 where there are as many: dom0 and a guest that starts then run side by side */
  readonly cpus?: number;
}

/** What Xen takes for itself, and what guests' own bookkeeping takes in it; MiB. */
const HYPERVISOR_MEMORY = 96;

/**
 * From layers to what QEMU is given. The layers stay as they are: each guest writes to a copy-on-write child of its disk.
 *
 * @throws XlfsError `ASSEMBLY_FAILED` when a layer lacks a part.
 */
export async function prepareBoot({
  layers,
  host,
  folder,
  fresh = true,
  cpus = Math.min(2, availableParallelism()),
}: PrepareOptions): Promise<MachinePlan> {
  const part = (recipe: string, path: string): string => {
    const root = layers[recipe];
    const full = join(root ?? '', path);
    if (root === undefined || !existsSync(full)) {
      throw new XlfsError('ASSEMBLY_FAILED', `the host cannot boot without ${path} of ${recipe}`, {
        hint: `build ${recipe} first`,
      });
    }
    return full;
  };
  await mkdir(folder, { recursive: true });
  const disks: MachineDisk[] = [];
  for (const { name } of host.guests) {
    disks.push({
      serial: name,
      ...(await guestDisk(part(`guest-image-${name}`, guestDiskPath(name)), join(folder, `${name}.disk`), fresh)),
    });
  }
  return {
    xen: part('xen', DOM0_PATHS.xen),
    kernel: part('linux-dom0', DOM0_PATHS.kernel),
    initramfs: part('dom0-image', DOM0_PATHS.initramfs),
    memory: HYPERVISOR_MEMORY + host.memory + host.guests.reduce((sum, { memory }) => sum + memory + 16, 0),
    dom0Memory: host.memory,
    cpus,
    disks,
  };
}

async function guestDisk(base: string, child: string, fresh: boolean): Promise<Pick<MachineDisk, 'file' | 'format'>> {
  if (fresh) await rm(child, { force: true });
  // QEMU reads qcow2, so a child costs nothing; a kept one may lean on a base that a new build has replaced, hence `fresh`.
  if (existsSync(child)) return { file: child, format: 'qcow2' };
  // Loaded here: whoever only plans has no use for what makes disks.
  const { forkDisk } = await import('@xlfs/rootfs');
  const { path, format } = await forkDisk(base, child, { strategy: 'qcow2' });
  return { file: path, format };
}
