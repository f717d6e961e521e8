import { XlfsError } from '@xlfs/core';
import type { Entry, EntryType, Tree } from '../../tree/entry.ts';
import { entryTypeOf } from '../../tree/file-type.ts';
import { decodePath, parentOf, treePath } from '../../tree/path.ts';
import { formatUuid } from '../uuid.ts';
import { decodeAttributes } from './decode-attributes.ts';
import { mapBlocks, type Extent } from './block-map.ts';
import { ImageFile, type ImageSource } from './source.ts';

/** What the file system says of itself. */
export interface Ext4Info {
  readonly uuid: string;
  readonly label: string;
  readonly blockSize: number;
  /** Bytes of the file system. */
  readonly size: number;
  readonly freeBytes: number;
  readonly features: { readonly journal: boolean; readonly checksumSeed: boolean };
  /** Written to and not unmounted: the journal has to be replayed before the files can be trusted. */
  readonly needsRecovery: boolean;
}

/** Reading does not depend on other features; these change where content is: inline_data, encrypt, ea_inode, dirdata, compression, meta_bg. */
const UNREADABLE = 0x8000 | 0x10000 | 0x400 | 0x1000 | 0x1 | 0x10;
const MAX_SYMLINKS = 40;

interface Inode {
  readonly number: number;
  readonly type: EntryType;
  readonly size: number;
  readonly raw: Buffer;
}

/**
 * Reads files out of an ext2, ext3 or ext4 image without mounting it and without any other program. Nothing that it says is trusted:
 * numbers that point outside of the image end in ARCHIVE_INVALID.
 */
export class Ext4Reader implements Disposable {
  readonly info: Ext4Info;
  readonly #path: string;
  readonly #source: ImageSource;
  readonly #blockSize: number;
  readonly #inodeSize: number;
  readonly #inodesPerGroup: number;
  readonly #inodeCount: number;
  readonly #blocks: number;
  readonly #descriptors: Buffer;
  readonly #descriptorSize: number;
  /** Names of folders that were looked into, with their inodes. */
  readonly #folders = new Map<number, ReadonlyMap<string, number>>();

  /** @param source where the bytes come from, when not straight from the file; closed with the reader. */
  constructor(path: string, source: ImageSource = new ImageFile(path)) {
    this.#path = path;
    this.#source = source;
    try {
      const sb = this.#bytes(1024, 1024);
      if (sb.readUInt16LE(0x38) !== 0xef53) throw this.#invalid('it has no ext4 superblock');
      const incompat = sb.readUInt32LE(0x60);
      if ((incompat & UNREADABLE) !== 0)
        throw this.#invalid(`it uses features that are not read here (0x${(incompat & UNREADABLE).toString(16)})`);
      const wide = (incompat & 0x80) !== 0;
      this.#blockSize = 1024 << sb.readUInt32LE(0x18);
      this.#inodeSize = sb.readUInt32LE(0x4c) === 0 ? 128 : sb.readUInt16LE(0x58);
      this.#inodesPerGroup = sb.readUInt32LE(0x28);
      this.#inodeCount = sb.readUInt32LE(0x00);
      this.#blocks = sb.readUInt32LE(0x04) + (wide ? sb.readUInt32LE(0x150) * 2 ** 32 : 0);
      this.#descriptorSize = wide ? Math.max(sb.readUInt16LE(0xfe), 32) : 32;
      const perGroup = sb.readUInt32LE(0x20);
      const sane =
        this.#blockSize >= 1024 && this.#blockSize <= 65536 && this.#inodeSize >= 128 && this.#inodeSize <= this.#blockSize;
      if (!sane || this.#inodesPerGroup === 0 || perGroup === 0) throw this.#invalid('its superblock makes no sense');
      const groups = Math.ceil((this.#blocks - sb.readUInt32LE(0x14)) / perGroup);
      if (groups * this.#descriptorSize > 1 << 28) throw this.#invalid('its superblock claims too many groups');
      this.#descriptors = this.#bytes((sb.readUInt32LE(0x14) + 1) * this.#blockSize, groups * this.#descriptorSize);
      this.info = {
        uuid: formatUuid(sb.subarray(0x68, 0x78)),
        label: sb.toString('utf8', 0x78, 0x88).replace(/\0.*$/s, ''),
        blockSize: this.#blockSize,
        size: this.#blocks * this.#blockSize,
        freeBytes: (sb.readUInt32LE(0x0c) + (wide ? sb.readUInt32LE(0x158) * 2 ** 32 : 0)) * this.#blockSize,
        features: { journal: (sb.readUInt32LE(0x5c) & 0x4) !== 0, checksumSeed: (incompat & 0x2000) !== 0 },
        needsRecovery: (incompat & 0x4) !== 0,
      };
    } catch (error) {
      this.#source.close();
      throw error;
    }
  }

  close(): void {
    this.#source.close();
  }

  [Symbol.dispose](): void {
    this.close();
  }

  /** The entry at a path, symlinks on the way followed inside of the image and the last name not; undefined when there is none. */
  stat(path: string): Entry | undefined {
    const found = this.#lookup(treePath(path), { follow: false });
    return found === undefined ? undefined : this.#entry(found.path, found.inode);
  }

  /** Where a path leads when every folder on the way is resolved: the path to edit, so that a symlink is never written through blindly. */
  resolve(path: string, options: { readonly followLast?: boolean } = {}): string | undefined {
    return this.#lookup(treePath(path), { follow: options.followLast ?? false })?.path;
  }

  /** The inode behind a path, symlinks on the way followed and the last name not. */
  locate(path: string): { readonly number: number; readonly type: EntryType } | undefined {
    return this.#lookup(treePath(path), { follow: false })?.inode;
  }

  /** Look into folders anew: what is below has changed. */
  forget(): void {
    this.#folders.clear();
  }

  /** A regular file's bytes, symlinks followed inside of the image; undefined when there is no such file. */
  readFile(path: string, limit = 1 << 28): Buffer | undefined {
    const inode = this.#lookup(treePath(path), { follow: true })?.inode;
    if (inode?.type !== 'file') return undefined;
    if (inode.size > limit)
      throw this.#invalid(`/${path} has ${String(inode.size)} bytes, more than the ${String(limit)} that are read at once`);
    return Buffer.concat([...this.#content(inode)]);
  }

  /** Names in a folder, in the order of the directory, without `.` and `..`. */
  list(path: string): { readonly name: string; readonly type: EntryType }[] {
    const inode = this.#lookup(treePath(path), { follow: true })?.inode;
    if (inode?.type !== 'directory') return [];
    return [...this.#names(inode)].map(([name, number]) => ({ name, type: this.#inode(number).type }));
  }

  /** Everything in the image; lost+found only when something is in it. */
  tree(): Tree {
    const tree: Tree = new Map();
    const seen = new Set<number>();
    const walk = (path: string, inode: Inode) => {
      if (seen.has(inode.number)) throw this.#invalid(`the folder /${path} contains itself`);
      seen.add(inode.number);
      tree.set(path, this.#entry(path, inode));
      for (const { name, number } of this.#items(inode)) {
        const below = path === '' ? name : `${path}/${name}`;
        const child = this.#inode(number);
        if (child.type === 'directory') walk(below, child);
        else tree.set(below, this.#entry(below, child));
      }
    };
    walk('', this.#inode(2));
    if (tree.has('lost+found') && ![...tree.keys()].some((path) => path.startsWith('lost+found/'))) tree.delete('lost+found');
    return tree;
  }

  #lookup(path: string, options: { readonly follow: boolean }): { path: string; inode: Inode } | undefined {
    let left = path === '' ? [] : path.split('/');
    let at = { path: '', inode: this.#inode(2) };
    let symlinks = 0;
    while (left.length > 0) {
      const [name = '', ...rest] = left;
      left = rest;
      if (name === '..') {
        const parent = parentOf(at.path);
        at = { path: parent, inode: this.#lookup(parent, { follow: false })?.inode ?? at.inode };
        continue;
      }
      if (at.inode.type !== 'directory') return undefined;
      const number = this.#names(at.inode).get(name);
      if (number === undefined) return undefined;
      const inode = this.#inode(number);
      if (inode.type === 'symlink' && (rest.length > 0 || options.follow)) {
        if (++symlinks > MAX_SYMLINKS) throw this.#invalid(`/${path} runs through a loop of symlinks`);
        const target = this.#target(inode);
        if (target.startsWith('/')) at = { path: '', inode: this.#inode(2) };
        left = [...target.split('/').filter((part) => part !== '' && part !== '.'), ...rest];
        continue;
      }
      at = { path: at.path === '' ? name : `${at.path}/${name}`, inode };
    }
    return at;
  }

  #names(folder: Inode): ReadonlyMap<string, number> {
    const known = this.#folders.get(folder.number);
    if (known !== undefined) return known;
    const names = new Map<string, number>();
    for (const { name, number } of this.#items(folder)) if (!names.has(name)) names.set(name, number);
    this.#folders.set(folder.number, names);
    return names;
  }

  #entry(path: string, inode: Inode): Entry {
    const { raw, type } = inode;
    const extra = raw.length > 128 && raw.readUInt16LE(0x80) >= 12 ? raw.readUInt32LE(0x88) : 0;
    const links = raw.readUInt16LE(0x1a);
    const xattrs = this.#xattrs(inode);
    const size = type === 'file' ? inode.size : 0;
    return {
      path,
      type,
      mode: raw.readUInt16LE(0) & 0o7777,
      uid: raw.readUInt16LE(0x02) | (raw.readUInt16LE(0x78) << 16),
      gid: raw.readUInt16LE(0x18) | (raw.readUInt16LE(0x7a) << 16),
      mtime: raw.readInt32LE(0x10) + (extra & 3) * 2 ** 32,
      nanoseconds: extra >>> 2,
      size,
      ...(type === 'file' ? { content: { open: () => this.#stream(inode) } } : {}),
      ...(type === 'file' && raw.readUInt32LE(0x1c) * 512 < size ? { sparse: true } : {}),
      ...(type === 'symlink' ? { target: this.#target(inode) } : {}),
      ...(type === 'char' || type === 'block' ? { device: deviceOf(raw) } : {}),
      ...(type !== 'directory' && links > 1 ? { link: `${this.#path}:${String(inode.number)}` } : {}),
      ...(Object.keys(xattrs).length > 0 ? { xattrs } : {}),
    };
  }

  #xattrs(inode: Inode): Record<string, Uint8Array> {
    const { raw } = inode;
    const block = raw.readUInt32LE(0x68);
    const inside = raw.length > 128 ? decodeAttributes(raw, 128 + raw.readUInt16LE(0x80), 4, 4) : {};
    return block === 0 ? inside : { ...inside, ...decodeAttributes(this.#block(block), 0, 32, 0) };
  }

  #target(inode: Inode): string {
    if (inode.size < 60 && inode.raw.readUInt32LE(0x1c) === 0) return decodePath(inode.raw.subarray(0x28, 0x28 + inode.size));
    if (inode.size > 4096) throw this.#invalid('a symlink in it is longer than a path can be');
    return decodePath(Buffer.concat([...this.#content(inode)]));
  }

  *#items(inode: Inode): Generator<{ name: string; number: number }> {
    if (inode.size > 1 << 28) throw this.#invalid('a folder in it is larger than a folder can be');
    for (const bytes of this.#content(inode)) {
      for (let start = 0; start < bytes.length; start += this.#blockSize) {
        const block = bytes.subarray(start, start + this.#blockSize);
        for (let at = 0; at + 8 <= block.length;) {
          const number = block.readUInt32LE(at);
          const length = block.readUInt16LE(at + 4) || 65536;
          const nameLength = block[at + 6] ?? 0;
          if (length < 8 || at + length > block.length || nameLength + 8 > length) {
            if (number !== 0 || length < 8) throw this.#invalid('a folder in it is damaged');
          }
          if (number !== 0 && nameLength > 0) {
            const name = decodePath(block.subarray(at + 8, at + 8 + nameLength));
            if (name.includes('/') || name.includes('\0')) throw this.#invalid('a name in it has a slash or a NUL in it');
            if (name !== '.' && name !== '..') yield { name, number };
          }
          at += length;
        }
      }
    }
  }

  async *#stream(inode: Inode): AsyncGenerator<Uint8Array> {
    yield* this.#content(inode);
  }

  /** Content in pieces of up to 1 MiB, holes as zeros. */
  *#content(inode: Inode): Generator<Buffer> {
    const size = this.#blockSize;
    let at = 0;
    for (const extent of mapBlocks(inode.raw, Math.ceil(inode.size / size), (block) => this.#block(block), size)) {
      yield* zeros(Math.min(extent.logical * size, inode.size) - at);
      at = Math.max(at, Math.min(extent.logical * size, inode.size));
      for (let done = 0; done < extent.length && at < inode.size;) {
        const count = Math.min(extent.length - done, Math.max(1, (1 << 20) / size));
        const bytes = this.#extentBytes(extent, done, count).subarray(0, inode.size - at);
        yield bytes;
        at += bytes.length;
        done += count;
      }
    }
    yield* zeros(inode.size - at);
  }

  #extentBytes(extent: Extent, from: number, count: number): Buffer {
    if (extent.unwritten) return Buffer.alloc(count * this.#blockSize);
    if (extent.start + from + count > this.#blocks) throw this.#invalid('a file in it points behind its end');
    return this.#bytes((extent.start + from) * this.#blockSize, count * this.#blockSize);
  }

  #inode(number: number): Inode {
    if (number < 1 || number > this.#inodeCount)
      throw this.#invalid(`it names an inode that it does not have (${String(number)})`);
    const group = Math.floor((number - 1) / this.#inodesPerGroup);
    const descriptor = group * this.#descriptorSize;
    if (descriptor + this.#descriptorSize > this.#descriptors.length)
      throw this.#invalid(`it names an inode behind its end (${String(number)})`);
    const high = this.#descriptorSize >= 64 ? this.#descriptors.readUInt32LE(descriptor + 0x28) * 2 ** 32 : 0;
    const table = this.#descriptors.readUInt32LE(descriptor + 0x08) + high;
    const raw = this.#bytes(table * this.#blockSize + ((number - 1) % this.#inodesPerGroup) * this.#inodeSize, this.#inodeSize);
    const type = entryTypeOf(raw.readUInt16LE(0));
    if (type === undefined) throw this.#invalid(`inode ${String(number)} of it is in no state to be read`);
    const high32 = type === 'file' || type === 'directory' ? raw.readUInt32LE(0x6c) * 2 ** 32 : 0;
    return { number, type, size: raw.readUInt32LE(0x04) + high32, raw };
  }

  #block(block: number): Buffer {
    if (block >= this.#blocks) throw this.#invalid('it points to a block behind its end');
    return this.#bytes(block * this.#blockSize, this.#blockSize);
  }

  #bytes(offset: number, length: number): Buffer {
    const bytes = this.#source.read(offset, length);
    if (bytes === undefined) throw this.#invalid('it is shorter than it says');
    return bytes;
  }

  #invalid(what: string): XlfsError {
    return new XlfsError('ARCHIVE_INVALID', `${this.#path} cannot be read as an ext4 image: ${what}`);
  }
}

function deviceOf(raw: Buffer): { major: number; minor: number } {
  const old = raw.readUInt32LE(0x28);
  if (old !== 0) return { major: (old >> 8) & 0xff, minor: old & 0xff };
  const wide = raw.readUInt32LE(0x2c);
  return { major: (wide >> 8) & 0xfff, minor: (wide & 0xff) | ((wide >>> 12) & 0xfff00) };
}

function* zeros(count: number): Generator<Buffer> {
  for (let left = count; left > 0; left -= 1 << 20) yield Buffer.alloc(Math.min(left, 1 << 20));
}
