import { crc32c } from './crc32c.ts';
import { BLOCK, BLOCKS_PER_GROUP, INODE_SIZE, JOURNAL_INODE, type Layout } from './layout.ts';

/** has_journal, ext_attr, dir_index. */
const COMPAT = { journal: 0x4, base: 0x8 | 0x20 };
/** filetype, extents, flex_bg, metadata_csum_seed (so that a fork can get a uuid of its own without touching every checksum). */
const INCOMPAT = 0x2 | 0x40 | 0x200 | 0x2000;
/** sparse_super, large_file, huge_file, dir_nlink, extra_isize, metadata_csum. */
const RO_COMPAT = 0x1 | 0x2 | 0x8 | 0x20 | 0x40 | 0x400;

export interface SuperblockFields {
  readonly layout: Layout;
  readonly uuid: Buffer;
  readonly hashSeed: Buffer;
  readonly label: string;
  /** Seconds; every time in the superblock. */
  readonly epoch: number;
  readonly freeBlocks: number;
  readonly freeInodes: number;
  /** Share of the blocks that only root may fill. */
  readonly reservedBlocks: number;
  readonly checksumSeed: number;
  /** i_block and size of the journal's inode, kept here as a backup. */
  readonly journal: { readonly data: Buffer; readonly size: number } | undefined;
}

/** The 1024 bytes of a superblock for one of the groups that have a copy (ext4/super.rst). */
export function superblock(fields: SuperblockFields, group: number): Buffer {
  const { layout, epoch, journal } = fields;
  const bytes = Buffer.alloc(1024);
  const u32 = (at: number, value: number) => bytes.writeUInt32LE(value >>> 0, at);
  const u16 = (at: number, value: number) => bytes.writeUInt16LE(value, at);
  u32(0x00, layout.inodesPerGroup * layout.groups);
  u32(0x04, layout.blocks);
  u32(0x08, fields.reservedBlocks);
  u32(0x0c, fields.freeBlocks);
  u32(0x10, fields.freeInodes);
  u32(0x18, Math.log2(BLOCK) - 10);
  u32(0x1c, Math.log2(BLOCK) - 10);
  u32(0x20, BLOCKS_PER_GROUP);
  u32(0x24, BLOCKS_PER_GROUP);
  u32(0x28, layout.inodesPerGroup);
  u32(0x30, epoch);
  u16(0x36, 0xffff);
  u16(0x38, 0xef53);
  u16(0x3a, 1);
  u16(0x3c, 1);
  u32(0x40, epoch);
  u32(0x4c, 1);
  u32(0x54, 11);
  u16(0x58, INODE_SIZE);
  u16(0x5a, group);
  u32(0x5c, COMPAT.base | (journal === undefined ? 0 : COMPAT.journal));
  u32(0x60, INCOMPAT);
  u32(0x64, RO_COMPAT);
  fields.uuid.copy(bytes, 0x68);
  bytes.write(fields.label, 0x78, 16, 'utf8');
  if (journal !== undefined) {
    u32(0xe0, JOURNAL_INODE);
    bytes[0xfd] = 1;
    journal.data.copy(bytes, 0x10c);
    u32(0x10c + 64, journal.size);
  }
  fields.hashSeed.copy(bytes, 0xec);
  bytes[0xfc] = 1;
  u32(0x100, 0xc);
  u32(0x108, epoch);
  u16(0x15c, 32);
  u16(0x15e, 32);
  u32(0x160, 1);
  bytes[0x174] = 4;
  bytes[0x175] = 1;
  u32(0x270, fields.checksumSeed);
  u32(0x3fc, crc32c(0xffffffff, bytes.subarray(0, 0x3fc)));
  return bytes;
}

export interface GroupFields {
  readonly blockBitmap: number;
  readonly inodeBitmap: number;
  readonly inodeTable: number;
  readonly freeBlocks: number;
  readonly freeInodes: number;
  readonly directories: number;
  /** Inodes at the end of the table that were never used. */
  readonly unusedInodes: number;
  readonly blockBitmapChecksum: number;
  readonly inodeBitmapChecksum: number;
}

/** Descriptors of all groups, padded to whole blocks (ext4/group_descr.rst). */
export function groupDescriptors(groups: readonly GroupFields[], layout: Layout, seed: number): Buffer {
  const bytes = Buffer.alloc(layout.descriptorBlocks * BLOCK);
  groups.forEach((group, index) => {
    const to = bytes.subarray(index * 32, index * 32 + 32);
    to.writeUInt32LE(group.blockBitmap, 0x00);
    to.writeUInt32LE(group.inodeBitmap, 0x04);
    to.writeUInt32LE(group.inodeTable, 0x08);
    to.writeUInt16LE(group.freeBlocks, 0x0c);
    to.writeUInt16LE(group.freeInodes, 0x0e);
    to.writeUInt16LE(group.directories, 0x10);
    // INODE_ZEROED: the tables are holes of the image file.
    to.writeUInt16LE(0x4, 0x12);
    to.writeUInt16LE(group.blockBitmapChecksum & 0xffff, 0x18);
    to.writeUInt16LE(group.inodeBitmapChecksum & 0xffff, 0x1a);
    to.writeUInt16LE(group.unusedInodes, 0x1c);
    const number = Buffer.alloc(4);
    number.writeUInt32LE(index, 0);
    to.writeUInt16LE(crc32c(crc32c(seed, number), to) & 0xffff, 0x1e);
  });
  return bytes;
}

/** First block of an empty journal (jbd2, big-endian): the rest of it may be anything. */
export function journalSuperblock(blocks: number, uuid: Buffer): Buffer {
  const bytes = Buffer.alloc(BLOCK);
  const fields = [0xc03b3998, 4, 0, BLOCK, blocks, 1, 1, 0];
  fields.forEach((field, index) => bytes.writeUInt32BE(field, index * 4));
  uuid.copy(bytes, 0x30);
  bytes.writeUInt32BE(1, 0x40);
  return bytes;
}
