import { XlfsError } from '@xlfs/core';
import { crc32c } from './crc32c.ts';
import { BLOCK } from './layout.ts';

/** Name prefixes that are stored as a number (ext4/attributes.rst). */
const PREFIXES: readonly (readonly [string, number])[] = [
  ['user.', 1],
  ['system.posix_acl_access', 2],
  ['system.posix_acl_default', 3],
  ['trusted.', 4],
  ['security.', 6],
  ['system.', 7],
];
const MAGIC = 0xea020000;

interface Attribute {
  readonly index: number;
  readonly name: Buffer;
  readonly value: Buffer;
}

/** Attributes for the room behind an inode's fields: undefined when they need a block. */
export function inodeAttributes(xattrs: Readonly<Record<string, Uint8Array>>, room: number): Buffer | undefined {
  const bytes = Buffer.alloc(room);
  bytes.writeUInt32LE(MAGIC, 0);
  return pack(attributesOf(xattrs), bytes, 4, 4, false) ? bytes : undefined;
}

/**
 * Attributes as a block of their own; its checksum covers the block's number.
 * @throws ASSEMBLY_FAILED when they do not fit into one block.
 */
export function attributeBlock(path: string, xattrs: Readonly<Record<string, Uint8Array>>, seed: number, block: number): Buffer {
  const bytes = Buffer.alloc(BLOCK);
  bytes.writeUInt32LE(MAGIC, 0);
  bytes.writeUInt32LE(1, 4);
  bytes.writeUInt32LE(1, 8);
  if (!pack(attributesOf(xattrs), bytes, 32, 0, true)) {
    throw new XlfsError('ASSEMBLY_FAILED', `the extended attributes of /${path} take more than ext4's ${String(BLOCK)} bytes`);
  }
  const number = Buffer.alloc(8);
  number.writeUInt32LE(block, 0);
  bytes.writeUInt32LE(crc32c(crc32c(seed, number), bytes), 16);
  return bytes;
}

/** Entries from `start` upwards, values from the end downwards; offsets count from `origin`. False when they meet. */
function pack(attributes: readonly Attribute[], bytes: Buffer, start: number, origin: number, hashed: boolean): boolean {
  let at = start;
  let end = bytes.length;
  let blockHash = 0;
  for (const { index, name, value } of attributes) {
    const room = Math.ceil(value.length / 4) * 4;
    const next = at + 16 + Math.ceil(name.length / 4) * 4;
    end -= room;
    if (next + 4 > end) return false;
    value.copy(bytes, end);
    bytes[at] = name.length;
    bytes[at + 1] = index;
    bytes.writeUInt16LE(end - origin, at + 2);
    bytes.writeUInt32LE(value.length, at + 8);
    if (hashed) {
      const hash = entryHash(name, bytes.subarray(end, end + room));
      bytes.writeUInt32LE(hash, at + 12);
      blockHash = ((blockHash << 16) ^ (blockHash >>> 16) ^ hash) >>> 0;
    }
    name.copy(bytes, at + 16);
    at = next;
  }
  if (hashed) bytes.writeUInt32LE(blockHash, 12);
  return true;
}

function entryHash(name: Buffer, padded: Buffer): number {
  let hash = 0;
  for (const byte of name) hash = ((hash << 5) ^ (hash >>> 27) ^ byte) >>> 0;
  for (let at = 0; at < padded.length; at += 4) hash = ((hash << 16) ^ (hash >>> 16) ^ padded.readUInt32LE(at)) >>> 0;
  return hash;
}

/** In the order that the kernel looks them up: by prefix, then length, then name. */
function attributesOf(xattrs: Readonly<Record<string, Uint8Array>>): Attribute[] {
  const attributes = Object.entries(xattrs).map(([full, bytes]) => {
    const known = PREFIXES.find(([prefix]) => full.startsWith(prefix));
    if (known === undefined) throw new XlfsError('ASSEMBLY_FAILED', `ext4 cannot store the extended attribute ${full}`);
    const [prefix, index] = known;
    const value = index === 2 || index === 3 ? diskAcl(Buffer.from(bytes)) : Buffer.from(bytes);
    return { index, name: Buffer.from(full.slice(prefix.length)), value };
  });
  return attributes.sort((a, b) => a.index - b.index || a.name.length - b.name.length || Buffer.compare(a.name, b.name));
}

/** ACLs are shorter on disk than in the system call: an id only where the entry names one. */
function diskAcl(acl: Buffer): Buffer {
  const parts: Buffer[] = [Buffer.from([1, 0, 0, 0])];
  for (let at = 4; at + 8 <= acl.length; at += 8) {
    const tag = acl.readUInt16LE(at);
    const named = tag === 0x02 || tag === 0x08;
    parts.push(acl.subarray(at, at + 4), ...(named ? [acl.subarray(at + 4, at + 8)] : []));
  }
  return Buffer.concat(parts);
}
