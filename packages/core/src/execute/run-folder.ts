import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { asNamespaceRoot } from '../sandbox/namespace-worker.ts';
import { tryLock, waitForLock } from '../store/file-lock.ts';
import type { StorePaths } from '../store/paths.ts';

/** The folder below `work/` in which one process builds. Whoever finds it unlocked may remove it. */
export interface RunFolder {
  readonly id: string;
  path(name: string): string;
  /** Removes the folder; what lies in it may belong to subordinate ids by then only if a step was killed. */
  close(): Promise<void>;
}

export async function openRunFolder(paths: StorePaths): Promise<RunFolder> {
  const id = `${new Date().toISOString().replace(/[-:]|\..*/g, '')}-${randomBytes(3).toString('hex')}`;
  const folder = join(paths.work, id);
  const lockFile = `${folder}.lock`;
  const lock = await waitForLock(lockFile);
  await mkdir(folder);
  return {
    id,
    path: (name) => join(folder, name),
    close: async () => {
      await removeTree(folder);
      await rm(lockFile, { force: true });
      lock.release();
    },
  };
}

/** Removes what processes left behind that were killed. @returns how many folders there were. */
export async function removeStaleRuns(paths: StorePaths): Promise<number> {
  const names = await readdir(paths.work);
  let removed = 0;
  for (const lockName of names.filter((name) => name.endsWith('.lock'))) {
    const lock = tryLock(join(paths.work, lockName));
    if (lock === undefined) continue;
    await removeTree(join(paths.work, lockName.slice(0, -'.lock'.length)));
    await rm(join(paths.work, lockName), { force: true });
    lock.release();
    removed++;
  }
  return removed;
}

/** As ourselves when that is enough, else as the owner of the subordinate ids. */
async function removeTree(path: string): Promise<void> {
  if (!existsSync(path)) return;
  try {
    await rm(path, { recursive: true, force: true });
  } catch {
    const module = new URL(import.meta.url.endsWith('.ts') ? './local-jobs.ts' : './local-jobs.js', import.meta.url).href;
    await asNamespaceRoot({ module, export: 'removeFolders', params: [path] });
  }
}
