import { XlfsError } from '@xlfs/core';
import type { Content, Entry, Tree } from '../tree/entry.ts';
import { encodePath, parentOf, treePath } from '../tree/path.ts';
import type { ArchiveFile, RawEntry } from './raw-entry.ts';

export interface AdmitOptions {
  /** More entries than this are no root filesystem. @default 4,000,000 */
  readonly maxEntries?: number;
  /** Bytes of all files together, holes included. @default 1 TiB */
  readonly maxBytes?: number;
}

const MAX_TARGET = 4095;
const MAX_PATH = 4095;

/**
 * A tree out of what an archive states. After this, every path lies below the root by its spelling, nothing lies below something that is
 * no folder, every name stands once, and every hard link names a file of the same archive: writing the tree out cannot touch anything else.
 * @throws ARCHIVE_ESCAPES, ARCHIVE_INVALID.
 */
export function admit(raw: Iterable<RawEntry>, plain: string, archive: ArchiveFile, options: AdmitOptions = {}): Tree {
  const { maxEntries = 4_000_000, maxBytes = 2 ** 40 } = options;
  const tree: Tree = new Map();
  const inodes = new Map<string, Entry[]>();
  let bytes = 0;
  for (const entry of raw) {
    if (tree.size >= maxEntries) throw invalid(`it has more than ${String(maxEntries)} entries`);
    bytes += entry.size;
    if (bytes > maxBytes) throw invalid(`its files have more than ${String(maxBytes)} bytes`);
    const path = admitPath(entry);
    const before = tree.get(path);
    if (before !== undefined && (before.type !== 'directory' || entry.type !== 'directory'))
      throw invalid(`/${path} stands in it twice`);
    const admitted = entry.type === 'hardlink' ? hardLink(path, entry, tree) : plainEntry(path, entry, plain, archive);
    tree.set(path, admitted);
    if (entry.inode !== undefined) inodes.set(entry.inode, [...(inodes.get(entry.inode) ?? []), admitted]);
  }
  for (const path of tree.keys()) refuseBelowNonFolder(tree, path);
  for (const [inode, names] of inodes) shareContent(tree, inode, names);
  return tree;
}

function admitPath(entry: RawEntry): string {
  if (entry.path === '') throw invalid('an entry has no name');
  if (entry.path.startsWith('/'))
    throw new XlfsError('ARCHIVE_ESCAPES', `the archive has the absolute path ${JSON.stringify(entry.path)}`);
  const path = treePath(entry.path);
  if (encodePath(path).length > MAX_PATH) throw invalid(`a path in it is longer than ${String(MAX_PATH)} bytes`);
  if (path === '' && entry.type !== 'directory') throw invalid(`its root is a ${entry.type}`);
  return path;
}

/** tar: the target is a path in the archive that came before. */
function hardLink(path: string, entry: RawEntry, tree: Tree): Entry {
  const target = entry.target ?? '';
  if (target.startsWith('/'))
    throw new XlfsError('ARCHIVE_ESCAPES', `the hard link /${path} names the absolute path ${JSON.stringify(target)}`);
  const to = treePath(target);
  const original = tree.get(to);
  if (original === undefined)
    throw new XlfsError('ARCHIVE_ESCAPES', `the hard link /${path} names /${to}, which is not in the archive before it`);
  if (original.type === 'directory') throw invalid(`the hard link /${path} names the folder /${to}`);
  const link = original.link ?? `archive:${to}`;
  tree.set(to, { ...original, link });
  return { ...original, path, link };
}

function plainEntry(path: string, entry: RawEntry, plain: string, archive: ArchiveFile): Entry {
  const { type, mode, uid, gid, mtime, nanoseconds, size, target, device, xattrs, pieces } = entry;
  if (type === 'hardlink') throw new Error('hard links are admitted elsewhere');
  if (
    type === 'symlink' &&
    (target === undefined || target === '' || target.includes('\0') || encodePath(target).length > MAX_TARGET)
  ) {
    throw invalid(`the symlink /${path} has a target that cannot be`);
  }
  if (uid > 0xfffffffe || gid > 0xfffffffe) throw invalid(`/${path} has an owner that cannot be`);
  if (device !== undefined && (device.major > 0xfff || device.minor > 0xfffff))
    throw invalid(`/${path} has a device number that cannot be`);
  const content: Content =
    pieces === undefined ? { file: plain, offset: entry.offset } : { open: () => withHoles(archive, entry) };
  return {
    path,
    type,
    mode,
    uid,
    gid,
    mtime,
    nanoseconds,
    size,
    ...(type === 'symlink' && target !== undefined ? { target } : {}),
    ...(device === undefined ? {} : { device }),
    ...(xattrs === undefined ? {} : { xattrs }),
    ...(type === 'file' ? { content } : {}),
    ...(pieces === undefined ? {} : { sparse: true }),
  };
}

/** Below a symlink, a file or a device nothing can be: the classic way out of an archive's folder. */
function refuseBelowNonFolder(tree: Tree, path: string): void {
  for (let folder = parentOf(path); folder !== ''; folder = parentOf(folder)) {
    const type = tree.get(folder)?.type;
    if (type === undefined || type === 'directory') continue;
    throw new XlfsError('ARCHIVE_ESCAPES', `/${path} lies below /${folder}, which is a ${type} in the same archive`);
  }
}

/** cpio: all names of a file carry its content. */
function shareContent(tree: Tree, inode: string, names: readonly Entry[]): void {
  if (names.length < 2) return;
  const full = names.filter(({ size }) => size > 0);
  if (full.length > 1 && new Set(full.map(({ size }) => size)).size > 1)
    throw invalid(`the names of one file, /${names[0]?.path ?? ''} …, have contents of their own`);
  const source = full.at(-1) ?? names.at(-1);
  if (source === undefined) return;
  for (const { path } of names) tree.set(path, { ...source, path, link: `archive:${inode}` });
}

async function* withHoles(archive: ArchiveFile, { size, offset, pieces = [] }: RawEntry): AsyncGenerator<Uint8Array> {
  const step = 1 << 20;
  let at = 0;
  let data = offset;
  for (const { from, length } of [...pieces, { from: size, length: 0 }]) {
    for (; at < from; at += Math.min(step, from - at)) yield Buffer.alloc(Math.min(step, from - at));
    for (let done = 0; done < length; done += step) yield archive.read(data + done, Math.min(step, length - done));
    at = from + length;
    data += length;
  }
}

function invalid(what: string): XlfsError {
  return new XlfsError('ARCHIVE_INVALID', `the archive cannot be used: ${what}`);
}
