import { XlfsError } from '@xlfs/core';

export interface Extent {
  readonly logical: number;
  readonly start: number;
  readonly length: number;
  /** Allocated and never written: reads as zeros. */
  readonly unwritten: boolean;
}

type ReadBlock = (block: number) => Buffer;

/** Where the first `count` blocks of a file lie, in order: from its extent tree, or from ext2's lists of block numbers. */
export function* mapBlocks(inode: Buffer, count: number, read: ReadBlock, blockSize: number): Generator<Extent> {
  const root = inode.subarray(0x28, 0x28 + 60);
  const extents = (inode.readUInt32LE(0x20) & 0x80000) !== 0 ? extentNode(root, read, 6) : indirect(root, count, read, blockSize);
  let end = 0;
  for (const extent of extents) {
    if (extent.logical < end) throw new XlfsError('ARCHIVE_INVALID', 'a file in the image has overlapping extents');
    if (extent.logical >= count) return;
    end = extent.logical + extent.length;
    yield extent;
  }
}

function* extentNode(node: Buffer, read: ReadBlock, limit: number): Generator<Extent> {
  const entries = node.readUInt16LE(2);
  const depth = node.readUInt16LE(6);
  if (node.readUInt16LE(0) !== 0xf30a || depth >= limit || 12 + entries * 12 > node.length) {
    throw new XlfsError('ARCHIVE_INVALID', 'an extent tree in the image is damaged');
  }
  for (let at = 12; at < 12 + entries * 12; at += 12) {
    if (depth > 0) {
      yield* extentNode(read(node.readUInt32LE(at + 4) + node.readUInt16LE(at + 8) * 2 ** 32), read, depth);
      continue;
    }
    const length = node.readUInt16LE(at + 4);
    const unwritten = length > 32768;
    const start = node.readUInt32LE(at + 8) + node.readUInt16LE(at + 6) * 2 ** 32;
    yield { logical: node.readUInt32LE(at), start, length: unwritten ? length - 32768 : length, unwritten };
  }
}

/** ext2 and ext3: twelve block numbers, then one, two and three levels of lists. */
function* indirect(root: Buffer, count: number, read: ReadBlock, blockSize: number): Generator<Extent> {
  let logical = 0;
  function* level(block: number, depth: number): Generator<Extent> {
    const span = (blockSize / 4) ** depth;
    if (block === 0) logical += span;
    else if (depth === 0) yield { logical: logical++, start: block, length: 1, unwritten: false };
    else {
      const list = read(block);
      for (let at = 0; at < list.length && logical < count; at += 4) yield* level(list.readUInt32LE(at), depth - 1);
    }
  }
  for (let index = 0; index < 15 && logical < count; index++) yield* level(root.readUInt32LE(index * 4), Math.max(0, index - 11));
}
