import type { Entry } from '../../tree/entry.ts';
import { nameOf, parentOf } from '../../tree/path.ts';
import type { Ext4Reader } from './read.ts';

export interface Ext4Edits {
  /** Entries to put in place; folders that are missing are made. An existing folder gets the new attributes and keeps its contents. */
  readonly put?: readonly Entry[];
  /** Paths to take away, with what is below them; one that is not there is no error. */
  readonly remove?: readonly string[];
  /** A uuid of its own for the file system. */
  readonly uuid?: string;
  /** Seconds for every time that the edit itself sets; 0 cannot be said to debugfs. @default 1 */
  readonly epoch?: number;
}

/** What an edit leads to, with the paths as they are in the image. */
export interface Edited {
  readonly put: readonly Entry[];
  readonly removed: readonly string[];
}

/** A path with no symlinked folder left on the way, so that none is written through blindly; undefined when its folder is not there. */
export function realPath(reader: Ext4Reader, path: string): string | undefined {
  const parent = parentOf(path);
  if (parent === '') return path;
  const folder = reader.resolve(parent, { followLast: true });
  return folder === undefined ? undefined : folder === '' ? nameOf(path) : `${folder}/${nameOf(path)}`;
}
