import type { TaskInput } from '@xlfs/core';
import { applyTree, orderedEntries, removePaths, treeOf, walkTree, type Entry, type Tree } from '@xlfs/rootfs';

/** What the input layers give together, and which recipe each path comes from. */
export interface Composition {
  readonly tree: Tree;
  /** Recipe by tree path. */
  readonly owners: Map<string, string>;
}

/** Lays the layers over one another, dependencies first, as an overlay mount would. */
export async function composeInputs(inputs: readonly TaskInput[]): Promise<Composition> {
  const tree: Tree = new Map();
  const owners = new Map<string, string>();
  for (const { recipe, root } of inputs) {
    const layer = await walkTree(root);
    const removed = [...layer.values()].filter(isWhiteout).map(({ path }) => path);
    for (const path of removed) layer.delete(path);
    removePaths(tree, removed);
    applyTree(tree, layer);
    for (const [path, { type }] of layer) {
      // A folder belongs to whoever made it first; everything else to whoever wrote it last.
      if (type !== 'directory' || !owners.has(path)) owners.set(path, recipe);
    }
  }
  return { tree, owners };
}

/** Puts an image's own entries over what the recipes gave; folders that are missing on the way to them are made. */
export function addOwn({ tree, owners }: Composition, owner: string, entries: readonly Entry[], epoch: number): void {
  applyTree(tree, treeOf(entries));
  for (const { path } of entries) owners.set(path, owner);
  for (const entry of orderedEntries(tree.values(), epoch)) {
    if (tree.has(entry.path)) continue;
    tree.set(entry.path, entry);
    owners.set(entry.path, owner);
  }
}

/** How overlayfs notes that a layer took a path away. */
function isWhiteout({ type, device }: Entry): boolean {
  return type === 'char' && device?.major === 0 && device.minor === 0;
}
