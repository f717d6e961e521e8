import { lstatSync, readdirSync, readFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { readManifest } from '../snapshot/manifest.ts';
import { listSnapshots } from '../snapshot/snapshot.ts';
import { interruptible, proceed, type Interruptible } from '../store/interrupt.ts';
import { lockStore, sweep, type RootfsStore } from '../store/rootfs-store.ts';
import { listForks } from './record.ts';

export interface CollectOptions extends Interruptible {
  /** Only say what would go. @default false */
  readonly dryRun?: boolean;
  /** Also the archives that were fetched for container files. @default false */
  readonly downloads?: boolean;
}

export interface Collected {
  /** Paths below the store that went, or would go. */
  readonly removed: readonly string[];
  /** Bytes on the disk. */
  readonly freed: number;
}

/**
 * Remove what no snapshot and no fork needs: packs, manifests, base disks, listings, leftovers of killed processes. Snapshots and forks
 * themselves go by name only.
 */
export async function collectRootfsGarbage(store: RootfsStore, options: CollectOptions = {}): Promise<Collected> {
  return await interruptible(options.signal, () => collect(store, options));
}

async function collect(store: RootfsStore, options: CollectOptions): Promise<Collected> {
  const { dryRun = false, downloads = false } = options;
  const lock = await lockStore(store, 'exclusive');
  try {
    const snapshots = await listSnapshots(store);
    const forks = await listForks(store);
    const manifests = new Set(snapshots.map(({ digest }) => digest));
    const packs = new Set<string>();
    for (const digest of manifests)
      for (const { place } of await readManifest(store, digest)) if (place !== undefined) packs.add(`${place.pack}.zst`);
    const disks = new Set(forks.map(({ parent }) => parent.disk));
    const unneeded = [
      ...list(store.packs).filter(({ name }) => !packs.has(name)),
      ...list(store.manifests).filter(({ name }) => !manifests.has(name.replace(/\.zst$/, ''))),
      ...list(store.bases).filter(({ path }) => !disks.has(path.replace(/\.json$/, ''))),
      ...staleListings(store, manifests),
      ...(downloads ? list(store.downloads) : []),
    ].filter(({ name }) => !name.includes('.tmp-'));
    const freed = unneeded.reduce((sum, { bytes }) => sum + bytes, 0);
    if (dryRun) return { removed: unneeded.map(({ path }) => path), freed };
    const leftovers = await sweep(store);
    for (const { path } of unneeded) {
      proceed();
      await rm(path, { recursive: true, force: true });
    }
    return { removed: [...leftovers, ...unneeded.map(({ path }) => path)], freed };
  } finally {
    lock.release();
  }
}

/** Listings whose manifest goes, and the stamps that belong to none. */
function staleListings(store: RootfsStore, manifests: ReadonlySet<string>): ReturnType<typeof list> {
  const all = list(store.cache);
  const heads = all.filter(({ name }) => /^[0-9a-f]{64}\.json$/.test(name)).map((item) => ({ ...item, head: headOf(item.path) }));
  const kept = heads.filter(({ head }) => head !== undefined && manifests.has(head.manifest));
  const names = new Set(kept.flatMap(({ name, head }) => [name, `${head?.digest ?? ''}.zst`]));
  return all.filter(({ name }) => !names.has(name) && !name.startsWith('disk-'));
}

function headOf(path: string): { digest: string; manifest: string } | undefined {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as { digest: string; manifest: string };
  } catch {
    // Only a cache.
    return undefined;
  }
}

function list(folder: string): { path: string; name: string; bytes: number }[] {
  return readdirSync(folder).map((name) => ({
    name,
    path: join(folder, name),
    bytes: lstatSync(join(folder, name)).blocks * 512,
  }));
}
