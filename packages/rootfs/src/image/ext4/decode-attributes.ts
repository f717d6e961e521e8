const MAGIC = 0xea020000;
const PREFIXES: Readonly<Record<number, string>> = {
  1: 'user.',
  2: 'system.posix_acl_access',
  3: 'system.posix_acl_default',
  4: 'trusted.',
  6: 'security.',
  7: 'system.',
};

/** Attributes of an inode or an attribute block; entries start `first` bytes behind the magic, value offsets count from `origin` behind it. */
export function decodeAttributes(bytes: Buffer, base: number, first: number, origin: number): Record<string, Uint8Array> {
  const found: Record<string, Uint8Array> = {};
  if (base + 4 > bytes.length || bytes.readUInt32LE(base) !== MAGIC) return found;
  for (let at = base + first; at + 16 <= bytes.length && bytes.readUInt32LE(at) !== 0;) {
    const nameLength = bytes[at] ?? 0;
    const index = bytes[at + 1] ?? 0;
    const from = base + origin + bytes.readUInt16LE(at + 2);
    const size = bytes.readUInt32LE(at + 8);
    const prefix = PREFIXES[index];
    if (prefix !== undefined && from + size <= bytes.length && at + 16 + nameLength <= bytes.length) {
      const value = bytes.subarray(from, from + size);
      found[prefix + bytes.toString('latin1', at + 16, at + 16 + nameLength)] =
        index === 2 || index === 3 ? wideAcl(value) : Buffer.from(value);
    }
    at += 16 + Math.ceil(nameLength / 4) * 4;
  }
  return found;
}

/** From the form on disk to that of the system call: every entry has an id, -1 where it names nobody. */
function wideAcl(disk: Buffer): Buffer {
  const parts: Buffer[] = [Buffer.from([2, 0, 0, 0])];
  for (let at = 4; at + 4 <= disk.length;) {
    const tag = disk.readUInt16LE(at);
    const named = tag === 0x02 || tag === 0x08;
    parts.push(disk.subarray(at, at + 4), named ? disk.subarray(at + 4, at + 8) : Buffer.alloc(4, 0xff));
    at += named ? 8 : 4;
  }
  return Buffer.concat(parts);
}
