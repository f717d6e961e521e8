import type { Entry, Tree } from '../tree/entry.ts';
import { directory, file, orderedEntries } from '../tree/entry.ts';
import type { Digested } from '../snapshot/compare.ts';
import { writeTar } from '../image/tar.ts';
import { comparePaths } from '../tree/path.ts';
import type { Delta } from './manifest.ts';
import { sameState, statesOf, treeDigest } from './states.ts';

export interface MadePatch {
  readonly path: string;
  readonly size: number;
  readonly base: string;
  readonly result: string;
  readonly added: number;
  readonly removed: number;
  readonly changed: number;
}

/**
 * Write what leads from one tree to another: a canonical archive (tar, zstd) with `manifest.json` and the contents on both sides, by digest,
 * so that it can be applied and taken back. The same two trees give the same bytes.
 */
export async function makePatch(before: Iterable<Digested>, after: Iterable<Digested>, out: string): Promise<MadePatch> {
  const [old, now] = [orderedEntries(before) as Digested[], orderedEntries(after) as Digested[]];
  const [oldStates, newStates] = [await statesOf(old), await statesOf(now)];
  const paths = [...new Set([...oldStates.keys(), ...newStates.keys()])].sort(comparePaths);
  const changes: Delta['changes'] = paths.flatMap((path) => {
    const change = { path, before: oldStates.get(path) ?? null, after: newStates.get(path) ?? null };
    return sameState(change.before, change.after) ? [] : [change];
  });
  const delta: Delta = { format: 'xlfs-patch-1', base: treeDigest(oldStates), result: treeDigest(newStates), changes };
  const contents: Tree = new Map([['contents', directory('contents')]]);
  for (const { path, before: was, after: is } of changes) {
    // A file that stays the same and changes its owner needs no content.
    if (was?.sha256 === is?.sha256) continue;
    for (const [state, from] of [
      [was, old],
      [is, now],
    ] as const) {
      if (state?.sha256 === undefined || contents.has(`contents/${state.sha256}`)) continue;
      const entry = find(from, path);
      if (entry !== undefined) contents.set(`contents/${state.sha256}`, content(state.sha256, entry));
    }
  }
  const manifest = file('manifest.json', `${JSON.stringify(delta, null, 1)}\n`);
  const { size } = await writeTar([manifest, ...contents.values()], out, { compression: 'zstd' });
  const count = (test: (change: Delta['changes'][number]) => boolean) => changes.filter(test).length;
  return {
    path: out,
    size,
    base: delta.base,
    result: delta.result,
    added: count((change) => change.before === null),
    removed: count((change) => change.after === null),
    changed: count((change) => change.before !== null && change.after !== null),
  };
}

function content(sha256: string, entry: Entry): Entry {
  return {
    ...file(`contents/${sha256}`, ''),
    size: entry.size,
    ...(entry.content === undefined ? {} : { content: entry.content }),
    ...(entry.sparse === true ? { sparse: true } : {}),
  };
}

/** The list is in tree order. */
function find(entries: readonly Digested[], path: string): Digested | undefined {
  let low = 0;
  let high = entries.length - 1;
  while (low <= high) {
    const middle = (low + high) >> 1;
    const order = comparePaths(entries[middle]?.path ?? '', path);
    if (order === 0) return entries[middle];
    if (order < 0) low = middle + 1;
    else high = middle - 1;
  }
  return undefined;
}
