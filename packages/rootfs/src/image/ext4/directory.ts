import type { EntryType } from '../../tree/entry.ts';
import { crc32c } from './crc32c.ts';
import { BLOCK } from './layout.ts';

export interface DirectoryItem {
  readonly name: Buffer;
  readonly inode: number;
  readonly type: EntryType;
}

/** As a record of a folder says it. */
export const FILE_TYPE: Readonly<Record<EntryType, number>> = {
  file: 1,
  directory: 2,
  char: 3,
  block: 4,
  fifo: 5,
  socket: 6,
  symlink: 7,
};
/** Each block ends in a false entry with the block's checksum. */
export const TAIL = 12;

/** How the items fall into blocks; `.` and `..` open the first. */
export function directoryBlocks(items: readonly DirectoryItem[]): DirectoryItem[][] {
  const blocks: DirectoryItem[][] = [[]];
  let filled = 0;
  for (const item of items) {
    const length = recordLength(item);
    if (filled + length > BLOCK - TAIL) {
      blocks.push([]);
      filled = 0;
    }
    blocks.at(-1)?.push(item);
    filled += length;
  }
  return blocks;
}

/** One block's bytes; `seed` is the owning inode's. */
export function directoryBlock(items: readonly DirectoryItem[], seed: number): Buffer {
  const bytes = Buffer.alloc(BLOCK);
  let at = 0;
  items.forEach((item, index) => {
    const length = index === items.length - 1 ? BLOCK - TAIL - at : recordLength(item);
    bytes.writeUInt32LE(item.inode, at);
    bytes.writeUInt16LE(length, at + 4);
    bytes[at + 6] = item.name.length;
    bytes[at + 7] = FILE_TYPE[item.type];
    item.name.copy(bytes, at + 8);
    at += length;
  });
  if (items.length === 0) bytes.writeUInt16LE(BLOCK - TAIL, 4);
  bytes.writeUInt16LE(TAIL, BLOCK - TAIL + 4);
  bytes[BLOCK - TAIL + 7] = 0xde;
  bytes.writeUInt32LE(crc32c(seed, bytes.subarray(0, BLOCK - TAIL)), BLOCK - 4);
  return bytes;
}

function recordLength(item: DirectoryItem): number {
  return 8 + Math.ceil(item.name.length / 4) * 4;
}
