import { copyFile, link, mkdir, rename, rm, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { writeFileAtomic } from '../store/atomic.ts';
import { fileSha256 } from './digest.ts';
import { fetchSource, type FetchOptions } from './fetch.ts';
import type { Lock } from './lock.ts';

/** One tarball of a mirror. */
export interface MirroredFile {
  readonly source: string;
  readonly version: string;
  readonly file: string;
  readonly sha256: string;
  readonly bytes: number;
}

/**
 * Writes every locked tarball into a folder by its file name, with a `SHA256SUMS` that `sha256sum -c` reads: an offline set, to be given
 * back as a mirror. Files that are right already stay.
 *
 * @throws what `fetchSource` throws.
 */
export async function mirrorSources(lock: Lock, dir: string, options: FetchOptions): Promise<MirroredFile[]> {
  await mkdir(dir, { recursive: true });
  const files: MirroredFile[] = [];
  for (const [name, locked] of Object.entries(lock.sources)) {
    const { path, sha256 } = await fetchSource(name, locked, options);
    const file = basename(path);
    await place(path, join(dir, file), sha256);
    files.push({ source: name, version: locked.version, file, sha256, bytes: (await stat(path)).size });
  }
  const sums = [...files].sort((a, b) => (a.file < b.file ? -1 : 1)).map(({ sha256, file }) => `${sha256}  ${file}\n`);
  await writeFileAtomic(join(dir, 'SHA256SUMS'), sums.join(''));
  return files;
}

/** A link where the file system allows it, else a copy; never a half-written file under its name. */
async function place(from: string, to: string, sha256: string): Promise<void> {
  const present = await stat(to).catch(() => undefined);
  if (present !== undefined && (await fileSha256(to)) === sha256) return;
  const beside = `${to}.${String(process.pid)}.tmp`;
  await rm(beside, { force: true });
  try {
    await link(from, beside).catch(async () => copyFile(from, beside));
    await rename(beside, to);
  } finally {
    await rm(beside, { force: true });
  }
}
