import type { Entry, EntryType } from '../../tree/entry.ts';
import { crc32c } from './crc32c.ts';
import { INODE_SIZE } from './layout.ts';
import { FORMAT } from '../../tree/file-type.ts';

const EXTRA = 32;
const EXTENTS_FLAG = 0x80000;
/** Room for attributes behind the fields. */
export const ATTRIBUTE_ROOM = INODE_SIZE - 128 - EXTRA;

export interface InodeFields {
  readonly number: number;
  readonly type: EntryType;
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  readonly mtime: number;
  readonly nanoseconds: number;
  readonly links: number;
  readonly size: number;
  /** Blocks in use, tree and attribute blocks included. */
  readonly blocks: number;
  /** i_block: extent tree, short symlink target or device number; up to 60 bytes. */
  readonly data: Buffer;
  readonly extents: boolean;
  /** Behind the fields: {@link ATTRIBUTE_ROOM} bytes. */
  readonly attributes?: Buffer;
  readonly attributeBlock?: number;
}

/** Checksums of an inode and of what belongs to it start from here. */
export function inodeSeed(fsSeed: number, number: number, generation = 0): number {
  const bytes = Buffer.alloc(8);
  bytes.writeUInt32LE(number, 0);
  bytes.writeUInt32LE(generation, 4);
  return crc32c(fsSeed, bytes);
}

/** Write an inode's 256 bytes. Times of access, change and birth are the modification's: they say nothing about a tree. */
export function writeInode(to: Buffer, fields: InodeFields, fsSeed: number): void {
  const large = fields.type === 'file' || fields.type === 'directory' ? Math.floor(fields.size / 2 ** 32) : 0;
  const seconds = fields.mtime | 0;
  const epoch = Math.floor((fields.mtime - seconds) / 2 ** 32) & 3;
  const extra = ((fields.nanoseconds << 2) | epoch) >>> 0;
  to.writeUInt16LE(FORMAT[fields.type] | fields.mode, 0x00);
  to.writeUInt16LE(fields.uid & 0xffff, 0x02);
  to.writeUInt32LE(fields.size >>> 0, 0x04);
  for (const at of [0x08, 0x0c, 0x10, 0x90]) to.writeInt32LE(seconds, at);
  to.writeUInt16LE(fields.gid & 0xffff, 0x18);
  to.writeUInt16LE(fields.links, 0x1a);
  to.writeUInt32LE((fields.blocks * 8) >>> 0, 0x1c);
  to.writeUInt32LE(fields.extents ? EXTENTS_FLAG : 0, 0x20);
  fields.data.copy(to, 0x28);
  to.writeUInt32LE(fields.attributeBlock ?? 0, 0x68);
  to.writeUInt32LE(large, 0x6c);
  to.writeUInt16LE(Math.floor((fields.blocks * 8) / 2 ** 32), 0x74);
  to.writeUInt16LE(fields.uid >>> 16, 0x78);
  to.writeUInt16LE(fields.gid >>> 16, 0x7a);
  to.writeUInt16LE(EXTRA, 0x80);
  for (const at of [0x84, 0x88, 0x8c, 0x94]) to.writeUInt32LE(extra, at);
  fields.attributes?.copy(to, 128 + EXTRA);
  const checksum = crc32c(inodeSeed(fsSeed, fields.number), to);
  to.writeUInt16LE(checksum & 0xffff, 0x7c);
  to.writeUInt16LE(checksum >>> 16, 0x82);
}

/** A device number as it stands in i_block: the old form for small numbers, the new one otherwise. */
export function deviceData(device: NonNullable<Entry['device']>): Buffer {
  const { major, minor } = device;
  const data = Buffer.alloc(8);
  if (major < 256 && minor < 256) data.writeUInt32LE((major << 8) | minor, 0);
  else data.writeUInt32LE(((minor & 0xff) | (major << 8) | ((minor & ~0xff) << 12)) >>> 0, 4);
  return data;
}
