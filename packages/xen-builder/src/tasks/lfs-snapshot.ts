import type { TaskInput } from '@xlfs/core';
import { applyTree, consoleDevices, openRootfsStore, removePaths, snapshotTree, treeOf, type Snapshot } from '@xlfs/rootfs';
import { composeSystem } from '../lfs/system.ts';

/** JSON: this runs as root of a namespace, where the files of every owner can be read. */
export interface LfsSnapshotParams {
  readonly store: string;
  readonly name: string;
  readonly inputs: readonly TaskInput[];
}

/** Freezes the system that the layers give together. */
export async function lfsSnapshot({ store, name, inputs }: LfsSnapshotParams): Promise<Snapshot> {
  const tree = await composeSystem(inputs);
  // The kernels of guests lie in dom0.
  removePaths(
    tree,
    [...tree.keys()].filter((path) => path.startsWith('boot/')),
  );
  applyTree(tree, treeOf(consoleDevices()));
  return await snapshotTree(openRootfsStore(store), tree.values(), {
    name,
    source: `${String(inputs.length)} layers`,
    replace: true,
  });
}
