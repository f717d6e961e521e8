import type { Tree } from './entry.ts';
import { treePath } from './path.ts';
import { walkTree, type WalkOptions } from './walk.ts';

export interface Layer {
  /** Folder that holds the layer's files as they lie below `/`. */
  readonly root: string;
  /** Paths that this layer takes away from those below it, with what is under them. */
  readonly removed?: readonly string[];
}

/** One tree out of layers, in order: later ones win; a folder that is in both takes the later one's attributes and keeps its contents. */
export async function mergeLayers(layers: readonly (Layer | string)[], options: WalkOptions = {}): Promise<Tree> {
  const trees = await Promise.all(
    layers.map(async (layer) => {
      const { root, removed = [] } = typeof layer === 'string' ? { root: layer } : layer;
      return { tree: await walkTree(root, options), removed };
    }),
  );
  const merged: Tree = new Map();
  for (const { tree, removed } of trees) {
    removePaths(merged, removed);
    applyTree(merged, tree);
  }
  return merged;
}

/** Put `upper` over `lower`, in place. What a non-folder covers is gone, as in an overlay mount. */
export function applyTree(lower: Tree, upper: Tree): Tree {
  const covered = [...upper.values()].filter(
    (entry) => entry.type !== 'directory' && lower.get(entry.path)?.type === 'directory',
  );
  removePaths(
    lower,
    covered.map((entry) => entry.path),
  );
  for (const [path, entry] of upper) lower.set(path, entry);
  return lower;
}

/** Take paths, with everything below them, out of a tree, in place. */
export function removePaths(tree: Tree, paths: readonly string[]): Tree {
  if (paths.length === 0) return tree;
  const gone = new Set(paths.map(treePath));
  for (const path of tree.keys()) {
    for (let at = path.length; at > 0; at = path.lastIndexOf('/', at - 1)) {
      if (gone.has(path.slice(0, at))) {
        tree.delete(path);
        break;
      }
    }
  }
  return tree;
}
