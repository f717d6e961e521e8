import type { Entry } from '../../tree/entry.ts';
import { encodePath, nameOf, parentOf } from '../../tree/path.ts';
import { uuidBytes } from '../uuid.ts';
import { attributeBlock, inodeAttributes } from './attributes.ts';
import { mapBlocks } from './block-map.ts';
import { crc32c } from './crc32c.ts';
import { extentTree, type Extent } from './extents.ts';
import { Folders } from './folders.ts';
import { Groups, NotEditable } from './groups.ts';
import { FORMAT } from '../../tree/file-type.ts';
import { ATTRIBUTE_ROOM, deviceData, writeInode } from './inode.ts';
import { BLOCK } from './layout.ts';
import { Ext4Reader } from './read.ts';
import { ImageFile, PendingBlocks } from './source.ts';

const EXTENTS = 0x80000;
const LARGEST_LINKS = 65000;
/** Files up to this many blocks are overwritten when they go: keys, seeds and histories are small. */
const SCRUBBED = 16;

/**
 * Changes to an ext4 image, worked out in memory: which blocks become what. Only metadata and the new contents are touched, so that it takes
 * milliseconds whatever the size of the image. The image itself is only read.
 */
export class Ext4Editor implements Disposable {
  /** Sees the image with the changes. */
  readonly reader: Ext4Reader;
  readonly #image: ImageFile;
  readonly #blocks: PendingBlocks;
  readonly #groups: Groups;
  readonly #folders: Folders;

  /** @throws NotEditable when the image has features that are not known here. */
  constructor(path: string) {
    this.#image = new ImageFile(path);
    this.#blocks = new PendingBlocks(this.#image);
    this.reader = new Ext4Reader(path, this.#blocks);
    try {
      this.#groups = new Groups(this.#blocks);
    } catch (error) {
      this.reader.close();
      throw error;
    }
    this.#folders = new Folders(this.#blocks, this.#groups);
  }

  [Symbol.dispose](): void {
    this.reader.close();
  }

  /** Take a path away, with what is below it. No symlinked folder may be on the way. */
  remove(path: string): void {
    const { number, type } = this.#find(path);
    if (type === 'directory') for (const { name } of this.reader.list(path)) this.remove(path === '' ? name : `${path}/${name}`);
    const folder = this.#find(parentOf(path)).number;
    this.#folders.unlink(folder, encodePath(nameOf(path)));
    if (type === 'directory') this.#countLinks(folder, -1);
    this.#release(number, type);
    this.reader.forget();
  }

  /** Make an entry where there is none; its folder has to be there. */
  create(entry: Entry, content: Buffer): void {
    const folder = this.#find(parentOf(entry.path)).number;
    const isFolder = entry.type === 'directory';
    const number = this.#groups.takeInode(folder, isFolder);
    // A new inode starts from nothing: its generation is 0.
    this.#groups.inode(number).fill(0);
    const placed = this.#place(entry, content, number, folder);
    const attributes = entry.xattrs === undefined ? undefined : inodeAttributes(entry.xattrs, ATTRIBUTE_ROOM);
    const outside = entry.xattrs !== undefined && attributes === undefined ? this.#attributeBlock(entry) : undefined;
    const fields = {
      number,
      ...{ type: entry.type, mode: entry.mode, uid: entry.uid, gid: entry.gid },
      ...{ mtime: entry.mtime, nanoseconds: entry.nanoseconds ?? 0, links: isFolder ? 2 : 1 },
      ...placed,
      blocks: placed.blocks + (outside === undefined ? 0 : 1),
      ...(attributes === undefined ? {} : { attributes }),
      ...(outside === undefined ? {} : { attributeBlock: outside }),
    };
    writeInode(this.#groups.inode(number), fields, this.#groups.seed);
    this.#groups.sealInode(number);
    this.#folders.link(folder, encodePath(nameOf(entry.path)), number, entry.type);
    if (isFolder) this.#countLinks(folder, 1);
    this.reader.forget();
  }

  /** Give a folder that is there the attributes of an entry. */
  update(entry: Entry): void {
    const { number } = this.#find(entry.path);
    const raw = this.#groups.inode(number);
    raw.writeUInt16LE(FORMAT[entry.type] | entry.mode, 0x00);
    raw.writeUInt16LE(entry.uid & 0xffff, 0x02);
    raw.writeUInt16LE(entry.gid & 0xffff, 0x18);
    raw.writeUInt16LE(entry.uid >>> 16, 0x78);
    raw.writeUInt16LE(entry.gid >>> 16, 0x7a);
    raw.writeInt32LE(entry.mtime | 0, 0x10);
    if (raw.readUInt16LE(0x80) >= 12) {
      const epoch = Math.floor((entry.mtime - (entry.mtime | 0)) / 2 ** 32) & 3;
      raw.writeUInt32LE((((entry.nanoseconds ?? 0) << 2) | epoch) >>> 0, 0x88);
    }
    if (entry.xattrs !== undefined) this.#setAttributes(number, entry);
    this.#groups.sealInode(number);
  }

  setUuid(uuid: string): void {
    this.#groups.setUuid(uuidBytes(uuid));
  }

  /** The blocks that differ from the image's, by number. */
  changes(): Map<number, Buffer> {
    this.#groups.seal();
    const differing = [...this.#blocks.changed]
      .sort(([a], [b]) => a - b)
      .filter(([block, bytes]) => this.#image.read(block * BLOCK, BLOCK)?.equals(bytes) !== true);
    return new Map(differing);
  }

  #find(path: string): { number: number; type: Entry['type'] } {
    const found = this.reader.locate(path);
    if (found === undefined) throw new Error(`/${path} was there a moment ago`);
    return found;
  }

  #place(
    entry: Entry,
    content: Buffer,
    number: number,
    folder: number,
  ): { data: Buffer; extents: boolean; size: number; blocks: number } {
    switch (entry.type) {
      case 'directory': {
        const [run] = this.#groups.takeBlocks(1);
        const start = run?.start ?? 0;
        this.#folders.start(number, folder, start);
        return { ...this.#extents(number, [{ logical: 0, start, length: 1 }]), size: BLOCK };
      }
      case 'file':
        return { ...this.#extents(number, this.#store(content)), size: content.length };
      case 'symlink': {
        const target = encodePath(entry.target ?? '');
        if (target.length < 60) return { data: target, extents: false, size: target.length, blocks: 0 };
        return { ...this.#extents(number, this.#store(target)), size: target.length };
      }
      default:
        return {
          data: entry.device === undefined ? Buffer.alloc(0) : deviceData(entry.device),
          extents: false,
          size: 0,
          blocks: 0,
        };
    }
  }

  #store(content: Buffer): Extent[] {
    let logical = 0;
    return this.#groups.takeBlocks(Math.ceil(content.length / BLOCK)).map(({ start, length }) => {
      for (let at = 0; at < length; at++)
        content.copy(this.#blocks.fresh(start + at), 0, (logical + at) * BLOCK, (logical + at + 1) * BLOCK);
      const extent = { logical, start, length };
      logical += length;
      return extent;
    });
  }

  #extents(number: number, extents: readonly Extent[]): { data: Buffer; extents: true; blocks: number } {
    const { root, blocks } = extentTree(extents, this.#groups.inodeSeed(number), {
      take: () => this.#groups.takeBlocks(1)[0]?.start ?? 0,
      write: (block, bytes) => bytes.copy(this.#blocks.fresh(block)),
    });
    return { data: root, extents: true, blocks: blocks + extents.reduce((sum, { length }) => sum + length, 0) };
  }

  /** Drop one name of an inode; with the last one it goes, with its blocks. */
  #release(number: number, type: Entry['type']): void {
    const raw = this.#groups.inode(number);
    const links = raw.readUInt16LE(0x1a);
    if (type !== 'directory' && links > 1) {
      raw.writeUInt16LE(links - 1, 0x1a);
      this.#groups.sealInode(number);
      return;
    }
    this.#releaseAttributes(raw);
    if ((raw.readUInt32LE(0x20) & EXTENTS) !== 0) this.#releaseContent(raw);
    else if (type === 'directory' || type === 'file') throw new NotEditable('it keeps the blocks of files in the way of ext3');
    else if (type === 'symlink' && raw.readUInt32LE(0x04) >= 60) throw new NotEditable('it keeps symlinks in the way of ext3');
    this.#groups.giveInode(number, type === 'directory');
  }

  #releaseContent(raw: Buffer): void {
    const nodes: number[] = [];
    const read = (block: number): Buffer => {
      nodes.push(block);
      return this.#blocks.block(block);
    };
    const extents = [...mapBlocks(raw, Infinity, read, BLOCK)];
    const small = extents.reduce((sum, { length }) => sum + length, 0) <= SCRUBBED;
    for (const { start, length } of [...extents, ...nodes.map((node) => ({ start: node, length: 1 }))]) {
      this.#groups.giveBlocks(start, length);
      if (small) for (let at = 0; at < length; at++) this.#blocks.fresh(start + at);
    }
  }

  /** A block of attributes may belong to several files. */
  #releaseAttributes(raw: Buffer): void {
    const block = raw.readUInt32LE(0x68) + raw.readUInt16LE(0x76) * 2 ** 32;
    if (block === 0) return;
    const users = this.#blocks.block(block).readUInt32LE(4);
    if (users > 1) {
      const bytes = this.#blocks.edit(block);
      bytes.writeUInt32LE(users - 1, 4);
      bytes.writeUInt32LE(0, 16);
      const number = Buffer.alloc(8);
      number.writeUIntLE(block, 0, 6);
      if (this.#groups.checksums) bytes.writeUInt32LE(crc32c(crc32c(this.#groups.seed, number), bytes), 16);
    } else this.#groups.giveBlocks(block, 1);
    raw.writeUInt32LE(0, 0x68);
    raw.writeUInt16LE(0, 0x76);
    raw.writeUInt32LE(raw.readUInt32LE(0x1c) - BLOCK / 512, 0x1c);
  }

  #setAttributes(number: number, entry: Entry): void {
    const xattrs = { ...this.reader.stat(entry.path)?.xattrs, ...entry.xattrs };
    const raw = this.#groups.inode(number);
    this.#releaseAttributes(raw);
    const first = 128 + raw.readUInt16LE(0x80);
    raw.fill(0, first);
    const inside = inodeAttributes(xattrs, raw.length - first);
    if (inside === undefined) {
      raw.writeUInt32LE(this.#attributeBlock({ ...entry, xattrs }), 0x68);
      raw.writeUInt32LE(raw.readUInt32LE(0x1c) + BLOCK / 512, 0x1c);
    } else inside.copy(raw, first);
  }

  #attributeBlock(entry: Entry): number {
    const block = this.#groups.takeBlocks(1)[0]?.start ?? 0;
    const bytes = attributeBlock(entry.path, entry.xattrs ?? {}, this.#groups.seed, block);
    if (!this.#groups.checksums) bytes.writeUInt32LE(0, 16);
    bytes.copy(this.#blocks.fresh(block));
    return block;
  }

  #countLinks(folder: number, difference: number): void {
    const raw = this.#groups.inode(folder);
    const links = raw.readUInt16LE(0x1a);
    // dir_nlink: 1 stands for «more than fit».
    if (links > 1) raw.writeUInt16LE(links + difference >= LARGEST_LINKS ? 1 : links + difference, 0x1a);
    this.#groups.sealInode(folder);
  }
}
