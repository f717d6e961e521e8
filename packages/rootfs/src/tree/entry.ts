import { XlfsError } from '@xlfs/core';
import { nameOf, parentOf, treePath } from './path.ts';

export type EntryType = 'file' | 'directory' | 'symlink' | 'char' | 'block' | 'fifo' | 'socket';

/** Where a regular file's bytes come from. Streams are opened anew for each read. */
export type Content =
  | { readonly bytes: Uint8Array }
  | { readonly file: string; /** First byte of it in the file. @default 0 */ readonly offset?: number }
  | {
      readonly open: () => AsyncIterable<Uint8Array>;
      /** All of it, where nobody has to wait for it. */ readonly atHand?: () => Uint8Array | undefined;
    };

/** One name in a tree. Device nodes are plain data: nothing here needs mknod or chown. */
export interface Entry {
  /** Relative to the root, no leading slash; the root itself is `''`. Any bytes, see `decodePath`. */
  readonly path: string;
  readonly type: EntryType;
  /** Permission bits with setuid, setgid and sticky: 0 to 0o7777. */
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  /** Whole seconds since 1970. */
  readonly mtime: number;
  /** 0 to 999,999,999. */
  readonly nanoseconds?: number;
  /** Bytes of a regular file; 0 for everything else. */
  readonly size: number;
  /** The file has holes: writers look for zero blocks in it. */
  readonly sparse?: boolean;
  /** Symlinks only. */
  readonly target?: string;
  /** `char` and `block` only. */
  readonly device?: { readonly major: number; readonly minor: number };
  readonly xattrs?: Readonly<Record<string, Uint8Array>>;
  /** Regular files only. */
  readonly content?: Content;
  /** Names with the same value are hard links to one file, and carry the same content. */
  readonly link?: string;
}

/** A tree as a map from path to entry. */
export type Tree = Map<string, Entry>;

/** The parts of an entry that have a sensible default: root's, mode 755 or 644, epoch 0. */
type Attributes = Partial<Pick<Entry, 'mode' | 'uid' | 'gid' | 'mtime' | 'nanoseconds' | 'xattrs' | 'sparse' | 'link'>>;

export function directory(path: string, attributes: Attributes = {}): Entry {
  return { ...base(path, 'directory', 0o755), ...attributes };
}

export function file(path: string, content: string | Uint8Array, attributes: Attributes = {}): Entry {
  const bytes = typeof content === 'string' ? Buffer.from(content) : content;
  return { ...base(path, 'file', 0o644), size: bytes.length, content: { bytes }, ...attributes };
}

export function symlink(path: string, target: string, attributes: Attributes = {}): Entry {
  return { ...base(path, 'symlink', 0o777), target, ...attributes };
}

export function device(path: string, type: 'char' | 'block', major: number, minor: number, attributes: Attributes = {}): Entry {
  return { ...base(path, type, 0o600), device: { major, minor }, ...attributes };
}

/** A map of entries by path; a later entry takes the place of an earlier one. Does not check parents, see {@link orderedEntries}. */
export function treeOf(entries: Iterable<Entry>): Tree {
  const tree: Tree = new Map();
  for (const entry of entries) tree.set(entry.path, entry);
  return tree;
}

/**
 * The entries in the one order that every writer uses: a root first, folders before what they hold, siblings by name. Folders that are
 * missing are added (root's, 755, the time `epoch`).
 * @throws ASSEMBLY_FAILED when something lies below a path that is not a folder.
 */
export function orderedEntries(entries: Iterable<Entry>, epoch = 0): Entry[] {
  const tree = treeOf(entries);
  for (const path of [...tree.keys()]) addParents(tree, path, epoch);
  if (!tree.has('')) tree.set('', directory('', { mtime: epoch }));
  return inOrder(tree.values());
}

/** Entries of a tree that has all of its folders, in the same order. */
export function inOrder(entries: Iterable<Entry>): Entry[] {
  // With the slash as the smallest character, plain comparison is the order of `comparePaths`, and much faster.
  const keyed = Array.from(entries, (entry) => ({ key: entry.path.replaceAll('/', '\0'), entry }));
  return keyed.sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0)).map(({ entry }) => entry);
}

/** Nodes of `/dev` that a system needs before devtmpfs is mounted (hint, step 5): console and null. */
export function consoleDevices(): Entry[] {
  return [directory('dev'), device('dev/console', 'char', 5, 1), device('dev/null', 'char', 1, 3, { mode: 0o666 })];
}

function base(path: string, type: EntryType, mode: number): Entry {
  return { path: treePath(path), type, mode, uid: 0, gid: 0, mtime: 0, size: 0 };
}

function addParents(tree: Tree, path: string, epoch: number): void {
  for (let child = path; child !== '';) {
    const parent = parentOf(child);
    const above = tree.get(parent);
    if (above !== undefined && above.type !== 'directory') {
      throw new XlfsError('ASSEMBLY_FAILED', `/${child} cannot lie below /${parent}: that is a ${above.type}`, {
        hint: `Leave out /${parent}, or put ${nameOf(child)} where it points to.`,
      });
    }
    if (above !== undefined) return;
    tree.set(parent, directory(parent, { mtime: epoch }));
    child = parent;
  }
}
