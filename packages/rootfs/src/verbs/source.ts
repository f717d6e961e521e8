import { lstatSync } from 'node:fs';
import { XlfsError } from '@xlfs/core';
import { openArchiveTree } from '../archive/archive.ts';
import { Ext4Reader } from '../image/ext4/read.ts';
import { withSnapshotTree } from '../snapshot/open.ts';
import { readManifest } from '../snapshot/manifest.ts';
import { findSnapshot } from '../snapshot/snapshot.ts';
import type { Digested } from '../snapshot/compare.ts';
import type { RootfsStore } from '../store/rootfs-store.ts';
import { treeOf, type Tree } from '../tree/entry.ts';
import { applyTree } from '../tree/layers.ts';
import { walkTree } from '../tree/walk.ts';

/**
 * Use the tree that a word on the command line stands for: a path with a slash in it is a folder, an ext4 image, or a tar or cpio archive;
 * a word without one is a snapshot.
 * @throws USAGE when there is nothing of that name.
 */
export async function withSource<T>(store: RootfsStore, source: string, use: (entries: Digested[]) => Promise<T>): Promise<T> {
  if (!source.includes('/') && source !== '.') return await withSnapshot(store, source, use);
  const stats = lstatSync(source, { throwIfNoEntry: false });
  if (stats === undefined) throw new XlfsError('USAGE', `there is no folder, image or archive ${source}`);
  if (stats.isDirectory()) return await use([...(await walkTree(source)).values()]);
  const reader = openImage(source);
  if (reader !== undefined) {
    try {
      return await use([...reader.tree().values()]);
    } finally {
      reader.close();
    }
  }
  const archive = await openArchiveTree(source);
  try {
    return await use([...archive.tree.values()]);
  } finally {
    await archive.close();
  }
}

/** Use the tree that several sources give, layers over one another: later ones win, as in `mergeLayers`. */
export async function withLayers<T>(
  store: RootfsStore,
  sources: readonly string[],
  use: (tree: Tree) => Promise<T>,
  below: Tree = new Map(),
): Promise<T> {
  const [source, ...above] = sources;
  if (source === undefined) return await use(below);
  return await withSource(store, source, (entries) => withLayers(store, above, use, applyTree(below, treeOf(entries))));
}

async function withSnapshot<T>(store: RootfsStore, name: string, use: (entries: Digested[]) => Promise<T>): Promise<T> {
  const { digest } = await findSnapshot(store, name);
  // The manifest has the digests: what is equal need not be read.
  const digests = new Map((await readManifest(store, digest)).map(({ path, sha256 }) => [path, sha256]));
  return await withSnapshotTree(store, digest, (entries) =>
    use(
      entries.map((entry) => {
        const sha256 = digests.get(entry.path);
        return sha256 === undefined ? entry : { ...entry, sha256 };
      }),
    ),
  );
}

function openImage(path: string): Ext4Reader | undefined {
  try {
    return new Ext4Reader(path);
  } catch (error) {
    if (error instanceof XlfsError && error.code === 'ARCHIVE_INVALID') return undefined;
    throw error;
  }
}
