import { spawn } from 'node:child_process';
import { lstatSync, realpathSync } from 'node:fs';
import { XlfsError } from '@xlfs/core';
import type { Entry, EntryType, Tree } from './entry.ts';
import { decodePath, encodePath } from './path.ts';
import { collect, requireSuccess } from './process.ts';
import { readXattrs } from './xattr.ts';

const TYPES: Readonly<Record<string, EntryType>> = {
  f: 'file',
  d: 'directory',
  l: 'symlink',
  c: 'char',
  b: 'block',
  p: 'fifo',
  s: 'socket',
};

const FORMAT = '%y %m %U %G %s %b %n %D %i %T@ %C@\\0%P\\0%l\\0';

export interface WalkOptions {
  /** Stay on the root's file system. @default false */
  readonly oneFileSystem?: boolean;
  /** Read extended attributes. @default true */
  readonly xattrs?: boolean;
  /** Folders, as tree paths, that are listed but not entered. */
  readonly prune?: readonly string[];
}

/** What a file looked like when it was listed: the same stamp means that its bytes need not be read again. */
export interface Stamped extends Entry {
  /** device:inode:size:mtime:ctime */
  readonly stamp: string;
}

/**
 * Every name below a folder, without following a symlink. One `find` does the listing: it is several times faster than a
 * `lstat` per name from here, and takes names of any bytes.
 * @throws USAGE when `root` is no folder.
 */
export async function walkTree(root: string, options: WalkOptions = {}): Promise<Tree> {
  const real = treeRoot(root);
  const [listing, xattrs] = await Promise.all([listTree(real, options), options.xattrs === false ? undefined : readXattrs(real)]);
  const tree: Tree = new Map();
  for (const { stamp: _, ...entry } of parseListing(listing, real)) {
    const attributes = xattrs?.get(entry.path);
    tree.set(entry.path, attributes === undefined ? entry : { ...entry, xattrs: attributes });
  }
  return tree;
}

/** The folder that a walk starts at, with symlinks on the way to it resolved. */
export function treeRoot(root: string): string {
  let real: string;
  try {
    real = realpathSync(root);
  } catch (cause) {
    throw new XlfsError('USAGE', `there is no folder ${root}`, { cause });
  }
  if (!lstatSync(real).isDirectory()) throw new XlfsError('USAGE', `${root} is not a folder`);
  return real;
}

/** The raw listing; equal bytes mean an unchanged tree. */
export async function listTree(real: string, options: WalkOptions = {}): Promise<Buffer> {
  const pruned = (options.prune ?? []).flatMap((path, at) => [
    ...(at === 0 ? [] : ['-o']),
    '-path',
    globEscape(`${real === '/' ? '' : real}/${path}`),
  ]);
  const args = [
    '-P',
    real,
    ...(options.oneFileSystem === true ? ['-xdev'] : []),
    ...['-printf', FORMAT],
    ...(pruned.length === 0 ? [] : ['(', ...pruned, ')', '-prune']),
  ];
  const child = spawn(
    'find',
    args.map((arg) => arg),
    { env: { LC_ALL: 'C', PATH: process.env['PATH'] }, stdio: ['ignore', 'pipe', 'pipe'] },
  );
  const done = await collect(child, 'find');
  if (done.code !== 0) {
    // A name that vanished between readdir and stat is normal in a live tree; a folder that may not be read is not.
    const lines = done.stderr.split('\n').filter((line) => line !== '' && !line.includes('No such file or directory'));
    if (lines.length > 0) requireSuccess(done);
  }
  return done.stdout;
}

/** Entries of a raw listing, in its order. */
export function* parseListing(listing: Buffer, real: string): Generator<Stamped> {
  for (let at = 0; at < listing.length;) {
    const endOfFields = listing.indexOf(0, at);
    const endOfPath = listing.indexOf(0, endOfFields + 1);
    const endOfTarget = listing.indexOf(0, endOfPath + 1);
    const path = decodePath(listing.subarray(endOfFields + 1, endOfPath));
    const fields = listing.toString('latin1', at, endOfFields).split(' ');
    yield toEntry(fields, path, listing.subarray(endOfPath + 1, endOfTarget), real);
    at = endOfTarget + 1;
  }
}

function toEntry(fields: readonly string[], path: string, target: Buffer, real: string): Stamped {
  const [
    kind = '',
    mode = '',
    uid = '',
    gid = '',
    size = '',
    blocks = '',
    links = '',
    dev = '',
    ino = '',
    mtime = '',
    ctime = '',
  ] = fields;
  const type = TYPES[kind];
  if (type === undefined) throw new XlfsError('ASSEMBLY_FAILED', `/${path} has a type (${kind}) that no image can hold`);
  const [seconds = '0', fraction = '0'] = mtime.split('.');
  const bytes = type === 'file' ? Number(size) : 0;
  const absolute = path === '' ? real : `${real === '/' ? '' : real}/${path}`;
  return {
    path,
    type,
    mode: Number.parseInt(mode, 8),
    uid: Number(uid),
    gid: Number(gid),
    mtime: Number(seconds),
    nanoseconds: Number(fraction.slice(0, 9)),
    size: bytes,
    stamp: `${dev}:${ino}:${size}:${mtime}:${ctime}`,
    ...(type === 'file' ? { content: { file: absolute } } : {}),
    ...(type === 'file' && Number(blocks) * 512 < bytes ? { sparse: true } : {}),
    ...(type !== 'directory' && Number(links) > 1 ? { link: `${dev}:${ino}` } : {}),
    ...(type === 'symlink' ? { target: decodePath(target) } : {}),
    ...(type === 'char' || type === 'block' ? { device: deviceOf(absolute) } : {}),
  };
}

function deviceOf(path: string): { major: number; minor: number } {
  const { rdev } = lstatSync(encodePath(path), { bigint: true });
  const major = ((rdev >> 8n) & 0xfffn) | ((rdev >> 32n) & 0xfffff000n);
  const minor = (rdev & 0xffn) | ((rdev >> 12n) & 0xffffff00n);
  return { major: Number(major), minor: Number(minor) };
}

/** find's -path takes a shell pattern. */
function globEscape(path: string): string {
  return path.replace(/[*?[\]\\]/g, '\\$&');
}
