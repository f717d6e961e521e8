import type { EntryType } from './entry.ts';

/** The upper bits of a mode, as inodes and cpio have them: the kind of file. Source: inode(7), cpio(5). */
export const FORMAT: Readonly<Record<EntryType, number>> = {
  fifo: 0o010000,
  char: 0o020000,
  directory: 0o040000,
  block: 0o060000,
  file: 0o100000,
  symlink: 0o120000,
  socket: 0o140000,
};

const TYPES = new Map(Object.entries(FORMAT).map(([type, bits]) => [bits, type as EntryType]));

/** The kind of file that a mode is for; undefined for none, and for a mode with more bits than a mode has. */
export function entryTypeOf(mode: number): EntryType | undefined {
  return TYPES.get(mode & ~0o7777);
}
