import type { StructuredPatch } from 'diff';
import { XlfsError } from '@xlfs/core';
import { compareTrees } from '../snapshot/compare.ts';
import { readAll } from '../tree/content.ts';
import { file, orderedEntries, treeOf, type Entry, type Tree } from '../tree/entry.ts';
import { treePath } from '../tree/path.ts';

/** Loaded where somebody has a diff: most do not. */
const library = () => import('diff');

/** Files beyond this are no text that a person edits. */
const MAX_TEXT = 16 * 2 ** 20;

/** Does it look like the output of diff -u? */
export function isUnifiedDiff(bytes: Buffer): boolean {
  const start = bytes.toString('latin1', 0, 1 << 16);
  return /^--- [^\n]+\n\+\+\+ [^\n]+\n@@ /m.test(start);
}

/** Differences of the text files of two trees as a unified diff that patch(1) takes with `-p1`; what is no text is named in `omitted`. */
export async function writeUnified(
  before: Iterable<Entry>,
  after: Iterable<Entry>,
): Promise<{ readonly text: string; readonly omitted: readonly string[] }> {
  const { createTwoFilesPatch } = await library();
  const parts: string[] = [];
  const omitted: string[] = [];
  for (const { path, before: old, after: now, change, aspects } of await compareTrees(before, after)) {
    if (change === 'changed' && !aspects.includes('content')) continue;
    const texts = await Promise.all([old, now].map(async (entry) => (entry === undefined ? '' : await textOf(entry))));
    const [from, to] = texts;
    if (from === undefined || to === undefined) omitted.push(path);
    else if (from !== to)
      parts.push(
        createTwoFilesPatch(
          old === undefined ? '/dev/null' : `a/${path}`,
          now === undefined ? '/dev/null' : `b/${path}`,
          from,
          to,
        ).replace(/^=+\n/, ''),
      );
  }
  return { text: parts.join(''), omitted };
}

/**
 * Apply a unified diff to the text files of a tree, like `patch -p1` without its guessing: every hunk must fit, or nothing is changed.
 * @throws ARCHIVE_INVALID when it is no diff, ARCHIVE_ESCAPES when it names a path outside, USAGE when a hunk does not fit.
 */
export async function applyUnified(tree: Iterable<Entry>, diff: string): Promise<Entry[]> {
  const result = treeOf(tree);
  for (const patch of await parse(diff)) await applyOne(result, patch);
  return orderedEntries(result.values());
}

async function applyOne(tree: Tree, patch: StructuredPatch): Promise<void> {
  const [from, to] = ends(tree, patch);
  const old = from === undefined ? undefined : tree.get(from);
  if (from !== undefined && old === undefined) throw new XlfsError('USAGE', `the patch changes /${from}, which is not there`);
  const text = old === undefined ? '' : await textOf(old);
  if (text === undefined) throw new XlfsError('USAGE', `the patch changes /${from ?? ''}, which is no text file`);
  if (from === undefined && to !== undefined && tree.has(to))
    throw new XlfsError('USAGE', `the patch adds /${to}, which is there already`);
  const { applyPatch } = await library();
  const patched = applyPatch(text, patch, { fuzzFactor: 0 });
  if (patched === false)
    throw new XlfsError('USAGE', `the patch does not fit /${from ?? to ?? ''}`, { hint: 'Use the tree that it was made from.' });
  if (old !== undefined) tree.delete(old.path);
  const path = to === undefined ? undefined : from === to ? (old?.path ?? to) : to;
  if (path === undefined) return;
  const bytes = Buffer.from(patched);
  const attributes = old ?? file(path, bytes);
  const { link: _, sparse: __, ...rest } = attributes;
  tree.set(path, { ...rest, path, size: bytes.length, content: { bytes } });
}

/** Paths on both sides; undefined where there is no file. `diff -N` says so by an empty side at the epoch, git by /dev/null. */
function ends(tree: Tree, patch: StructuredPatch): [string | undefined, string | undefined] {
  const from = strip(patch.oldFileName);
  const to = strip(patch.newFileName);
  const added = from !== undefined && !tree.has(from) && patch.hunks.every(({ oldLines }) => oldLines === 0);
  const removed = patch.hunks.every(({ newLines }) => newLines === 0) && /^1970-01-01 00:00:00/.test(patch.newHeader ?? '');
  return [added ? undefined : from, removed ? undefined : to];
}

async function parse(diff: string): Promise<StructuredPatch[]> {
  const { parsePatch } = await library();
  let patches: StructuredPatch[];
  try {
    patches = parsePatch(diff);
  } catch (cause) {
    throw new XlfsError('ARCHIVE_INVALID', 'the patch is not a unified diff', { cause });
  }
  if (patches.length === 0 || patches.every(({ hunks }) => hunks.length === 0))
    throw new XlfsError('ARCHIVE_INVALID', 'the patch is not a unified diff, or an empty one');
  return patches;
}

/** `a/etc/passwd` is /etc/passwd; /dev/null is nothing. */
function strip(name: string | undefined): string | undefined {
  const bare = (name ?? '').replace(/\t.*$/, '');
  if (bare === '/dev/null') return undefined;
  if (bare.startsWith('/')) throw new XlfsError('ARCHIVE_ESCAPES', `the patch names the absolute path ${bare}`);
  const path = treePath(bare.replace(/^(?:[ab]|old|new|orig)\//, ''));
  if (path === '') throw new XlfsError('ARCHIVE_INVALID', 'the patch names no file');
  return path;
}

async function textOf(entry: Entry): Promise<string | undefined> {
  if (entry.type !== 'file' || entry.size > MAX_TEXT) return undefined;
  const bytes = await readAll(entry);
  const text = bytes.toString('utf8');
  return text.includes('\0') || !Buffer.from(text).equals(bytes) ? undefined : text;
}
