import { createHash, hash } from 'node:crypto';
import { createReadStream, existsSync, statSync } from 'node:fs';
import { chmod } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { XlfsError } from '@xlfs/core';
import { z } from 'zod';
import { writeExt4 } from '../image/ext4/write.ts';
import { findSnapshot } from '../snapshot/snapshot.ts';
import { withSnapshotTree } from '../snapshot/open.ts';
import { proceed } from '../store/interrupt.ts';
import { checkName, readJson, writeJson, type RootfsStore } from '../store/rootfs-store.ts';
import { diskFormat, type DiskFormat } from './disk.ts';
import { findFork } from './record.ts';

/** What a fork is a child of. */
export interface Base {
  readonly kind: 'snapshot' | 'image' | 'fork';
  /** Name of the snapshot or fork, path of the image. */
  readonly name: string;
  readonly disk: string;
  readonly format: DiskFormat;
  /** sha256 of the disk's file. */
  readonly digest: string;
}

const baseSchema = z.strictObject({ snapshot: z.string(), digest: z.string(), size: z.int() });
const stampSchema = z.strictObject({ stamp: z.string(), digest: z.string() });

/** Bytes that a base made of a snapshot has free: its children grow into them. */
const FREE = 256 * 2 ** 20;

/**
 * Find what to fork from: a snapshot's name (its disk is made the first time), a fork's name, or the path of a disk image.
 * @throws USAGE when there is nothing of that name.
 */
export async function findBase(store: RootfsStore, name: string): Promise<Base> {
  if (name.includes('/')) return await imageBase(store, resolve(name));
  checkName(name, 'base');
  const fork = await findFork(store, name);
  if (fork !== undefined) {
    const root = fork.disks.at(-1);
    if (root === undefined || fork.strategy === 'overlay') {
      throw new XlfsError('USAGE', `${name} shares its base through an overlay and cannot be a base itself`, {
        hint: `Fork ${fork.parent.name} again, or use another strategy for ${name}.`,
      });
    }
    return { kind: 'fork', name, disk: root.path, format: root.format, digest: await diskDigest(store, root.path) };
  }
  return await snapshotBase(store, name);
}

/** Path of the disk that is made of a snapshot's tree. */
export function baseDisk(store: RootfsStore, snapshotDigest: string): string {
  return join(store.bases, `${snapshotDigest}.ext4`);
}

async function snapshotBase(store: RootfsStore, name: string): Promise<Base> {
  const { digest } = await findSnapshot(store, name);
  const disk = baseDisk(store, digest);
  const record = `${disk}.json`;
  const known = existsSync(disk) ? await readJson(record, baseSchema) : undefined;
  if (known !== undefined && statSync(disk).size === known.size)
    return { kind: 'snapshot', name, disk, format: 'raw', digest: known.digest };
  await withSnapshotTree(store, digest, (entries) => writeExt4(entries, disk, { free: FREE, label: 'xlfs-root' }));
  await chmod(disk, 0o444);
  const made = { snapshot: digest, digest: await fileDigest(disk), size: statSync(disk).size };
  await writeJson(record, made);
  return { kind: 'snapshot', name, disk, format: 'raw', digest: made.digest };
}

async function imageBase(store: RootfsStore, path: string): Promise<Base> {
  const format = diskFormat(path);
  return { kind: 'image', name: path, disk: path, format, digest: await diskDigest(store, path) };
}

/** The digest of an image is computed once, as long as its inode, size and times stay the same. */
async function diskDigest(store: RootfsStore, path: string): Promise<string> {
  const { dev, ino, size, mtimeNs, ctimeNs } = statSync(path, { bigint: true });
  const stamp = [dev, ino, size, mtimeNs, ctimeNs].join(':');
  const record = join(store.cache, `disk-${hash('sha256', path).slice(0, 32)}.json`);
  const known = await readJson(record, stampSchema).catch(() => undefined);
  if (known?.stamp === stamp) return known.digest;
  const digest = await fileDigest(path);
  await writeJson(record, { stamp, digest });
  return digest;
}

async function fileDigest(path: string): Promise<string> {
  const digest = createHash('sha256');
  for await (const chunk of createReadStream(path, { highWaterMark: 1 << 22 })) {
    proceed();
    digest.update(chunk as Buffer);
  }
  return digest.digest('hex');
}
