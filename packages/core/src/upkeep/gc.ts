import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { XlfsError } from '../errors.ts';
import { LOCAL_JOBS } from '../execute/local.ts';
import { removeStaleRuns } from '../execute/run-folder.ts';
import { startNamespaceWorker } from '../sandbox/namespace-worker.ts';
import { tryLock } from '../store/file-lock.ts';
import { rootKeys } from '../store/roots.ts';
import type { Store } from '../store/store.ts';

export interface GarbageReport {
  /** Digests of layers that no root reaches. */
  readonly layers: readonly string[];
  readonly actions: number;
  /** Tarballs that no kept action was made from. */
  readonly sources: readonly string[];
  /** Unpacked trees, build folders kept for tests, folders of failed steps and quarantined entries: all of them can be made again. */
  readonly caches: number;
  /** Bytes that came free, by the file system's own count; 0 in a dry run. */
  readonly freedBytes: number;
}

/**
 * Removes what no root reaches.
 *
 * @throws XlfsError `STORE_UNUSABLE` while another process builds in this store.
 */
export async function collectGarbage(store: Store, { dryRun = false } = {}): Promise<GarbageReport> {
  const { paths } = store;
  const lock = tryLock(join(paths.locks, 'store'), 'exclusive');
  if (lock === undefined) {
    throw new XlfsError('STORE_UNUSABLE', `another xlfs is using the store ${paths.root}`, { hint: 'wait until it is done' });
  }
  try {
    const keep = await rootKeys(store);
    const actions = await store.allActions();
    const kept = actions.filter(({ key }) => keep.has(key));
    const layers = missingFrom(
      await readdir(paths.layers),
      kept.map(({ layer }) => layer),
    );
    const sourcesFolder = join(paths.sources, 'sha256');
    const sources = missingFrom(
      await readdir(sourcesFolder).catch(() => []),
      kept.flatMap((action) => action.sources.map(({ sha256 }) => sha256)),
    );
    const dropped = missingFrom(
      (await readdir(paths.actions)).map((file) => file.replace(/\.json$/, '')),
      kept.map(({ key }) => key),
    );
    const caches = await Promise.all([paths.trees, paths.built, paths.failed, paths.quarantine].map(contents)).then((lists) =>
      lists.flat(),
    );
    const before = await store.freeBytes();
    if (!dryRun) {
      await removeStaleRuns(paths);
      // Actions first: an action without its layer is no action, while a layer without an action is only garbage.
      for (const key of dropped) {
        await rm(join(paths.actions, `${key}.json`), { force: true });
        await rm(store.logPath(key), { force: true });
      }
      const worker = await startNamespaceWorker();
      try {
        const params = [...layers.map((digest) => join(paths.layers, digest)), ...caches];
        await worker.call({ module: LOCAL_JOBS, export: 'removeFolders', params });
      } finally {
        await worker.close();
      }
      for (const digest of sources) await rm(join(sourcesFolder, digest), { recursive: true, force: true });
    }
    const freedBytes = dryRun ? 0 : Math.max(0, (await store.freeBytes()) - before);
    return { layers, actions: dropped.length, sources, caches: caches.length, freedBytes };
  } finally {
    lock.release();
  }
}

async function contents(folder: string): Promise<string[]> {
  return (await readdir(folder)).map((name) => join(folder, name));
}

function missingFrom(present: readonly string[], wanted: readonly string[]): string[] {
  const set = new Set(wanted);
  return present.filter((name) => !set.has(name)).sort();
}
