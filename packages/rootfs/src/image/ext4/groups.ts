import { crc32c } from './crc32c.ts';
import { BLOCK, hasSuperblock, INODE_SIZE } from './layout.ts';
import type { Run } from './allocator.ts';
import { inodeSeed } from './inode.ts';
import type { PendingBlocks } from './source.ts';

/** This image needs a program that knows more of ext4: its message says why. */
export class NotEditable extends Error {}

/** No block or inode is free. */
export class ImageFull extends Error {}

const COMPAT = 0x4 | 0x8 | 0x10 | 0x20 | 0x800 | 0x1000;
const INCOMPAT = 0x2 | 0x40 | 0x80 | 0x200 | 0x2000;
const RO_COMPAT = 0x1 | 0x2 | 0x8 | 0x20 | 0x40 | 0x400;
const CHECKSUM_SEED = 0x2000;
const INODE_UNINIT = 0x1;
const BLOCK_UNINIT = 0x2;

/** Fields of a group descriptor: where the low half of a number is, and the high one when descriptors are wide. */
const FIELD = {
  blockBitmap: [0x00, 0x20, 4],
  inodeBitmap: [0x04, 0x24, 4],
  inodeTable: [0x08, 0x28, 4],
  freeBlocks: [0x0c, 0x2c, 2],
  freeInodes: [0x0e, 0x2e, 2],
  directories: [0x10, 0x30, 2],
  unusedInodes: [0x1c, 0x32, 2],
  blockBitmapChecksum: [0x18, 0x38, 2],
  inodeBitmapChecksum: [0x1a, 0x3a, 2],
} as const;
type Field = keyof typeof FIELD;

/** What is free in an image that is being edited, its inodes, and the checksums over all of that (ext4/group_descr.rst, ext4/bitmaps.rst). */
export class Groups {
  /** Checksums of metadata start from here. */
  readonly seed: number;
  readonly checksums: boolean;
  readonly #blocks: PendingBlocks;
  readonly #super: Buffer;
  readonly #count: number;
  readonly #blocksPerGroup: number;
  readonly #inodesPerGroup: number;
  readonly #total: number;
  readonly #width: number;
  readonly #dirtyBlocks = new Set<number>();
  readonly #dirtyInodes = new Set<number>();
  /** Where the last block was found: the next lies beside it, if it can. */
  #cursor = 0;

  /** @throws NotEditable */
  constructor(blocks: PendingBlocks) {
    this.#blocks = blocks;
    this.#super = blocks.edit(0).subarray(1024, 2048);
    const sb = this.#super;
    const beyond = [
      [0x5c, COMPAT],
      [0x60, INCOMPAT],
      [0x64, RO_COMPAT],
    ].some(([at = 0, known = 0]) => (sb.readUInt32LE(at) & ~known) !== 0);
    const needed = (sb.readUInt32LE(0x60) & 0x2) !== 0 && (sb.readUInt32LE(0x64) & 0x1) !== 0;
    if (beyond || !needed) throw new NotEditable('it has other features than those that are edited here');
    if (sb.readUInt32LE(0x18) !== 2 || sb.readUInt32LE(0x1c) !== 2 || sb.readUInt32LE(0x14) !== 0)
      throw new NotEditable('its blocks are not of 4096 bytes');
    if (sb.readUInt32LE(0x4c) === 0 || sb.readUInt16LE(0x58) !== INODE_SIZE)
      throw new NotEditable(`its inodes are not of ${String(INODE_SIZE)} bytes`);
    const wide = (sb.readUInt32LE(0x60) & 0x80) !== 0;
    this.#width = wide ? sb.readUInt16LE(0xfe) : 32;
    this.#total = sb.readUInt32LE(0x04) + (wide ? sb.readUInt32LE(0x150) * 2 ** 32 : 0);
    this.#blocksPerGroup = sb.readUInt32LE(0x20);
    this.#inodesPerGroup = sb.readUInt32LE(0x28);
    this.#count = Math.ceil(this.#total / this.#blocksPerGroup);
    const sane =
      (this.#width === 32 || this.#width === 64) &&
      this.#blocksPerGroup > 0 &&
      this.#blocksPerGroup <= BLOCK * 8 &&
      this.#inodesPerGroup > 0 &&
      this.#inodesPerGroup <= BLOCK * 8 &&
      this.#inodesPerGroup % 8 === 0 &&
      sb.readUInt32LE(0x00) === this.#inodesPerGroup * this.#count;
    if (!sane) throw new NotEditable('its superblock makes no sense');
    this.checksums = (sb.readUInt32LE(0x64) & 0x400) !== 0;
    this.seed = this.#hasSeed() ? sb.readUInt32LE(0x270) : crc32c(0xffffffff, sb.subarray(0x68, 0x78));
  }

  /** `count` blocks, in as few runs as there are. @throws ImageFull */
  takeBlocks(count: number): Run[] {
    const runs: Run[] = [];
    let left = count;
    for (let group = Math.floor(this.#cursor / this.#blocksPerGroup), seen = 0; left > 0 && seen <= this.#count; seen++) {
      left -= this.#takeFrom(group, left, runs);
      group = (group + 1) % this.#count;
      if (left > 0) this.#cursor = group * this.#blocksPerGroup;
    }
    if (left > 0) throw new ImageFull('no block is free');
    return runs;
  }

  /** @throws NotEditable when they were not in use: then nothing else can be believed, either. */
  giveBlocks(start: number, length: number): void {
    for (let block = start; block < start + length; block++) {
      const group = Math.floor(block / this.#blocksPerGroup);
      if (block < 1 || block >= this.#total || this.#has(group, BLOCK_UNINIT))
        throw new NotEditable(`it uses block ${String(block)}, which it cannot have`);
      const bitmap = this.#bitmap('blockBitmap', group);
      if (!clearBit(bitmap, block % this.#blocksPerGroup))
        throw new NotEditable(`block ${String(block)} is in use and free at once`);
      this.#dirtyBlocks.add(group);
      this.#add('freeBlocks', group, 1);
    }
    this.#countFreeBlocks(length);
  }

  /** An inode beside another one. @throws ImageFull */
  takeInode(near: number, directory: boolean): number {
    const first = Math.floor((near - 1) / this.#inodesPerGroup);
    for (let step = 0; step < this.#count; step++) {
      const group = (first + step) % this.#count;
      if (this.#get('freeInodes', group) === 0) continue;
      if (this.#has(group, INODE_UNINIT)) this.#startInodes(group);
      const bitmap = this.#bitmap('inodeBitmap', group);
      const index = firstZero(bitmap, 0, this.#inodesPerGroup);
      if (index === undefined) throw new NotEditable('its inode bitmaps do not fit their counts');
      setBit(bitmap, index);
      this.#dirtyInodes.add(group);
      this.#add('freeInodes', group, -1);
      if (directory) this.#add('directories', group, 1);
      const behind = this.#inodesPerGroup - index - 1;
      if (this.checksums && this.#get('unusedInodes', group) > behind) this.#set('unusedInodes', group, behind);
      this.#super.writeUInt32LE(this.#super.readUInt32LE(0x10) - 1, 0x10);
      return group * this.#inodesPerGroup + index + 1;
    }
    throw new ImageFull('no inode is free');
  }

  giveInode(number: number, directory: boolean): void {
    const group = Math.floor((number - 1) / this.#inodesPerGroup);
    if (!clearBit(this.#bitmap('inodeBitmap', group), (number - 1) % this.#inodesPerGroup))
      throw new NotEditable(`inode ${String(number)} is in use and free at once`);
    this.#dirtyInodes.add(group);
    this.#add('freeInodes', group, 1);
    if (directory) this.#add('directories', group, -1);
    this.#super.writeUInt32LE(this.#super.readUInt32LE(0x10) + 1, 0x10);
    this.inode(number).fill(0);
  }

  /** The bytes of an inode, to be written to; then it has to be sealed. */
  inode(number: number): Buffer {
    const group = Math.floor((number - 1) / this.#inodesPerGroup);
    if (number < 1 || group >= this.#count) throw new NotEditable(`it names an inode that it does not have (${String(number)})`);
    const offset = ((number - 1) % this.#inodesPerGroup) * INODE_SIZE;
    const block = this.#get('inodeTable', group) + Math.floor(offset / BLOCK);
    return this.#edit(block).subarray(offset % BLOCK, (offset % BLOCK) + INODE_SIZE);
  }

  /** Where the checksums of what belongs to an inode start. */
  inodeSeed(number: number): number {
    return inodeSeed(this.seed, number, this.inode(number).readUInt32LE(0x64));
  }

  /** An inode's own checksum. */
  sealInode(number: number): void {
    const raw = this.inode(number);
    const high = raw.readUInt16LE(0x80) >= 4;
    raw.writeUInt16LE(0, 0x7c);
    if (high) raw.writeUInt16LE(0, 0x82);
    if (!this.checksums) return;
    const checksum = crc32c(this.inodeSeed(number), raw);
    raw.writeUInt16LE(checksum & 0xffff, 0x7c);
    if (high) raw.writeUInt16LE(checksum >>> 16, 0x82);
  }

  /**
   * Another uuid, in the copies of the superblock too. Checksums that started from the old one go on doing so: the feature metadata_csum_seed
   * says from where (Linux 4.4).
   */
  setUuid(uuid: Buffer): void {
    for (let group = 0; group < this.#count; group++) {
      if (group > 0 && !hasSuperblock(group)) continue;
      const copy = group === 0 ? this.#super : this.#edit(group * this.#blocksPerGroup).subarray(0, 1024);
      if (copy.readUInt16LE(0x38) !== 0xef53) throw new NotEditable('a copy of its superblock is missing');
      uuid.copy(copy, 0x68);
      if (this.checksums) {
        copy.writeUInt32LE((copy.readUInt32LE(0x60) | CHECKSUM_SEED) >>> 0, 0x60);
        copy.writeUInt32LE(this.seed, 0x270);
      }
      if (group > 0) this.#sealSuperblock(copy);
    }
  }

  /** The checksums of everything that was changed here. */
  seal(): void {
    for (const group of new Set([...this.#dirtyBlocks, ...this.#dirtyInodes])) {
      if (!this.checksums) continue;
      if (this.#dirtyBlocks.has(group)) {
        const bitmap = this.#bitmap('blockBitmap', group).subarray(0, this.#blocksPerGroup / 8);
        this.#set('blockBitmapChecksum', group, crc32c(this.seed, bitmap));
      }
      if (this.#dirtyInodes.has(group)) {
        const bitmap = this.#bitmap('inodeBitmap', group).subarray(0, this.#inodesPerGroup / 8);
        this.#set('inodeBitmapChecksum', group, crc32c(this.seed, bitmap));
      }
      const descriptor = this.#descriptor(group);
      descriptor.writeUInt16LE(0, 0x1e);
      const number = Buffer.alloc(4);
      number.writeUInt32LE(group, 0);
      descriptor.writeUInt16LE(crc32c(crc32c(this.seed, number), descriptor) & 0xffff, 0x1e);
    }
    this.#sealSuperblock(this.#super);
  }

  #takeFrom(group: number, wanted: number, runs: Run[]): number {
    if (this.#get('freeBlocks', group) === 0) return 0;
    if (this.#has(group, BLOCK_UNINIT)) this.#startBlocks(group);
    const start = group * this.#blocksPerGroup;
    const end = Math.min(this.#total - start, this.#blocksPerGroup);
    const bitmap = this.#bitmap('blockBitmap', group);
    let taken = 0;
    for (let at = firstZero(bitmap, Math.max(this.#cursor - start, 0), end); at !== undefined && taken < wanted;) {
      let length = 0;
      while (taken + length < wanted && at + length < end && setBit(bitmap, at + length)) length++;
      runs.push({ start: start + at, length });
      taken += length;
      this.#cursor = start + at + length;
      at = firstZero(bitmap, at + length, end);
    }
    if (taken > 0) {
      this.#dirtyBlocks.add(group);
      this.#add('freeBlocks', group, -taken);
      this.#countFreeBlocks(-taken);
    }
    return taken;
  }

  #countFreeBlocks(difference: number): void {
    const free = this.#super.readUInt32LE(0x0c) + (this.#wide ? this.#super.readUInt32LE(0x158) * 2 ** 32 : 0) + difference;
    this.#super.writeUInt32LE(free >>> 0, 0x0c);
    if (this.#wide) this.#super.writeUInt32LE(Math.floor(free / 2 ** 32), 0x158);
  }

  #sealSuperblock(copy: Buffer): void {
    if (this.checksums) copy.writeUInt32LE(crc32c(0xffffffff, copy.subarray(0, 0x3fc)), 0x3fc);
  }

  #hasSeed(): boolean {
    return (this.#super.readUInt32LE(0x60) & CHECKSUM_SEED) !== 0;
  }

  get #wide(): boolean {
    return this.#width === 64;
  }

  #has(group: number, flag: number): boolean {
    return this.checksums && (this.#descriptor(group).readUInt16LE(0x12) & flag) !== 0;
  }

  #clear(group: number, flag: number): void {
    const descriptor = this.#descriptor(group);
    descriptor.writeUInt16LE(descriptor.readUInt16LE(0x12) & ~flag, 0x12);
  }

  /** mke2fs does not write the bitmap of a group that holds nothing but metadata: it follows from where that is. */
  #startBlocks(group: number): void {
    const bitmap = this.#blocks.fresh(this.#get('blockBitmap', group));
    const first = group * this.#blocksPerGroup;
    const end = Math.min(this.#total - first, this.#blocksPerGroup);
    const mark = (from: number, length: number) => {
      for (let at = Math.max(from, first); at < Math.min(from + length, first + end); at++) setBit(bitmap, at - first);
    };
    if (hasSuperblock(group)) {
      const reserved = (this.#super.readUInt32LE(0x5c) & 0x10) === 0 ? 0 : this.#super.readUInt16LE(0xce);
      mark(first, 1 + Math.ceil((this.#count * this.#width) / BLOCK) + reserved);
    }
    for (let other = 0; other < this.#count; other++) {
      mark(this.#get('blockBitmap', other), 1);
      mark(this.#get('inodeBitmap', other), 1);
      mark(this.#get('inodeTable', other), Math.ceil((this.#inodesPerGroup * INODE_SIZE) / BLOCK));
    }
    let free = 0;
    for (let at = 0; at < end; at++) if (((bitmap[at >> 3] ?? 0) & (1 << (at & 7))) === 0) free++;
    if (free !== this.#get('freeBlocks', group))
      throw new NotEditable('a group that was never used does not hold what it should');
    for (let at = end; at < BLOCK * 8; at++) setBit(bitmap, at);
    this.#clear(group, BLOCK_UNINIT);
    this.#dirtyBlocks.add(group);
  }

  #startInodes(group: number): void {
    if (this.#get('freeInodes', group) !== this.#inodesPerGroup)
      throw new NotEditable('a group that was never used does not hold what it should');
    const bitmap = this.#blocks.fresh(this.#get('inodeBitmap', group));
    for (let at = this.#inodesPerGroup; at < BLOCK * 8; at++) setBit(bitmap, at);
    this.#clear(group, INODE_UNINIT);
    this.#dirtyInodes.add(group);
  }

  #bitmap(field: 'blockBitmap' | 'inodeBitmap', group: number): Buffer {
    return this.#edit(this.#get(field, group));
  }

  #edit(block: number): Buffer {
    if (block >= this.#total) throw new NotEditable('it points to a block behind its end');
    return this.#blocks.edit(block);
  }

  #descriptor(group: number): Buffer {
    const perBlock = BLOCK / this.#width;
    const at = (group % perBlock) * this.#width;
    return this.#edit(1 + Math.floor(group / perBlock)).subarray(at, at + this.#width);
  }

  #get(field: Field, group: number): number {
    const [low, high, bytes] = FIELD[field];
    const descriptor = this.#descriptor(group);
    const value = descriptor.readUIntLE(low, bytes);
    return this.#wide ? value + descriptor.readUIntLE(high, bytes) * 2 ** (bytes * 8) : value;
  }

  #set(field: Field, group: number, value: number): void {
    const [low, high, bytes] = FIELD[field];
    const descriptor = this.#descriptor(group);
    const unit = 2 ** (bytes * 8);
    descriptor.writeUIntLE(value % unit, low, bytes);
    if (this.#wide) descriptor.writeUIntLE(Math.floor(value / unit) % unit, high, bytes);
  }

  #add(field: Field, group: number, difference: number): void {
    this.#set(field, group, Math.max(0, this.#get(field, group) + difference));
  }
}

function firstZero(bitmap: Buffer, from: number, end: number): number | undefined {
  for (let at = from; at < end; at++) {
    if ((at & 7) === 0 && bitmap[at >> 3] === 0xff) at += 7;
    else if (((bitmap[at >> 3] ?? 0xff) & (1 << (at & 7))) === 0) return at;
  }
  return undefined;
}

/** False when it was set already. */
function setBit(bitmap: Buffer, at: number): boolean {
  const byte = bitmap[at >> 3] ?? 0xff;
  if ((byte & (1 << (at & 7))) !== 0) return false;
  bitmap[at >> 3] = byte | (1 << (at & 7));
  return true;
}

/** False when it was clear already. */
function clearBit(bitmap: Buffer, at: number): boolean {
  const byte = bitmap[at >> 3] ?? 0;
  if ((byte & (1 << (at & 7))) === 0) return false;
  bitmap[at >> 3] = byte & ~(1 << (at & 7));
  return true;
}
