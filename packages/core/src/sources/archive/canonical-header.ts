import type { ArchiveEntry } from './entry.ts';

const BLOCK = 512;
const NAME_BYTES = 100;
const typeFlags: Readonly<Record<ArchiveEntry['type'], string>> = { file: '0', hardlink: '1', symlink: '2', directory: '5' };

/** Two empty blocks: the end of an archive. */
export const endOfArchive: Buffer = Buffer.alloc(2 * BLOCK);

/**
 * The header blocks of one entry in the plainest form that GNU tar reads: ustar, with GNU long names before it where they do not fit
 * (raw bytes, while pax names pass through the locale). Owner 0:0, modes 755 or 644.
 *
 * What unpacks sees only these, so there is one reading of an archive: ours.
 */
export function canonicalHeader(entry: ArchiveEntry): Buffer {
  const path = Buffer.from(entry.type === 'directory' ? `${entry.path}/` : entry.path);
  const target = Buffer.from(entry.target);
  return Buffer.concat([
    ...(target.length > NAME_BYTES ? [longName('K', target)] : []),
    ...(path.length > NAME_BYTES ? [longName('L', path)] : []),
    header(path, target, typeFlags[entry.type], canonicalMode(entry), entry.size, entry.mtime),
  ]);
}

function canonicalMode({ type, mode }: ArchiveEntry): number {
  return type === 'directory' || (mode & 0o111) !== 0 ? 0o755 : 0o644;
}

function longName(flag: 'K' | 'L', name: Buffer): Buffer {
  const size = name.length + 1;
  const content = Buffer.alloc(Math.ceil(size / BLOCK) * BLOCK);
  name.copy(content);
  return Buffer.concat([header(Buffer.from('././@LongLink'), Buffer.alloc(0), flag, 0o644, size, 0), content]);
}

function header(name: Buffer, target: Buffer, flag: string, mode: number, size: number, mtime: number): Buffer {
  const block = Buffer.alloc(BLOCK);
  name.copy(block, 0, 0, NAME_BYTES);
  octal(block, 100, 8, mode);
  octal(block, 108, 8, 0);
  octal(block, 116, 8, 0);
  octal(block, 124, 12, size);
  octal(block, 136, 12, Math.min(mtime, 0o77777777777));
  block.write('        ', 148);
  block.write(flag, 156);
  target.copy(block, 157, 0, NAME_BYTES);
  block.write('ustar  \0', 257, 'latin1');
  let sum = 0;
  for (const byte of block) sum += byte;
  block.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148, 'latin1');
  return block;
}

function octal(block: Buffer, offset: number, width: number, value: number): void {
  block.write(`${value.toString(8).padStart(width - 1, '0')}\0`, offset, 'latin1');
}
