import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { XlfsError, type TaskFunction } from '@xlfs/core';
import {
  applyTree,
  consoleDevices,
  file,
  partitionUuid,
  readAll,
  removePaths,
  treeOf,
  writeDisk,
  type Entry,
  type Tree,
} from '@xlfs/rootfs';
import { toEntries } from '../image/entries.ts';
import { imageFileSchema } from '../image/files.ts';
import { DISK_PATHS } from '../image/paths.ts';
import { fstab, GRUB_PATHS, grubMenu, lfsDiskSchema, LFS_LABELS } from '../lfs/description.ts';
import { composeSystem, textOf } from '../lfs/system.ts';

const paramsSchema = z.strictObject({
  disk: lfsDiskSchema,
  files: z.array(imageFileSchema),
  dom0Memory: z.int(),
  epoch: z.int(),
});

export type LfsDiskParams = z.input<typeof paramsSchema>;

const MIB = 1 << 20;

/** Puts a whole system on a disk: /boot with GRUB, Xen and the kernel, the root, and swap. */
export const lfsDisk: TaskFunction = async ({ inputs, output, params, log }) => {
  const { disk, files, dom0Memory, epoch } = paramsSchema.parse(params);
  const { signature } = disk;
  const tree = await composeSystem(inputs);
  const grub = { boot: await required(tree, GRUB_PATHS.boot), core: await required(tree, GRUB_PATHS.core) };
  const partition = (number: number): string => `PARTUUID=${partitionUuid(signature, number)}`;
  const own = [
    ...consoleDevices(),
    ...toEntries(files, epoch),
    file('etc/fstab', fstab(partition, await textOf(tree, 'etc/fstab')), { mtime: epoch }),
    file(`${GRUB_PATHS.folder}/grub.cfg`, grubMenu({ root: partition(2), dom0Memory }), { mtime: epoch }),
  ];
  applyTree(tree, treeOf(own));
  // What QEMU's own loader would take.
  removePaths(tree, ['boot/xen']);

  const [boot, root, swap] = LFS_LABELS;
  const path = join(output, DISK_PATHS.disk);
  mkdirSync(join(path, '..'), { recursive: true });
  const written = await writeDisk(path, {
    signature,
    epoch,
    grub,
    partitions: [
      { type: 'ext4', label: boot, entries: below(tree, 'boot'), size: disk.boot * MIB, active: true },
      { type: 'ext4', label: root, entries: without(tree, 'boot'), free: disk.free * MIB },
      { type: 'swap', label: swap, size: disk.swap * MIB },
    ],
  });
  writeFileSync(join(output, DISK_PATHS.report), `${JSON.stringify(written.partitions, null, 1)}\n`);
  for (const { label, offset, size } of written.partitions)
    log(`${label}: ${String(size / MIB)} MiB from ${String(offset / MIB)} MiB on`);
};

async function required(tree: Tree, path: string): Promise<Buffer> {
  const entry = tree.get(path);
  if (entry?.type !== 'file')
    throw new XlfsError('ASSEMBLY_FAILED', `the disk cannot boot without /${path}`, { hint: 'build grub and grub-core' });
  return await readAll(entry);
}

/** A folder's contents as a tree of their own. */
function below(tree: Tree, folder: string): Entry[] {
  const inside = [...tree.values()].filter(({ path }) => path.startsWith(`${folder}/`));
  return inside.map((entry) => ({ ...entry, path: entry.path.slice(folder.length + 1) }));
}

/** Everything but a folder's contents. */
function without(tree: Tree, folder: string): Entry[] {
  return [...tree.values()].filter(({ path }) => !path.startsWith(`${folder}/`));
}
