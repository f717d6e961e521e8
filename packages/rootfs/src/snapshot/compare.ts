import { createHash } from 'node:crypto';
import { breathe } from '../store/interrupt.ts';
import { readContent } from '../tree/content.ts';
import { orderedEntries, type Entry } from '../tree/entry.ts';
import { comparePaths } from '../tree/path.ts';

export type Aspect = 'type' | 'content' | 'mode' | 'owner' | 'mtime' | 'target' | 'device' | 'xattrs' | 'links';

export interface Difference {
  readonly path: string;
  readonly change: 'added' | 'removed' | 'changed';
  /** Of what is in both. */
  readonly aspects: readonly Aspect[];
  readonly before?: Entry;
  readonly after?: Entry;
}

/** An entry whose content's digest may be known without reading it. */
export type Digested = Entry & { readonly sha256?: string };

/** What is different between two trees, in tree order. Times of folders are not compared: whatever is done in one changes them. */
export async function compareTrees(before: Iterable<Digested>, after: Iterable<Digested>): Promise<Difference[]> {
  const old = new Map(orderedEntries(before).map((entry) => [entry.path, entry as Digested]));
  const now = new Map(orderedEntries(after).map((entry) => [entry.path, entry as Digested]));
  const oldNames = namesByLink(old.values());
  const newNames = namesByLink(now.values());
  const differences: Difference[] = [];
  for (const path of [...new Set([...old.keys(), ...now.keys()])].sort(comparePaths)) {
    await breathe();
    const a = old.get(path);
    const b = now.get(path);
    if (a === undefined && b !== undefined) differences.push({ path, change: 'added', aspects: [], after: b });
    else if (b === undefined && a !== undefined) differences.push({ path, change: 'removed', aspects: [], before: a });
    else if (a !== undefined && b !== undefined) {
      const aspects = await aspectsOf(a, b);
      if (names(a, oldNames) !== names(b, newNames)) aspects.push('links');
      if (aspects.length > 0) differences.push({ path, change: 'changed', aspects, before: a, after: b });
    }
  }
  return differences;
}

/** sha256 of a regular file's content, in hex. */
export async function contentDigest(entry: Digested): Promise<string> {
  if (entry.sha256 !== undefined) return entry.sha256;
  const hash = createHash('sha256');
  for await (const chunk of readContent(entry)) hash.update(chunk);
  return hash.digest('hex');
}

async function aspectsOf(a: Digested, b: Digested): Promise<Aspect[]> {
  if (a.type !== b.type) return ['type'];
  const aspects: Aspect[] = [];
  if (a.type === 'file' && (a.size !== b.size || (await contentDigest(a)) !== (await contentDigest(b)))) aspects.push('content');
  if (a.type !== 'symlink' && a.mode !== b.mode) aspects.push('mode');
  if (a.uid !== b.uid || a.gid !== b.gid) aspects.push('owner');
  if (a.type !== 'directory' && (a.mtime !== b.mtime || (a.nanoseconds ?? 0) !== (b.nanoseconds ?? 0))) aspects.push('mtime');
  if (a.target !== b.target) aspects.push('target');
  if (a.device?.major !== b.device?.major || a.device?.minor !== b.device?.minor) aspects.push('device');
  if (attributes(a) !== attributes(b)) aspects.push('xattrs');
  return aspects;
}

function attributes({ xattrs = {} }: Entry): string {
  return JSON.stringify(
    Object.entries(xattrs)
      .map(([name, value]) => [name, Buffer.from(value).toString('hex')])
      .sort(),
  );
}

function namesByLink(entries: Iterable<Entry>): Map<string, string> {
  const names = new Map<string, string>();
  for (const { link, path } of entries) if (link !== undefined) names.set(link, `${names.get(link) ?? ''}\0${path}`);
  return names;
}

/** All names of the same file, when it has more than one. */
function names({ link, path }: Entry, byLink: ReadonlyMap<string, string>): string {
  const all = link === undefined ? '' : (byLink.get(link) ?? '');
  return all === `\0${path}` ? '' : all;
}
