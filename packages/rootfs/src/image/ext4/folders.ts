import type { EntryType } from '../../tree/entry.ts';
import { mapBlocks } from './block-map.ts';
import { crc32c } from './crc32c.ts';
import { FILE_TYPE, TAIL } from './directory.ts';
import { NotEditable, type Groups } from './groups.ts';
import { BLOCK } from './layout.ts';
import type { PendingBlocks } from './source.ts';

const INDEXED = 0x1000;
const EXTENTS = 0x80000;

/** Names in the folders of an image that is being edited (ext4/directory.rst). */
export class Folders {
  readonly #blocks: PendingBlocks;
  readonly #groups: Groups;

  constructor(blocks: PendingBlocks, groups: Groups) {
    this.#blocks = blocks;
    this.#groups = groups;
  }

  /** Add a name. @throws NotEditable when the folder has to grow in a way that is not known here. */
  link(folder: number, name: Buffer, inode: number, type: EntryType): void {
    this.#removeIndex(folder);
    const needed = recordLength(name.length);
    for (const block of this.#blocksOf(folder)) {
      for (const { at, length, used } of records(this.#blocks.block(block), this.#room)) {
        if (length - used < needed) continue;
        const bytes = this.#blocks.edit(block);
        if (used > 0) bytes.writeUInt16LE(used, at + 4);
        writeRecord(bytes, at + used, length - used, name, inode, type);
        this.#seal(folder, bytes);
        return;
      }
    }
    const bytes = this.#grow(folder);
    writeRecord(bytes, 0, this.#room, name, inode, type);
    this.#seal(folder, bytes);
  }

  /** Take a name away. */
  unlink(folder: number, name: Buffer): void {
    for (const block of this.#blocksOf(folder)) {
      let before: number | undefined;
      for (const { at, length, used } of records(this.#blocks.block(block), BLOCK)) {
        const there = this.#blocks.block(block);
        if (used === 0 || !there.subarray(at + 8, at + 8 + (there[at + 6] ?? 0)).equals(name)) {
          before = at;
          continue;
        }
        const bytes = this.#blocks.edit(block);
        bytes.fill(0, at, at + used);
        if (before === undefined) bytes.writeUInt16LE(length, at + 4);
        else bytes.writeUInt16LE(bytes.readUInt16LE(before + 4) + length, before + 4);
        this.#seal(folder, bytes);
        return;
      }
    }
    throw new NotEditable('a name that was found is not there');
  }

  /** The first block of a new folder. */
  start(folder: number, parent: number, block: number): void {
    const bytes = this.#blocks.fresh(block);
    writeRecord(bytes, 0, 12, Buffer.from('.'), folder, 'directory');
    writeRecord(bytes, 12, this.#room - 12, Buffer.from('..'), parent, 'directory');
    this.#seal(folder, bytes);
  }

  /** Bytes of a block that records may take: the checksum has the rest. */
  get #room(): number {
    return this.#groups.checksums ? BLOCK - TAIL : BLOCK;
  }

  #blocksOf(folder: number): number[] {
    const inode = this.#groups.inode(folder);
    const places: number[] = [];
    const count = Math.ceil(inode.readUInt32LE(0x04) / BLOCK);
    for (const { start, length, logical } of mapBlocks(inode, count, (block) => this.#blocks.block(block), BLOCK))
      for (let at = 0; at < length && logical + at < count; at++) places.push(start + at);
    return places;
  }

  #grow(folder: number): Buffer {
    const inode = this.#groups.inode(folder);
    const root = inode.subarray(0x28, 0x28 + 60);
    const entries = root.readUInt16LE(2);
    if ((inode.readUInt32LE(0x20) & EXTENTS) === 0 || root.readUInt16LE(6) !== 0 || entries === 0)
      throw new NotEditable('a folder has to grow whose blocks are kept in another way');
    const [run] = this.#groups.takeBlocks(1);
    const block = run?.start ?? 0;
    const size = inode.readUInt32LE(0x04);
    const last = root.subarray(entries * 12, entries * 12 + 12);
    const length = last.readUInt16LE(4);
    const end = last.readUInt32LE(8) + last.readUInt16LE(6) * 2 ** 32 + length;
    if (end === block && length < 32768) last.writeUInt16LE(length + 1, 4);
    else if (entries < 4) {
      const next = root.subarray((entries + 1) * 12, (entries + 2) * 12);
      next.writeUInt32LE(size / BLOCK, 0);
      next.writeUInt16LE(1, 4);
      next.writeUInt16LE(Math.floor(block / 2 ** 32), 6);
      next.writeUInt32LE(block >>> 0, 8);
      root.writeUInt16LE(entries + 1, 2);
    } else throw new NotEditable('a folder has to grow whose blocks lie in too many places');
    inode.writeUInt32LE(size + BLOCK, 0x04);
    inode.writeUInt32LE(inode.readUInt32LE(0x1c) + BLOCK / 512, 0x1c);
    this.#groups.sealInode(folder);
    return this.#blocks.fresh(block);
  }

  /** A hashed index of names is optional: without it the same blocks are a plain list, once those of the index are empty ones. */
  #removeIndex(folder: number): void {
    const inode = this.#groups.inode(folder);
    const flags = inode.readUInt32LE(0x20);
    if ((flags & INDEXED) === 0) return;
    const places = this.#blocksOf(folder);
    const root = this.#blocks.edit(places[0] ?? 0);
    const levels = root[0x1e] ?? 0;
    if (root.readUInt16LE(4) !== 12 || levels > 2) throw new NotEditable('the index of a folder is damaged');
    let nodes = levels === 0 ? [] : children(root, 0x20);
    for (let level = 1; level <= levels; level++) {
      const below: number[] = [];
      for (const node of nodes) {
        const bytes = this.#blocks.edit(places[node] ?? 0);
        if (bytes.readUInt32LE(0) !== 0) throw new NotEditable('the index of a folder is damaged');
        if (level < levels) below.push(...children(bytes, 0x08));
        bytes.fill(0);
        bytes.writeUInt16LE(this.#room, 4);
        this.#seal(folder, bytes);
      }
      nodes = below;
    }
    root.writeUInt16LE(this.#room - 12, 12 + 4);
    root.fill(0, 0x18);
    this.#seal(folder, root);
    inode.writeUInt32LE((flags & ~INDEXED) >>> 0, 0x20);
    this.#groups.sealInode(folder);
  }

  #seal(folder: number, bytes: Buffer): void {
    if (!this.#groups.checksums) return;
    const at = BLOCK - TAIL;
    bytes.fill(0, at);
    bytes.writeUInt16LE(TAIL, at + 4);
    bytes[at + 7] = 0xde;
    bytes.writeUInt32LE(crc32c(this.#groups.inodeSeed(folder), bytes.subarray(0, at)), BLOCK - 4);
  }
}

/** Records of a block, up to `end`; `used` is what a name takes, 0 for an empty record. */
function* records(bytes: Buffer, end: number): Generator<{ at: number; length: number; used: number }> {
  for (let at = 0; at + 8 <= end;) {
    const length = bytes.readUInt16LE(at + 4);
    const used = bytes.readUInt32LE(at) === 0 ? 0 : recordLength(bytes[at + 6] ?? 0);
    if (length < 8 || at + length > BLOCK || used > length) throw new NotEditable('a folder is damaged');
    yield { at, length, used };
    at += length;
  }
}

/** Logical blocks that an index node names: limit and count come first, then the block for the smallest hash, then pairs. */
function children(bytes: Buffer, at: number): number[] {
  const count = bytes.readUInt16LE(at + 2);
  if (at + count * 8 > BLOCK) throw new NotEditable('the index of a folder is damaged');
  return Array.from({ length: count }, (_, index) => bytes.readUInt32LE(at + 4 + index * 8));
}

function writeRecord(bytes: Buffer, at: number, length: number, name: Buffer, inode: number, type: EntryType): void {
  bytes.fill(0, at, at + length);
  bytes.writeUInt32LE(inode, at);
  bytes.writeUInt16LE(length, at + 4);
  bytes[at + 6] = name.length;
  bytes[at + 7] = FILE_TYPE[type];
  name.copy(bytes, at + 8);
}

function recordLength(name: number): number {
  return 8 + Math.ceil(name / 4) * 4;
}
