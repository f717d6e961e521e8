import { XlfsError } from '@xlfs/core';

/** Numbers of the on-disk format (kernel: Documentation/filesystems/ext4/) that every part of the writer shares. */
export const BLOCK = 4096;
export const BLOCKS_PER_GROUP = BLOCK * 8;
export const INODE_SIZE = 256;
export const INODES_PER_BLOCK = BLOCK / INODE_SIZE;
export const ROOT_INODE = 2;
export const JOURNAL_INODE = 8;
export const LOST_AND_FOUND_INODE = 11;
const DESCRIPTOR_SIZE = 32;

export interface Demand {
  /** Blocks of files, folders, long symlinks and attribute blocks. */
  readonly data: number;
  /** Inodes in use, the reserved ones included. */
  readonly inodes: number;
  readonly journal: boolean;
  /** Bytes of the image; fitted to the demand when left out. */
  readonly size?: number;
  /** Bytes to leave free in a fitted image. */
  readonly free: number;
}

export interface Layout {
  readonly blocks: number;
  readonly groups: number;
  readonly inodesPerGroup: number;
  readonly journalBlocks: number;
  readonly descriptorBlocks: number;
}

/**
 * Where an image of this size keeps what.
 * @throws USAGE when the given size is too small to be a file system.
 */
export function planLayout(demand: Demand): Layout {
  if (demand.size !== undefined) {
    const layout = layoutOf(Math.floor(demand.size / BLOCK), demand);
    if (layout.blocks < overhead(layout) + demand.data) {
      const least = fitted(demand).blocks * BLOCK;
      throw new XlfsError('USAGE', `${String(demand.size)} bytes are too few for this tree: it needs ${String(least)}`, {
        hint: 'Give a larger size, or none to have it fitted.',
      });
    }
    return layout;
  }
  return fitted(demand);
}

/** Block ranges [from, to) of the superblock and its copies, with the group descriptors behind each. */
export function superblockRanges(layout: Pick<Layout, 'groups' | 'descriptorBlocks'>): [number, number][] {
  const ranges: [number, number][] = [];
  for (let group = 0; group < layout.groups; group++) {
    if (!hasSuperblock(group)) continue;
    ranges.push([group * BLOCKS_PER_GROUP, group * BLOCKS_PER_GROUP + 1 + layout.descriptorBlocks]);
  }
  return ranges;
}

/** sparse_super: groups 0, 1 and the powers of 3, 5 and 7. */
export function hasSuperblock(group: number): boolean {
  if (group <= 1) return true;
  return [3, 5, 7].some((base) => {
    let power = base;
    while (power < group) power *= base;
    return power === group;
  });
}

function fitted(demand: Demand): Layout {
  let blocks = Math.ceil((demand.data + Math.ceil(demand.free / BLOCK)) * 1.002) + 64;
  for (let round = 0; round < 20; round++) {
    const layout = layoutOf(blocks, demand);
    const needed = overhead(layout) + demand.data + Math.ceil(demand.free / BLOCK) + slack(layout);
    if (layout.blocks >= needed && layout.blocks - needed < 128) return layout;
    blocks = Math.max(needed, 256);
    if (layoutOf(blocks, demand).blocks < blocks) blocks += 512;
  }
  return layoutOf(blocks + 1024, demand);
}

function layoutOf(wanted: number, demand: Demand): Layout {
  let blocks = wanted;
  let groups = Math.ceil(blocks / BLOCKS_PER_GROUP);
  const descriptorBlocks = Math.ceil((Math.max(groups, 1) * DESCRIPTOR_SIZE) / BLOCK);
  const tail = blocks - (groups - 1) * BLOCKS_PER_GROUP;
  // A last group of a few blocks holds nothing but its own superblock copy: mke2fs leaves it off too.
  if (groups > 1 && tail < 64 + descriptorBlocks) {
    groups -= 1;
    blocks = groups * BLOCKS_PER_GROUP;
  }
  if (blocks < 64 || blocks > 0xffffffff)
    throw new XlfsError('USAGE', `an ext4 image of ${String(wanted * BLOCK)} bytes cannot be made`);
  const inodes = Math.max(demand.inodes + 16, Math.floor(blocks / 4));
  const inodesPerGroup = Math.max(INODES_PER_BLOCK, Math.ceil(inodes / groups / INODES_PER_BLOCK) * INODES_PER_BLOCK);
  if (inodesPerGroup > BLOCKS_PER_GROUP)
    throw new XlfsError('USAGE', `${String(blocks * BLOCK)} bytes are too few for ${String(inodes)} files`);
  return { blocks, groups, inodesPerGroup, journalBlocks: demand.journal ? journalBlocks(blocks) : 0, descriptorBlocks };
}

/** As mke2fs chooses, with a lower ceiling: a guest's root does not need 128 MiB of it. */
function journalBlocks(blocks: number): number {
  if (blocks < 4096) return 0;
  if (blocks < 32768) return 1024;
  return blocks < 262144 ? 4096 : 8192;
}

function overhead(layout: Layout): number {
  const copies = superblockRanges(layout).reduce((sum, [from, to]) => sum + to - from, 0);
  const tables = layout.groups * (2 + layout.inodesPerGroup / INODES_PER_BLOCK);
  // The journal and lost+found have blocks of their own, and a journal in several runs may need an extent block.
  return copies + tables + layout.journalBlocks + 5;
}

/** Runs that must not be split leave gaps before a superblock copy. */
function slack(layout: Layout): number {
  return superblockRanges(layout).length * (layout.inodesPerGroup / INODES_PER_BLOCK) * (layout.groups > 1 ? 0.25 : 0) + 8;
}
