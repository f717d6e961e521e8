import type { Entry } from './entry.ts';
import { encodePath } from './path.ts';
import { records } from './listing.ts';

const WORTH_SPLITTING = 2000;
/** find takes a starting point with any other first character for a part of its expression. */
const SAFE_START = /^[A-Za-z0-9_]/;

/** find's letter for a folder, which a record starts with. */
const DIRECTORY = 0x64;

interface Folder {
  readonly path: string;
  readonly folders: Folder[];
  /** Entries below it. */
  count: number;
}

/**
 * Folders that hold about half of a tree's entries, for a second process to list; none for a tree that is listed in no time.
 * @param entries in tree order
 */
export function halfOf(entries: readonly Entry[]): string[] {
  if (entries.length < WORTH_SPLITTING) return [];
  // A folder with most of the tree in it is taken apart further.
  let candidates = folderOf(entries).folders;
  for (let depth = 0; depth < 8; depth++) {
    const largest = candidates.find(({ count }) => count > entries.length / 2);
    if (largest === undefined) break;
    candidates = [...candidates.filter((folder) => folder !== largest), ...largest.folders];
  }
  let left = entries.length / 2;
  const half: string[] = [];
  for (const { path, count } of candidates.filter((folder) => SAFE_START.test(folder.path)).sort((a, b) => b.count - a.count)) {
    if (count === 0 || count > left) continue;
    half.push(path);
    left -= count;
    if (half.length === 100) break;
  }
  return half;
}

/** The folders of a tree: each is followed by what is below it. */
function folderOf(entries: readonly Entry[]): Folder {
  const root: Folder = { path: '', folders: [], count: entries.length - 1 };
  const open = [{ folder: root, prefix: '', at: 0 }];
  const close = (at: number): void => {
    const done = open.pop();
    if (done !== undefined) done.folder.count = at - done.at - 1;
  };
  entries.forEach(({ path, type }, at) => {
    while (!path.startsWith(open.at(-1)?.prefix ?? '')) close(at);
    if (type !== 'directory' || path === '') return;
    const folder: Folder = { path, folders: [], count: 0 };
    open.at(-1)?.folder.folders.push(folder);
    open.push({ folder, prefix: `${path}/`, at });
  });
  while (open.length > 0) close(entries.length);
  return root;
}

/** The same listing as `listTree` gives it with these folders apart: what is below them comes last. */
export function withApart(listing: Buffer, apart: readonly string[]): Buffer {
  if (apart.length === 0) return listing;
  const wanted = new Map(apart.map((path, index) => [encodePath(path).toString('latin1'), index]));
  const rest: Buffer[] = [];
  const below: Buffer[] = apart.map(() => Buffer.alloc(0));
  let cut = 0;
  let inside: { readonly prefix: Buffer; readonly index: number } | undefined;
  const cutAt = (at: number): void => {
    const part = listing.subarray(cut, at);
    if (inside === undefined) rest.push(part);
    else below[inside.index] = part;
    cut = at;
  };
  for (const { record, path } of records(listing)) {
    const at = record.byteOffset - listing.byteOffset;
    if (inside !== undefined && !startsWith(path, inside.prefix)) {
      cutAt(at);
      inside = undefined;
    }
    if (inside !== undefined || record[0] !== DIRECTORY) continue;
    const index = wanted.get(path.toString('latin1'));
    if (index === undefined) continue;
    cutAt(at + record.length);
    inside = { prefix: Buffer.concat([path, Buffer.from('/')]), index };
  }
  cutAt(listing.length);
  return Buffer.concat([...rest, ...below]);
}

function startsWith(bytes: Buffer, prefix: Buffer): boolean {
  return bytes.length > prefix.length && bytes.compare(prefix, 0, prefix.length, 0, prefix.length) === 0;
}
