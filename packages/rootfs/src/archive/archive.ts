import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { XlfsError } from '@xlfs/core';
import type { Tree } from '../tree/entry.ts';
import { admit, type AdmitOptions } from './admit.ts';
import { readCpio } from './read-cpio.ts';
import { readTar } from './read-tar.ts';
import { decompress, openArchive } from './unpack.ts';

export interface ArchiveOptions extends AdmitOptions {
  /** Bytes that may come out of the decompressor. @default 64 GiB */
  readonly maxUnpacked?: number;
  /** Folder for the unpacked archive while it is in use. @default the system's */
  readonly work?: string;
}

/** An archive's tree; contents can be read until it is closed. */
export interface OpenArchive {
  readonly tree: Tree;
  readonly close: () => Promise<void>;
}

/**
 * Open a tar or cpio archive, plain or compressed with gzip, xz, zstd, lz4 or bzip2.
 * @throws ARCHIVE_INVALID, ARCHIVE_ESCAPES: a bad archive is refused as a whole, before anything is made of it.
 */
export async function openArchiveTree(path: string, options: ArchiveOptions = {}): Promise<OpenArchive> {
  const { maxUnpacked = 64 * 2 ** 30, work = tmpdir() } = options;
  const scratch = await mkdtemp(join(work, 'xlfs-archive-'));
  const clean = () => rm(scratch, { recursive: true, force: true });
  try {
    const plain = await decompress(path, join(scratch, 'archive'), maxUnpacked);
    const archive = openArchive(plain);
    try {
      if (archive.size < 110) throw new XlfsError('ARCHIVE_INVALID', `${path} is too short for an archive`);
      const cpio = /^07070[12]/.test(archive.read(0, 6).toString('latin1'));
      if (!cpio && archive.size < 512) throw new XlfsError('ARCHIVE_INVALID', `${path} is neither tar nor cpio`);
      const tree = admit(cpio ? readCpio(archive) : readTar(archive), plain, archive, options);
      return {
        tree,
        close: async () => {
          archive.close();
          await clean();
        },
      };
    } catch (error) {
      archive.close();
      throw error;
    }
  } catch (error) {
    await clean();
    throw error;
  }
}

/** Use the tree in an archive: see {@link openArchiveTree}. */
export async function withArchive<T>(path: string, use: (tree: Tree) => Promise<T>, options: ArchiveOptions = {}): Promise<T> {
  const archive = await openArchiveTree(path, options);
  try {
    return await use(archive.tree);
  } finally {
    await archive.close();
  }
}
