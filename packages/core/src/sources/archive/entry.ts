/** One member of an archive, as far as source tarballs have a use for it. */
export interface ArchiveEntry {
  readonly type: 'file' | 'directory' | 'symlink' | 'hardlink';
  /** As the archive has it: not yet checked. */
  readonly path: string;
  /** Target of a link; empty otherwise. */
  readonly target: string;
  /** Permission bits. */
  readonly mode: number;
  /** Bytes of content that follow. */
  readonly size: number;
  /** Seconds since 1970. */
  readonly mtime: number;
}
