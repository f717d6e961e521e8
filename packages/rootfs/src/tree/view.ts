import { closeSync, constants, lstatSync, openSync, readdirSync, readFileSync, readlinkSync } from 'node:fs';
import type { Entry, EntryType, Tree } from './entry.ts';
import { decodePath, encodePath, nameOf, parentOf, treePath } from './path.ts';
import { treeRoot } from './walk.ts';

/** What an offline edit needs to know of a root filesystem, wherever that lies. Symlinks are followed inside of the root only. */
export interface TreeView {
  /** A regular file's text; undefined when there is none. */
  readonly readText: (path: string) => string | undefined;
  /** Names in a folder; none when it is no folder. */
  readonly list: (path: string) => readonly { readonly name: string; readonly type: EntryType }[];
  /** The entry itself; symlinks on the way followed, the last name not. */
  readonly stat: (path: string) => Pick<Entry, 'type' | 'mode' | 'uid' | 'gid'> | undefined;
}

/** What an edit does: entries to put in place, paths to take away before that. */
export interface Changes {
  readonly put: readonly Entry[];
  readonly remove: readonly string[];
}

const MAX_SYMLINKS = 40;

/** A view of a folder as if it were `/`. */
export class DirectoryView implements TreeView {
  readonly root: string;

  constructor(root: string) {
    this.root = treeRoot(root);
  }

  readText(path: string): string | undefined {
    const real = this.resolve(path, true);
    if (real === undefined || this.#lstat(real)?.type !== 'file') return undefined;
    const fd = openSync(encodePath(this.absolute(real)), constants.O_RDONLY | constants.O_NOFOLLOW);
    try {
      return readFileSync(fd, 'utf8');
    } finally {
      closeSync(fd);
    }
  }

  list(path: string): { name: string; type: EntryType }[] {
    const real = this.resolve(path, true);
    if (real === undefined || this.#lstat(real)?.type !== 'directory') return [];
    const names = readdirSync(encodePath(this.absolute(real)), { encoding: 'buffer' }).map(decodePath);
    return names.sort().flatMap((name) => {
      const type = this.#lstat(real === '' ? name : `${real}/${name}`)?.type;
      return type === undefined ? [] : [{ name, type }];
    });
  }

  stat(path: string): Pick<Entry, 'type' | 'mode' | 'uid' | 'gid'> | undefined {
    const real = this.resolve(path, false);
    return real === undefined ? undefined : this.#lstat(real);
  }

  /**
   * Where a path leads below the root, with no symlinked folder left in it: absolute links and `..` stay inside, as after chroot. Parts
   * that do not exist are kept; undefined when something that is no folder is in the way.
   */
  resolve(path: string, followLast: boolean): string | undefined {
    let left = treePath(path)
      .split('/')
      .filter((part) => part !== '');
    let at = '';
    for (let symlinks = 0; left.length > 0;) {
      const [name = '', ...rest] = left;
      left = rest;
      if (name === '..') {
        at = parentOf(at);
        continue;
      }
      const next = at === '' ? name : `${at}/${name}`;
      const type = this.#lstat(next)?.type;
      if (type === 'symlink' && (rest.length > 0 || followLast)) {
        if (++symlinks > MAX_SYMLINKS) return undefined;
        const target = decodePath(readlinkSync(encodePath(this.absolute(next)), { encoding: 'buffer' }));
        if (target.startsWith('/')) at = '';
        left = [...target.split('/').filter((part) => part !== '' && part !== '.'), ...rest];
        continue;
      }
      if (rest.length > 0 && type !== undefined && type !== 'directory') return undefined;
      at = next;
    }
    return at;
  }

  absolute(path: string): string {
    return path === '' ? this.root : `${this.root === '/' ? '' : this.root}/${path}`;
  }

  #lstat(path: string): Pick<Entry, 'type' | 'mode' | 'uid' | 'gid'> | undefined {
    const stats = lstatSync(encodePath(this.absolute(path)), { throwIfNoEntry: false });
    if (stats === undefined) return undefined;
    const type: EntryType = stats.isDirectory()
      ? 'directory'
      : stats.isSymbolicLink()
        ? 'symlink'
        : stats.isFile()
          ? 'file'
          : stats.isCharacterDevice()
            ? 'char'
            : stats.isBlockDevice()
              ? 'block'
              : stats.isFIFO()
                ? 'fifo'
                : 'socket';
    return { type, mode: stats.mode & 0o7777, uid: stats.uid, gid: stats.gid };
  }
}

/** A view of entries in memory; symlinked folders are not followed. Files must carry their bytes or lie on disk. */
export function treeView(tree: Tree): TreeView {
  return {
    readText: (path) => {
      const content = tree.get(treePath(path))?.content;
      if (content === undefined || 'open' in content) return undefined;
      return 'bytes' in content ? Buffer.from(content.bytes).toString('utf8') : readFileSync(encodePath(content.file), 'utf8');
    },
    list: (path) => {
      const folder = treePath(path);
      return [...tree.values()]
        .filter((entry) => entry.path !== '' && parentOf(entry.path) === folder)
        .map((entry) => ({ name: nameOf(entry.path), type: entry.type }));
    },
    stat: (path) => tree.get(treePath(path)),
  };
}
