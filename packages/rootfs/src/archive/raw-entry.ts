import type { EntryType } from '../tree/entry.ts';

/** An entry as an archive states it: nothing in it has been checked. */
export interface RawEntry {
  readonly path: string;
  readonly type: EntryType | 'hardlink';
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  readonly mtime: number;
  readonly nanoseconds: number;
  readonly size: number;
  /** Where the content starts in the unpacked archive. */
  readonly offset: number;
  /** Symlinks and hard links. */
  readonly target?: string;
  readonly device?: { readonly major: number; readonly minor: number };
  readonly xattrs?: Readonly<Record<string, Uint8Array>>;
  /** cpio: names with the same number are one file, its content stands with one of them. */
  readonly inode?: string;
  /** tar: ranges of the file that are no holes, in the order of their data from `offset` on. */
  readonly pieces?: readonly { readonly from: number; readonly length: number }[];
}

/** Random access to an unpacked archive; `read` throws when it ends too early. */
export interface ArchiveFile {
  readonly size: number;
  readonly read: (offset: number, length: number) => Buffer;
}
