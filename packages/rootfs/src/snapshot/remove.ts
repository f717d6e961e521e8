import { rm } from 'node:fs/promises';
import { XlfsError } from '@xlfs/core';
import { listForks } from '../fork/record.ts';
import { lockStore, type RootfsStore } from '../store/rootfs-store.ts';
import { findSnapshot, snapshotPath, type Snapshot } from './snapshot.ts';

/**
 * Take a snapshot's name away; `gc` removes what nothing else needs.
 * @throws USAGE when there is none, or forks come from it.
 */
export async function removeSnapshot(store: RootfsStore, name: string): Promise<Snapshot> {
  const lock = await lockStore(store, 'exclusive');
  try {
    const found = await findSnapshot(store, name);
    const children = (await listForks(store)).filter(({ parent }) => parent.kind === 'snapshot' && parent.name === name);
    if (children.length > 0)
      throw new XlfsError('USAGE', `${name} has forks: ${children.map((child) => child.name).join(', ')}`, {
        hint: 'Remove those first.',
      });
    await rm(snapshotPath(store, name));
    return found;
  } finally {
    lock.release();
  }
}
