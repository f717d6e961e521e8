import { XlfsError } from '@xlfs/core';
import { withArchive } from '../archive/archive.ts';
import type { Digested } from '../snapshot/compare.ts';
import { readAll } from '../tree/content.ts';
import { orderedEntries, treeOf, type Entry, type Tree } from '../tree/entry.ts';
import { removePaths } from '../tree/layers.ts';
import { treePath } from '../tree/path.ts';
import { entryOf, parseDelta, type Delta, type State } from './manifest.ts';
import { sameState, statesOf, treeDigest } from './states.ts';

export type Direction = 'apply' | 'revert';

/** What a patch says, without applying it. @throws ARCHIVE_INVALID, ARCHIVE_ESCAPES. */
export async function readPatch(patch: string): Promise<Delta> {
  return await withArchive(patch, async (archive) => (await openPatch(archive)).delta);
}

/**
 * Use the tree that a patch makes of another, or takes back. Every content is checked against its digest before `use` is called, and the
 * result as a whole against the digest in the patch.
 * @throws USAGE when the tree is not the one that the patch is for, naming the first path that differs.
 */
export async function withPatched<T>(
  base: Iterable<Digested>,
  patch: string,
  direction: Direction,
  use: (entries: Entry[]) => Promise<T>,
): Promise<T> {
  return await withArchive(patch, async (archive) => {
    const { delta, contents } = await openPatch(archive);
    const ordered = orderedEntries(base) as Digested[];
    const changes = delta.changes.map(({ path, before, after }) =>
      direction === 'apply' ? { path, from: before, to: after } : { path, from: after, to: before },
    );
    const [expected, promised] = direction === 'apply' ? [delta.base, delta.result] : [delta.result, delta.base];
    const states = await statesOf(ordered);
    if (treeDigest(states) !== expected) throw mismatch(changes, states, direction);
    const patched = applyChanges(treeOf(ordered), changes, contents);
    if (treeDigest(await statesOf(patched.values())) !== promised) {
      throw new XlfsError('ARCHIVE_INVALID', 'the patch does not lead to the tree that it promises', {
        hint: 'It is damaged or was made by something else: do not use it.',
      });
    }
    return await use(orderedEntries(patched.values()));
  });
}

type Change = { readonly path: string; readonly from: State | null; readonly to: State | null };

async function openPatch(archive: Tree): Promise<{ delta: Delta; contents: ReadonlyMap<string, Entry> }> {
  const manifest = archive.get('manifest.json');
  if (manifest?.type !== 'file' || manifest.size > 1 << 28)
    throw new XlfsError('ARCHIVE_INVALID', 'this archive is no patch: it has no manifest.json');
  const delta = parseDelta((await readAll(manifest)).toString('utf8'));
  for (const { path } of delta.changes) {
    if (treePath(path) !== path)
      throw new XlfsError('ARCHIVE_ESCAPES', `the patch has a path in another spelling: ${JSON.stringify(path)}`);
  }
  const contents = new Map(
    [...archive.values()]
      .filter(({ path, type }) => type === 'file' && path.startsWith('contents/'))
      .map((entry) => [entry.path.slice('contents/'.length), entry]),
  );
  return { delta, contents };
}

function applyChanges(tree: Tree, changes: readonly Change[], contents: ReadonlyMap<string, Entry>): Tree {
  const before = new Map(tree);
  removePaths(
    tree,
    changes.filter(({ to }) => to === null).map(({ path }) => path),
  );
  const first = new Map<string, string>();
  for (const { path, to } of changes) {
    if (to === null) continue;
    const entry = entryOf(path, to);
    const old = before.get(path);
    const own = to.sha256 === undefined ? undefined : contents.get(to.sha256);
    // Without a content in the patch, it is the one that was there.
    const source = own ?? old;
    tree.set(path, {
      ...entry,
      ...(to.type === 'file' && source?.content !== undefined ? { content: source.content } : {}),
      ...(source?.sparse === true ? { sparse: true } : {}),
    });
    if (to.sameAs !== undefined) first.set(to.sameAs, `patch:${to.sameAs}`);
  }
  relink(tree, first);
  return tree;
}

/** The first name of a file carries the same link as those that the patch says are the same. */
function relink(tree: Tree, originals: ReadonlyMap<string, string>): void {
  for (const [path, link] of originals) {
    const original = tree.get(path);
    if (original === undefined) continue;
    const old = original.link;
    for (const entry of [...tree.values()])
      if (entry.path === path || (old !== undefined && entry.link === old)) tree.set(entry.path, { ...entry, link });
  }
}

function mismatch(changes: readonly Change[], states: ReadonlyMap<string, State>, direction: Direction): XlfsError {
  const other = changes.find(({ path, from }) => !sameState(states.get(path), from));
  const where =
    other === undefined ? 'it differs in a path that the patch does not touch' : `/${other.path} is not as the patch expects it`;
  return new XlfsError(
    'USAGE',
    `the patch cannot be ${direction === 'apply' ? 'applied to' : 'taken back from'} this tree: ${where}`,
    {
      hint: 'Use the tree that it was made from.',
    },
  );
}
