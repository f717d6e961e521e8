import { spawn } from 'node:child_process';
import { lstatSync, realpathSync } from 'node:fs';
import { XlfsError } from '@xlfs/core';
import type { Entry, EntryType, Tree } from './entry.ts';
import { decodePath, encodePath, parentOf } from './path.ts';
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

/** `path` is find's word for the path below the root. */
const format = (path: '%P' | '%p') => `%y %m %U %G %s %b %n %D %i %T@ %C@\\0${path}\\0%l\\0`;

export interface WalkOptions {
  /** Stay on the root's file system. @default false */
  readonly oneFileSystem?: boolean;
  /** Read extended attributes. @default true */
  readonly xattrs?: boolean;
  /** Folders, as tree paths, that are listed but not entered. */
  readonly prune?: readonly string[];
  /** Folders, as tree paths, that a second process lists meanwhile: see {@link halfOf}. */
  readonly apart?: readonly string[];
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

/** The raw listing; equal bytes mean an unchanged tree. What is below `apart` comes last. */
export async function listTree(real: string, options: WalkOptions = {}): Promise<Buffer> {
  const { apart = [], prune = [] } = options;
  const whole = find(real, ['.'], format('%P'), options, [...prune, ...apart]);
  if (apart.length === 0) return await whole;
  const both = Promise.all([whole, find(real, [...apart, '-mindepth', '1'], format('%p'), options, prune)]);
  const [rest, below] = await both;
  // A folder that something was mounted on since would be entered by the second process.
  if (options.oneFileSystem === true && !onOneDevice(rest, apart)) return await listTree(real, { ...options, apart: [] });
  return Buffer.concat([rest, below]);
}

/** The same listing as `listTree` gives it with these folders apart. */
export function withApart(listing: Buffer, apart: readonly string[]): Buffer {
  if (apart.length === 0) return listing;
  const prefixes = apart.map((path) => encodePath(`${path}/`));
  const rest: Buffer[] = [];
  const below: Buffer[][] = apart.map(() => []);
  for (const { record, path } of records(listing)) {
    const index = prefixes.findIndex((prefix) => path.length > prefix.length && path.subarray(0, prefix.length).equals(prefix));
    (below[index] ?? rest).push(record);
  }
  return Buffer.concat([...rest, ...below.flat()]);
}

/** Folders that hold about half of a tree's entries, for a second process to list; none for a tree that is listed in no time. */
export function halfOf(entries: readonly Entry[]): string[] {
  if (entries.length < WORTH_SPLITTING) return [];
  const below = new Map<string, number>();
  const folders = new Set(entries.filter(({ type }) => type === 'directory').map(({ path }) => path));
  for (const { path } of entries)
    for (let at = parentOf(path); at !== ''; at = parentOf(at)) below.set(at, (below.get(at) ?? 0) + 1);
  const count = (path: string) => below.get(path) ?? 0;
  const inside = (folder: string) => [...folders].filter((path) => path !== '' && parentOf(path) === folder);
  // A folder with most of the tree in it is taken apart further.
  let candidates = inside('');
  for (let depth = 0; depth < 8; depth++) {
    const largest = candidates.find((path) => count(path) > entries.length / 2);
    if (largest === undefined) break;
    candidates = [...candidates.filter((path) => path !== largest), ...inside(largest)];
  }
  let left = entries.length / 2;
  const half: string[] = [];
  for (const path of candidates.filter((name) => SAFE_START.test(name)).sort((a, b) => count(b) - count(a))) {
    if (count(path) === 0 || count(path) > left) continue;
    half.push(path);
    left -= count(path);
    if (half.length === 100) break;
  }
  return half;
}

const WORTH_SPLITTING = 2000;
/** find takes a starting point with any other first character for a part of its expression. */
const SAFE_START = /^[A-Za-z0-9_]/;

async function find(
  real: string,
  start: readonly string[],
  print: string,
  { oneFileSystem = false }: WalkOptions,
  leaves: readonly string[],
): Promise<Buffer> {
  const pruned = leaves.flatMap((path, at) => [
    ...(at === 0 ? [] : ['-o']),
    ...['-path', `./${globEscape(path)}`, '-o', '-path', globEscape(path)],
  ]);
  const args = [
    ...['-P', ...start, ...(oneFileSystem ? ['-xdev'] : []), '-printf', print],
    ...(pruned.length === 0 ? [] : ['(', ...pruned, ')', '-prune']),
  ];
  const env = { LC_ALL: 'C', PATH: process.env['PATH'] };
  const done = await collect(spawn('find', args, { cwd: real, env, stdio: ['ignore', 'pipe', 'pipe'] }), 'find');
  if (done.code !== 0) {
    // A name that vanished between readdir and stat is normal in a live tree; a folder that may not be read is not.
    const lines = done.stderr.split('\n').filter((line) => line !== '' && !line.includes('No such file or directory'));
    if (lines.length > 0) requireSuccess(done);
  }
  return done.stdout;
}

function onOneDevice(listing: Buffer, folders: readonly string[]): boolean {
  const wanted = new Set(['', ...folders]);
  const devices = new Set<string | undefined>();
  for (const { record, path } of records(listing)) {
    if (!wanted.has(decodePath(path))) continue;
    devices.add(record.toString('latin1', 0, record.indexOf(0)).split(' ')[7]);
  }
  return devices.size === 1;
}

function* records(listing: Buffer): Generator<{ record: Buffer; path: Buffer }> {
  for (let at = 0; at < listing.length;) {
    const endOfFields = listing.indexOf(0, at);
    const endOfPath = listing.indexOf(0, endOfFields + 1);
    const end = listing.indexOf(0, endOfPath + 1) + 1;
    yield { record: listing.subarray(at, end), path: listing.subarray(endOfFields + 1, endOfPath) };
    at = end;
  }
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
