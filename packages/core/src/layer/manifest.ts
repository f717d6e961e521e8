import { createHash } from 'node:crypto';

/** One path that a layer adds, changes or removes. Times are not part of it: they are clamped at capture. */
export interface LayerEntry {
  /** Relative to the root, without a leading slash. */
  readonly path: string;
  readonly type: 'dir' | 'file' | 'symlink' | 'char' | 'block' | 'fifo' | 'removed';
  /** Permission bits, including set-id and sticky. */
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  /** Bytes, for files. */
  readonly size?: number;
  /** sha256 of the content, for files. */
  readonly sha256?: string;
  /** For symbolic links. */
  readonly target?: string;
  /** [major, minor], for device nodes. */
  readonly device?: readonly [number, number];
  /** A folder that hides what lower layers have there. */
  readonly opaque?: true;
  /** Extended attributes, values in base64. */
  readonly xattrs?: Readonly<Record<string, string>>;
}

/** One JSON object a line, keys in a fixed order, sorted by path: the bytes of this text are what a layer's digest is taken of. */
export function formatManifest(entries: readonly LayerEntry[]): string {
  return [...entries]
    .sort((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0))
    .map((entry) => {
      const { path, type, mode, uid, gid, size, sha256, target, device, opaque, xattrs } = entry;
      const sortedXattrs =
        xattrs === undefined ? undefined : Object.fromEntries(Object.entries(xattrs).sort(([a], [b]) => (a < b ? -1 : 1)));
      return `${JSON.stringify({ path, type, mode, uid, gid, size, sha256, target, device, opaque, xattrs: sortedXattrs })}\n`;
    })
    .join('');
}

export function parseManifest(text: string): LayerEntry[] {
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as LayerEntry);
}

/** A layer's digest. */
export function manifestDigest(manifest: string): string {
  return createHash('sha256').update(manifest).digest('hex');
}
