import { interruptible, type Interruptible } from '../store/interrupt.ts';
import type { RootfsStore } from '../store/rootfs-store.ts';
import { materialise, type Materialised, type MaterialiseOptions } from '../tree/materialise.ts';
import { withSnapshotTree } from './open.ts';
import { findSnapshot } from './snapshot.ts';

export interface Restored extends Materialised {
  readonly digest: string;
  readonly milliseconds: number;
}

/**
 * Write a snapshot to a new folder. Device nodes need real root; without it they are named in `skipped`, and an image of the snapshot
 * has them nevertheless.
 * @throws USAGE when the folder exists and is not empty; STORE_CORRUPT when a content is missing.
 */
export async function restoreSnapshot(
  store: RootfsStore,
  name: string,
  folder: string,
  options: MaterialiseOptions & Interruptible = {},
): Promise<Restored> {
  const started = performance.now();
  const { digest } = await findSnapshot(store, name);
  const done = await interruptible(options.signal, () =>
    withSnapshotTree(store, digest, (entries) => materialise(entries, folder, options)),
  );
  return { ...done, digest, milliseconds: performance.now() - started };
}
