import { directory, file, symlink, type Entry } from '@xlfs/rootfs';
import type { ImageFile } from './files.ts';

/** The files as entries of a tree, root's, all of one time. */
export function toEntries(files: readonly ImageFile[], epoch: number): Entry[] {
  return files.map((item) => {
    switch (item.type) {
      case 'file':
        return file(item.path, item.text, { mode: item.mode, mtime: epoch });
      case 'directory':
        return directory(item.path, { mode: item.mode, mtime: epoch });
      case 'symlink':
        return symlink(item.path, item.target, { mtime: epoch });
    }
  });
}
