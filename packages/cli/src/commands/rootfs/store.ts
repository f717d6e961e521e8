import { join } from 'node:path';
import { openRootfsStore, type RootfsStore } from '@xlfs/rootfs';
import type { Context } from '../../context.ts';

/** Snapshots, forks and what they need: a part of the store. */
export function storeFolder({ storeDir }: Context): string {
  return join(storeDir, 'rootfs');
}

export function rootfsStore(context: Context): RootfsStore {
  return openRootfsStore(storeFolder(context));
}
