import { crc32c } from './crc32c.ts';
import { BLOCK } from './layout.ts';
import type { Run } from './allocator.ts';

/** A stretch of a file that lies in consecutive blocks; what is in no extent reads as zeros. */
export interface Extent extends Run {
  /** First block of the file that it holds. */
  readonly logical: number;
}

const MAX_LENGTH = 32768;
const ENTRY = 12;
const PER_BLOCK = (BLOCK - ENTRY - 4) / ENTRY;
const IN_INODE = 4;

/** Cut and join so that each extent is as long as the format allows. */
export function normalExtents(extents: readonly Extent[]): Extent[] {
  const result: Extent[] = [];
  for (const extent of extents) {
    const last = result.at(-1);
    if (last !== undefined && last.logical + last.length === extent.logical && last.start + last.length === extent.start) {
      result[result.length - 1] = { ...last, length: last.length + extent.length };
    } else result.push(extent);
  }
  return result.flatMap((extent) => {
    const pieces: Extent[] = [];
    for (let done = 0; done < extent.length; done += MAX_LENGTH) {
      pieces.push({
        logical: extent.logical + done,
        start: extent.start + done,
        length: Math.min(MAX_LENGTH, extent.length - done),
      });
    }
    return pieces;
  });
}

export interface ExtentTree {
  /** The 60 bytes of the inode's i_block. */
  readonly root: Buffer;
  /** Blocks of the tree outside of the inode. */
  readonly blocks: number;
}

/** Extent tree of a file: in the inode up to four extents, in blocks below it when there are more. */
export function extentTree(
  extents: readonly Extent[],
  seed: number,
  outside: { readonly take: () => number; readonly write: (block: number, bytes: Buffer) => void },
): ExtentTree {
  let nodes = normalExtents(extents).map((extent) => ({
    logical: extent.logical,
    encode: (to: Buffer, at: number) => leafEntry(extent, to, at),
  }));
  let depth = 0;
  let blocks = 0;
  while (nodes.length > IN_INODE) {
    const parents: typeof nodes = [];
    for (let from = 0; from < nodes.length; from += PER_BLOCK) {
      const children = nodes.slice(from, from + PER_BLOCK);
      const bytes = Buffer.alloc(BLOCK);
      node(bytes, children, PER_BLOCK, depth);
      bytes.writeUInt32LE(crc32c(seed, bytes.subarray(0, BLOCK - 4)), BLOCK - 4);
      const block = outside.take();
      outside.write(block, bytes);
      blocks++;
      const logical = children[0]?.logical ?? 0;
      parents.push({ logical, encode: (to, at) => indexEntry(logical, block, to, at) });
    }
    nodes = parents;
    depth++;
  }
  const root = Buffer.alloc(60);
  node(root, nodes, IN_INODE, depth);
  return { root, blocks };
}

function node(to: Buffer, children: readonly { encode: (to: Buffer, at: number) => void }[], max: number, depth: number): void {
  to.writeUInt16LE(0xf30a, 0);
  to.writeUInt16LE(children.length, 2);
  to.writeUInt16LE(max, 4);
  to.writeUInt16LE(depth, 6);
  children.forEach((child, index) => child.encode(to, ENTRY * (index + 1)));
}

function leafEntry(extent: Extent, to: Buffer, at: number): void {
  to.writeUInt32LE(extent.logical, at);
  to.writeUInt16LE(extent.length, at + 4);
  to.writeUInt32LE(extent.start, at + 8);
}

function indexEntry(logical: number, block: number, to: Buffer, at: number): void {
  to.writeUInt32LE(logical, at);
  to.writeUInt32LE(block, at + 4);
}
