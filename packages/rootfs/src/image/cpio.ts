import { XlfsError } from '@xlfs/core';
import type { Pieces } from '../tree/batch.ts';
import { readContent, readSmall } from '../tree/content.ts';
import { orderedEntries, type Entry } from '../tree/entry.ts';
import { encodePath } from '../tree/path.ts';
import { FORMAT } from '../tree/file-type.ts';
import { writeStream, type Compression, type WrittenImage } from './compress.ts';

const SMALL = 1 << 16;

export interface CpioOptions {
  /** @default 'none' */
  readonly compression?: Compression;
  /** The compressor's level. @default zstd 19, xz 6, gzip 9, lz4 9 */
  readonly level?: number;
  /** Later times become this one, in seconds: the same tree gives the same bytes whenever it was built. */
  readonly epoch?: number;
}

/**
 * Write an initramfs archive ("newc": cpio(5), the kernel's Documentation/driver-api/early-userspace/buffer-format.rst). The same entries
 * give the same bytes. The format has no room for extended attributes: they are left out.
 * @throws ASSEMBLY_FAILED for a file of 4 GiB or more, which the format cannot hold.
 */
export async function writeCpio(entries: Iterable<Entry>, out: string, options: CpioOptions = {}): Promise<WrittenImage> {
  return await writeStream(out, cpioPieces(entries, options), options);
}

/** The archive's bytes. */
export function* cpioPieces(entries: Iterable<Entry>, options: Pick<CpioOptions, 'epoch'> = {}): Pieces {
  const ordered = orderedEntries(entries, options.epoch);
  const names = countNames(ordered);
  const inodes = new Map<string, { inode: number; left: number }>();
  const small = Buffer.allocUnsafe(SMALL);
  let nextInode = 1;
  for (const entry of ordered) {
    const nlink = entry.link === undefined ? 1 : (names.get(entry.link) ?? 1);
    let inode = nextInode;
    let last = true;
    if (entry.link !== undefined && nlink > 1) {
      const known = inodes.get(entry.link) ?? { inode: nextInode, left: nlink };
      inodes.set(entry.link, known);
      inode = known.inode;
      last = --known.left === 0;
    }
    if (inode === nextInode) nextInode++;
    // Every reader expects the bytes of a hard-linked file with its last name.
    const size = entry.type === 'symlink' ? encodePath(entry.target ?? '').length : last ? entry.size : 0;
    if (size > 0xffffffff) throw new XlfsError('ASSEMBLY_FAILED', `/${entry.path} is too large for a cpio archive (4 GiB)`);
    yield header(entry, { inode, nlink: entry.type === 'directory' ? 2 : nlink, size, epoch: options.epoch });
    if (size === 0) continue;
    if (entry.type === 'symlink') yield encodePath(entry.target ?? '');
    else yield readSmall(entry, small) ?? readContent(entry);
    if (size % 4 !== 0) yield Buffer.alloc(4 - (size % 4));
  }
  yield trailer();
}

interface HeaderFields {
  readonly inode: number;
  readonly nlink: number;
  readonly size: number;
  readonly epoch: number | undefined;
}

function header(entry: Entry, { inode, nlink, size, epoch }: HeaderFields): Buffer {
  const mtime = Math.max(0, epoch === undefined ? entry.mtime : Math.min(entry.mtime, epoch));
  const { major, minor } = entry.device ?? { major: 0, minor: 0 };
  const mode = FORMAT[entry.type] | entry.mode;
  return record(entry.path === '' ? Buffer.from('.') : encodePath(entry.path), [
    ...[inode, mode, entry.uid, entry.gid, nlink, mtime, size],
    ...[0, 0, major, minor],
  ]);
}

function trailer(): Buffer {
  return record(Buffer.from('TRAILER!!!'), [0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0]);
}

/** 110 bytes of ASCII hex fields, the name with its NUL, padding to four bytes. */
function record(name: Buffer, fields: readonly number[]): Buffer {
  const length = 110 + name.length + 1;
  const bytes = Buffer.alloc(Math.ceil(length / 4) * 4);
  const hex = [...fields, name.length + 1, 0].map((field) => field.toString(16).padStart(8, '0').toUpperCase());
  bytes.write(`070701${hex.join('')}`, 'latin1');
  name.copy(bytes, 110);
  return bytes;
}

function countNames(entries: readonly Entry[]): Map<string, number> {
  const names = new Map<string, number>();
  for (const { link } of entries) if (link !== undefined) names.set(link, (names.get(link) ?? 0) + 1);
  return names;
}
