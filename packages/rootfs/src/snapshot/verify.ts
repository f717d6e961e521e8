import { createHash } from 'node:crypto';
import { XlfsError } from '@xlfs/core';
import { interruptible, type Interruptible } from '../store/interrupt.ts';
import type { RootfsStore } from '../store/rootfs-store.ts';
import { readContent } from '../tree/content.ts';
import { readManifest } from './manifest.ts';
import { withSnapshotTree } from './open.ts';
import { findSnapshot } from './snapshot.ts';

export interface Verified {
  readonly name: string;
  readonly digest: string;
  readonly files: number;
  /** Files whose content is not what the manifest says, or cannot be read. */
  readonly damaged: readonly { readonly path: string; readonly reason: string }[];
}

/** Read every content of a snapshot again and compare it with its digest. @throws STORE_CORRUPT when the manifest itself is damaged. */
export async function verifySnapshot(store: RootfsStore, name: string, { signal }: Interruptible = {}): Promise<Verified> {
  return await interruptible(signal, () => readAgain(store, name));
}

async function readAgain(store: RootfsStore, name: string): Promise<Verified> {
  const { digest } = await findSnapshot(store, name);
  const expected = new Map((await readManifest(store, digest)).map(({ path, sha256 }) => [path, sha256]));
  const damaged: { path: string; reason: string }[] = [];
  let files = 0;
  await withSnapshotTree(store, digest, async (entries) => {
    for (const entry of entries) {
      if (entry.type !== 'file') continue;
      files++;
      try {
        const hash = createHash('sha256');
        for await (const chunk of readContent(entry)) hash.update(chunk);
        if (hash.digest('hex') !== expected.get(entry.path))
          damaged.push({ path: entry.path, reason: 'its content is another one' });
      } catch (error) {
        if (!(error instanceof XlfsError) || error.code === 'INTERRUPTED') throw error;
        damaged.push({ path: entry.path, reason: error.message });
      }
    }
  });
  return { name, digest, files, damaged };
}
