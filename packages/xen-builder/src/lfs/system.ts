import type { TaskInput } from '@xlfs/core';
import { file, readAll, type Entry, type Tree } from '@xlfs/rootfs';
import { composeInputs } from '../image/composition.ts';

/** The programs of the layers as one system, in which root may log in at a console without a password, as it may at any other of ours. */
export async function composeSystem(inputs: readonly TaskInput[]): Promise<Tree> {
  const { tree } = await composeInputs(inputs);
  // No day of its last change either: login(1) takes the first day of all time for a password that has to be changed now.
  await rewrite(tree, 'etc/shadow', (text) => text.replace(/^root:[^:]*:[^:]*:/m, 'root:::'));
  // login(1) refuses root without one unless it is told otherwise. Nothing listens on the network.
  await rewrite(tree, 'etc/login.defs', (text) => `${text.replace(/^#?\s*PREVENT_NO_AUTH\b.*\n/gm, '')}PREVENT_NO_AUTH no\n`);
  return tree;
}

/** Text of a file of the tree; empty when there is none. */
export async function textOf(tree: Tree, path: string): Promise<string> {
  const entry = tree.get(path);
  return entry?.type === 'file' ? (await readAll(entry)).toString('utf8') : '';
}

async function rewrite(tree: Tree, path: string, change: (text: string) => string): Promise<void> {
  const entry = tree.get(path);
  if (entry?.type !== 'file') return;
  const { mode, uid, gid, mtime } = entry;
  const changed: Entry = file(path, change(await textOf(tree, path)), { mode, uid, gid, mtime });
  tree.set(path, changed);
}
