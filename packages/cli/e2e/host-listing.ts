import { createHash } from 'node:crypto';
import { closeSync, lstatSync, openSync, readdirSync, readlinkSync, readSync, type BigIntStats } from 'node:fs';
import { join } from 'node:path';

/** By path: type, mode, owner, size and what is in it. */
export type Listing = ReadonlyMap<string, string>;

export interface ListingOptions {
  /** Folders that are left out, with all below them. */
  readonly skip?: readonly string[];
  /** Of files: a digest of the contents, or the times and the inode, which no writing leaves as they were. */
  readonly contents: 'digest' | 'times';
}

/** All below the folders; what this user may not read, the user's builds may not change either, and it is listed without contents. */
export function listHost(folders: readonly string[], options: ListingOptions): Listing {
  const listing = new Map<string, string>();
  const skip = new Set(options.skip);
  const buffer = Buffer.alloc(1 << 20);
  const visit = (path: string): void => {
    if (skip.has(path)) return;
    const stat = unlessGone(() => lstatSync(path, { bigint: true }));
    if (stat === undefined) return;
    listing.set(path, `${String(stat.mode)} ${String(stat.uid)}:${String(stat.gid)} ${contentsOf(path, stat, options, buffer)}`);
    if (stat.isDirectory()) for (const name of unlessGone(() => readdirSync(path)) ?? []) visit(join(path, name));
  };
  for (const folder of folders) visit(folder);
  return listing;
}

/** Paths that only one of the two has, or that are not the same in both. */
export function changedPaths(before: Listing, after: Listing): string[] {
  return [...new Set([...before.keys(), ...after.keys()])].filter((path) => before.get(path) !== after.get(path)).sort();
}

function contentsOf(path: string, stat: BigIntStats, { contents }: ListingOptions, buffer: Buffer): string {
  if (stat.isSymbolicLink()) return unlessGone(() => readlinkSync(path)) ?? '';
  if (!stat.isFile()) return '';
  const size = `${String(stat.size)} bytes`;
  if (contents === 'times') return `${size}, inode ${String(stat.ino)}, ${String(stat.mtimeNs)} ${String(stat.ctimeNs)}`;
  return `${size}, ${unlessGone(() => digestOf(path, buffer)) ?? 'unreadable'}`;
}

function digestOf(path: string, buffer: Buffer): string {
  const file = openSync(path, 'r');
  try {
    const hash = createHash('sha256');
    for (;;) {
      const length = readSync(file, buffer);
      if (length === 0) return hash.digest('base64');
      hash.update(buffer.subarray(0, length));
    }
  } finally {
    closeSync(file);
  }
}

/** Other programs go on while this looks; and not everything may be read. */
function unlessGone<T>(look: () => T): T | undefined {
  try {
    return look();
  } catch (error) {
    if (['ENOENT', 'EACCES', 'EPERM', 'ENOTDIR'].includes((error as NodeJS.ErrnoException).code ?? '')) return undefined;
    throw error;
  }
}
