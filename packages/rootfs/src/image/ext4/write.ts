import { createHash } from 'node:crypto';
import { XlfsError } from '@xlfs/core';
import { readContent, readSmall } from '../../tree/content.ts';
import { directory, orderedEntries, type Entry } from '../../tree/entry.ts';
import { encodePath, nameOf, parentOf } from '../../tree/path.ts';
import { writeAtomic } from '../../store/atomic.ts';
import { breathe } from '../../store/interrupt.ts';
import { uuidBytes, uuidFrom } from '../uuid.ts';
import { Allocator, type Run } from './allocator.ts';
import { attributeBlock, inodeAttributes } from './attributes.ts';
import { crc32c } from './crc32c.ts';
import { directoryBlock, directoryBlocks, type DirectoryItem } from './directory.ts';
import { Disk } from './disk.ts';
import { extentTree, type Extent } from './extents.ts';
import { ATTRIBUTE_ROOM, deviceData, inodeSeed, writeInode } from './inode.ts';
import {
  BLOCK,
  BLOCKS_PER_GROUP,
  INODE_SIZE,
  INODES_PER_BLOCK,
  JOURNAL_INODE,
  LOST_AND_FOUND_INODE,
  planLayout,
  ROOT_INODE,
  superblockRanges,
  type Layout,
} from './layout.ts';
import { groupDescriptors, journalSuperblock, superblock, type GroupFields } from './superblock.ts';

export interface Ext4Options {
  /** Bytes of the image; fitted to the tree when left out. */
  readonly size?: number;
  /** Bytes to leave free in a fitted image. @default 0 */
  readonly free?: number;
  /** `xxxxxxxx-xxxx-…`; made from the tree when left out, so that the same tree has the same one. */
  readonly uuid?: string;
  /** Up to 16 bytes. */
  readonly label?: string;
  /** Times of the file system itself, and the latest time a file may have; seconds. @default 0 */
  readonly epoch?: number;
  /** A base that is only ever read needs none. @default true */
  readonly journal?: boolean;
}

export interface Ext4Image {
  readonly path: string;
  /** Bytes of the image; holes take no room on the disk. */
  readonly size: number;
  readonly uuid: string;
  readonly files: number;
}

/**
 * Write an ext4 image of a tree: as an ordinary user, without mounting, with owners, device nodes, attributes, hard links and holes.
 * Each block is laid out once and written once, in order; the same tree gives the same bytes, whatever e2fsprogs is installed.
 * @throws NO_SPACE or USAGE when the tree does not fit the given size.
 */
export async function writeExt4(entries: Iterable<Entry>, out: string, options: Ext4Options = {}): Promise<Ext4Image> {
  const prepared = prepare(entries, options);
  return await writeAtomic(out, async (temporary) => ({ ...(await write(prepared, temporary)), path: out }));
}

/**
 * The same into a part of an existing file, from `offset` on: a partition of a disk image. That part has to be a hole, or zeros.
 * @throws NO_SPACE or USAGE when the tree does not fit the given size.
 */
export async function writeExt4At(
  entries: Iterable<Entry>,
  path: string,
  offset: number,
  options: Ext4Options = {},
): Promise<Ext4Image> {
  return await write(prepare(entries, options), path, offset);
}

interface Prepared {
  readonly ordered: readonly Entry[];
  readonly options: Ext4Options & { readonly epoch: number; readonly label: string; readonly uuid: string };
}

function prepare(entries: Iterable<Entry>, options: Ext4Options): Prepared {
  const { epoch = 0, label = '' } = options;
  if (Buffer.byteLength(label) > 16)
    throw new XlfsError('USAGE', `the label ${JSON.stringify(label)} is longer than ext4's 16 bytes`);
  const ordered = withLostAndFound(orderedEntries(entries, epoch), epoch);
  const uuid = options.uuid ?? uuidFrom('ext4', identityOf(ordered, label));
  return { ordered, options: { ...options, epoch, label, uuid } };
}

async function write({ ordered, options }: Prepared, path: string, offset?: number): Promise<Ext4Image> {
  const writer = new Ext4Writer(ordered, path, options, offset);
  try {
    const layout = await writer.run();
    return { path, size: options.size ?? layout.blocks * BLOCK, uuid: options.uuid, files: ordered.length };
  } finally {
    writer.close();
  }
}

interface Node {
  readonly entry: Entry;
  readonly inode: number;
  links: number;
  readonly children: DirectoryItem[];
}

interface Placed {
  readonly data: Buffer;
  readonly extents: boolean;
  readonly size: number;
  readonly blocks: number;
}

/** Aligned stretches of zeros of this many blocks become holes. */
const SEGMENT = 16;
const ZEROS = Buffer.alloc(SEGMENT * BLOCK);

class Ext4Writer {
  readonly #options: Prepared['options'];
  readonly #nodes: Node[] = [];
  readonly #byPath = new Map<string, Node>();
  readonly #layout: Layout;
  readonly #blocks: Allocator;
  readonly #disk: Disk;
  readonly #seed: number;
  readonly #inodes: Buffer;
  readonly #segment = Buffer.allocUnsafe(SEGMENT * BLOCK);
  #directories = new Map<number, number>();

  constructor(ordered: readonly Entry[], path: string, options: Prepared['options'], offset?: number) {
    this.#options = options;
    this.#number(ordered);
    const last = this.#nodes.reduce((most, { inode }) => Math.max(most, inode), LOST_AND_FOUND_INODE);
    this.#layout = planLayout({
      data: this.#nodes.reduce((sum, node) => sum + blocksOf(node), 0),
      inodes: last,
      journal: options.journal !== false,
      free: options.free ?? 0,
      ...(options.size === undefined ? {} : { size: options.size }),
    });
    this.#seed = crc32c(0xffffffff, uuidBytes(options.uuid));
    this.#inodes = Buffer.alloc(last * INODE_SIZE);
    this.#blocks = new Allocator(this.#layout);
    this.#disk = new Disk(path, options.size ?? this.#layout.blocks * BLOCK, offset);
  }

  close(): void {
    this.#disk.close();
  }

  async run(): Promise<Layout> {
    const tables = this.#placeTables();
    const journal = this.#writeJournal();
    for (const node of this.#nodes) if (node.entry.type === 'directory') this.#finish(node, this.#writeDirectory(node));
    for (const node of this.#nodes) {
      if (node.entry.type === 'directory') continue;
      await breathe();
      this.#finish(node, node.entry.type === 'file' ? await this.#writeFile(node) : this.#writeSpecial(node));
    }
    this.#writeMetadata(tables, journal);
    this.#disk.flush();
    return this.#layout;
  }

  /** Inode numbers in the order of the tree; names that are hard links share one. */
  #number(ordered: readonly Entry[]): void {
    const shared = new Map<string, Node>();
    let next = LOST_AND_FOUND_INODE + 1;
    for (const entry of ordered) {
      const parent = this.#byPath.get(parentOf(entry.path));
      let node = entry.link === undefined ? undefined : shared.get(entry.link);
      if (node === undefined) {
        const inode = entry.path === '' ? ROOT_INODE : entry.path === 'lost+found' ? LOST_AND_FOUND_INODE : next++;
        node = { entry, inode, links: 0, children: [] };
        if (entry.link !== undefined) shared.set(entry.link, node);
        this.#nodes.push(node);
      }
      this.#byPath.set(entry.path, node);
      node.links++;
      if (entry.type === 'directory') {
        node.links++;
        const above = parent ?? node;
        if (entry.path !== '') above.links++;
        node.children.push({ name: Buffer.from('.'), inode: node.inode, type: 'directory' });
        node.children.push({ name: Buffer.from('..'), inode: above.inode, type: 'directory' });
      }
      if (entry.path !== '') parent?.children.push({ name: encodePath(nameOf(entry.path)), inode: node.inode, type: entry.type });
    }
  }

  #placeTables(): { bitmaps: number; inodeBitmaps: number; tables: number[] } {
    const { groups, inodesPerGroup } = this.#layout;
    const bitmaps = this.#blocks.takeRun(groups).start;
    const inodeBitmaps = this.#blocks.takeRun(groups).start;
    const tables = Array.from({ length: groups }, () => this.#blocks.takeRun(inodesPerGroup / INODES_PER_BLOCK).start);
    return { bitmaps, inodeBitmaps, tables };
  }

  #writeJournal(): { data: Buffer; size: number } | undefined {
    const { journalBlocks } = this.#layout;
    if (journalBlocks === 0) return undefined;
    const runs = this.#blocks.take(journalBlocks);
    this.#disk.write(runs[0]?.start ?? 0, journalSuperblock(journalBlocks, Buffer.alloc(16)));
    const { root, blocks } = this.#extents(JOURNAL_INODE, extentsOf(runs, 0));
    const size = journalBlocks * BLOCK;
    const attributes = { mode: 0o600, uid: 0, gid: 0, mtime: this.#options.epoch, nanoseconds: 0, links: 1 };
    const fields = {
      number: JOURNAL_INODE,
      type: 'file' as const,
      ...attributes,
      size,
      blocks: journalBlocks + blocks,
      data: root,
      extents: true,
    };
    writeInode(this.#inode(JOURNAL_INODE), fields, this.#seed);
    return { data: root, size };
  }

  #writeDirectory(node: Node): Placed {
    const seed = inodeSeed(this.#seed, node.inode);
    const blocks = directoryBlocks(node.children);
    const group = Math.floor((node.inode - 1) / this.#layout.inodesPerGroup);
    this.#directories.set(group, (this.#directories.get(group) ?? 0) + 1);
    const runs = this.#blocks.take(blocks.length);
    const places = runs.flatMap(({ start, length }) => Array.from({ length }, (_, at) => start + at));
    blocks.forEach((items, index) => this.#disk.write(places[index] ?? 0, directoryBlock(items, seed)));
    return this.#placed(node, extentsOf(runs, 0), blocks.length * BLOCK, blocks.length);
  }

  async #writeFile(node: Node): Promise<Placed> {
    const { entry } = node;
    const extents: Extent[] = [];
    let logical = 0;
    let used = 0;
    const emit = (bytes: Buffer) => {
      const count = Math.ceil(bytes.length / BLOCK);
      if (bytes.length < ZEROS.length || !bytes.equals(ZEROS)) {
        const runs = this.#blocks.take(count);
        extents.push(...extentsOf(runs, logical));
        used += count;
        let at = 0;
        for (const { start, length } of runs) {
          this.#disk.write(start, bytes.subarray(at, at + length * BLOCK));
          at += length * BLOCK;
        }
      }
      logical += count;
    };
    const whole = readSmall(entry, this.#segment);
    if (whole === undefined) for await (const segment of this.#segments(entry)) emit(segment);
    else if (whole.length > 0) emit(whole);
    return this.#placed(node, extents, entry.size, used);
  }

  /** A file's bytes in aligned stretches of {@link SEGMENT} blocks. */
  async *#segments(entry: Entry): AsyncGenerator<Buffer> {
    let filled = 0;
    for await (const chunk of readContent(entry)) {
      for (let at = 0; at < chunk.length;) {
        const piece = chunk.subarray(at, at + this.#segment.length - filled);
        this.#segment.set(piece, filled);
        filled += piece.length;
        at += piece.length;
        if (filled < this.#segment.length) continue;
        yield this.#segment;
        filled = 0;
      }
    }
    if (filled > 0) yield this.#segment.subarray(0, filled);
  }

  #writeSpecial(node: Node): Placed {
    const { entry } = node;
    if (entry.type === 'symlink') {
      const target = encodePath(entry.target ?? '');
      if (target.length >= BLOCK || target.length === 0) {
        throw new XlfsError(
          'ASSEMBLY_FAILED',
          `the target of the symlink /${entry.path} has ${String(target.length)} bytes: 1 to ${String(BLOCK - 1)} are possible`,
        );
      }
      if (target.length < 60) return { data: target, extents: false, size: target.length, blocks: 0 };
      const runs = this.#blocks.take(1);
      this.#disk.write(runs[0]?.start ?? 0, target);
      return this.#placed(node, extentsOf(runs, 0), target.length, 1);
    }
    return { data: entry.device === undefined ? Buffer.alloc(0) : deviceData(entry.device), extents: false, size: 0, blocks: 0 };
  }

  #placed(node: Node, extents: readonly Extent[], size: number, used: number): Placed {
    const { root, blocks } = this.#extents(node.inode, extents);
    return { data: root, extents: true, size, blocks: used + blocks };
  }

  #extents(inode: number, extents: readonly Extent[]): { root: Buffer; blocks: number } {
    return extentTree(extents, inodeSeed(this.#seed, inode), {
      take: () => this.#blocks.takeRun(1).start,
      write: (block, bytes) => this.#disk.write(block, bytes),
    });
  }

  #finish(node: Node, placed: Placed): void {
    const { entry, inode } = node;
    const { xattrs } = entry;
    const attributes = xattrs === undefined ? undefined : inodeAttributes(xattrs, ATTRIBUTE_ROOM);
    const late = entry.mtime > this.#options.epoch && this.#options.epoch > 0;
    let block: number | undefined;
    if (xattrs !== undefined && attributes === undefined) {
      block = this.#blocks.takeRun(1).start;
      this.#disk.write(block, attributeBlock(entry.path, xattrs, this.#seed, block));
    }
    const fields = {
      number: inode,
      type: entry.type,
      mode: entry.mode,
      uid: entry.uid,
      gid: entry.gid,
      mtime: late ? this.#options.epoch : entry.mtime,
      nanoseconds: late ? 0 : (entry.nanoseconds ?? 0),
      // dir_nlink: 1 stands for «more than fit».
      links: entry.type === 'directory' && node.links >= 65000 ? 1 : node.links,
      ...placed,
      blocks: placed.blocks + (block === undefined ? 0 : 1),
      ...(attributes === undefined ? {} : { attributes }),
      ...(block === undefined ? {} : { attributeBlock: block }),
    };
    writeInode(this.#inode(inode), fields, this.#seed);
  }

  #inode(number: number): Buffer {
    return this.#inodes.subarray((number - 1) * INODE_SIZE, number * INODE_SIZE);
  }

  #writeMetadata(
    at: { bitmaps: number; inodeBitmaps: number; tables: number[] },
    journal: { data: Buffer; size: number } | undefined,
  ): void {
    const layout = this.#layout;
    const tableBytes = layout.inodesPerGroup * INODE_SIZE;
    const usedInodes = this.#inodes.length / INODE_SIZE;
    const groups: GroupFields[] = at.tables.map((table, group) => {
      const bitmap = this.#blocks.used.subarray(group * BLOCK, (group + 1) * BLOCK);
      const here = Math.min(Math.max(usedInodes - group * layout.inodesPerGroup, 0), layout.inodesPerGroup);
      const inodeBitmap = bitmapOf(here, layout.inodesPerGroup);
      this.#disk.write(at.bitmaps + group, bitmap);
      this.#disk.write(at.inodeBitmaps + group, inodeBitmap);
      if (here > 0) this.#disk.write(table, this.#inodes.subarray(group * tableBytes, group * tableBytes + here * INODE_SIZE));
      return {
        blockBitmap: at.bitmaps + group,
        inodeBitmap: at.inodeBitmaps + group,
        inodeTable: table,
        freeBlocks: countZeros(bitmap),
        freeInodes: layout.inodesPerGroup - here,
        directories: this.#directories.get(group) ?? 0,
        unusedInodes: layout.inodesPerGroup - here,
        blockBitmapChecksum: crc32c(this.#seed, bitmap),
        inodeBitmapChecksum: crc32c(this.#seed, inodeBitmap.subarray(0, layout.inodesPerGroup / 8)),
      };
    });
    const freeBlocks = groups.reduce((sum, group) => sum + group.freeBlocks, 0);
    const uuid = uuidBytes(this.#options.uuid);
    const fields = {
      layout,
      uuid,
      hashSeed: uuidBytes(uuidFrom('hash seed', this.#options.uuid)),
      label: this.#options.label,
      epoch: this.#options.epoch,
      freeBlocks,
      freeInodes: groups.reduce((sum, group) => sum + group.freeInodes, 0),
      reservedBlocks: Math.min(Math.floor(layout.blocks / 50), freeBlocks),
      checksumSeed: this.#seed,
      journal,
    };
    const descriptors = groupDescriptors(groups, layout, this.#seed);
    for (const [from] of superblockRanges(layout)) {
      const group = from / BLOCKS_PER_GROUP;
      this.#disk.write(from + 1, descriptors);
      this.#disk.writeAt(from * BLOCK + (group === 0 ? 1024 : 0), superblock(fields, group));
    }
  }
}

/** e2fsck wants one; a tree that has its own keeps it. */
function withLostAndFound(ordered: Entry[], epoch: number): Entry[] {
  if (ordered.some((entry) => entry.path === 'lost+found' && entry.type === 'directory')) return ordered;
  return orderedEntries([...ordered, directory('lost+found', { mode: 0o700, mtime: epoch })]);
}

function blocksOf({ entry, children }: Node): number {
  const attributes = entry.xattrs === undefined ? 0 : 1;
  if (entry.type === 'directory') return attributes + directoryBlocks(children).length;
  if (entry.type === 'symlink') return attributes + (encodePath(entry.target ?? '').length < 60 ? 0 : 1);
  const data = Math.ceil(entry.size / BLOCK);
  // In the worst case every second stretch is a hole and each of the others an extent.
  const tree = data <= 4 * SEGMENT ? 0 : Math.ceil(data / (entry.sparse === true ? SEGMENT : 4096) / 340) + 1;
  return attributes + data + tree;
}

function extentsOf(runs: readonly Run[], logical: number): Extent[] {
  let at = logical;
  return runs.map((run) => {
    const extent = { ...run, logical: at };
    at += run.length;
    return extent;
  });
}

function bitmapOf(used: number, total: number): Buffer {
  const bitmap = Buffer.alloc(BLOCK, 0xff);
  for (let bit = used; bit < total; bit++) bitmap[bit >> 3] = (bitmap[bit >> 3] ?? 0) & ~(1 << (bit & 7));
  return bitmap;
}

function countZeros(bitmap: Uint8Array): number {
  let zeros = 0;
  for (const byte of bitmap) for (let left = ~byte & 0xff; left !== 0; left &= left - 1) zeros++;
  return zeros;
}

/** What makes a tree this one, without reading its contents. */
function identityOf(ordered: readonly Entry[], label: string): string {
  const hash = createHash('sha256').update(label);
  for (const { path, type, mode, uid, gid, mtime, size, target } of ordered) {
    hash.update(JSON.stringify([path, type, mode, uid, gid, mtime, size, target ?? null]));
  }
  return hash.digest('hex');
}
