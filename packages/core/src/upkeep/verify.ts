import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { LOCAL_JOBS } from '../execute/local.ts';
import { manifestPath } from '../layer/layer-state.ts';
import { manifestDigest } from '../layer/manifest.ts';
import { hashFile } from '../layer/scan.ts';
import { startNamespaceWorker } from '../sandbox/namespace-worker.ts';
import type { Store } from '../store/store.ts';

export interface VerifyReport {
  readonly layers: number;
  readonly sources: number;
  /** What did not have the digest that its name says; it now lies in the quarantine. */
  readonly bad: readonly { readonly kind: 'layer' | 'source'; readonly name: string; readonly why: string }[];
}

/** Hashes every layer and tarball again. Bad ones are put into quarantine: the next build makes or fetches them anew. */
export async function verifyStore(store: Store): Promise<VerifyReport> {
  const { paths } = store;
  const bad: { kind: 'layer' | 'source'; name: string; why: string }[] = [];
  const layers = await readdir(paths.layers);
  const worker = await startNamespaceWorker();
  try {
    for (const digest of layers) {
      const why = await layerFault(digest, join(paths.layers, digest), (root) =>
        worker.call({ module: LOCAL_JOBS, export: 'digestTree', params: root }),
      );
      if (why === undefined) continue;
      bad.push({ kind: 'layer', name: digest, why });
      await quarantine(store, join(paths.layers, digest), digest);
    }
  } finally {
    await worker.close();
  }
  const folder = join(paths.sources, 'sha256');
  const sources = await readdir(folder).catch(() => []);
  for (const digest of sources) {
    const files = await readdir(join(folder, digest));
    const wrong = files.filter((file) => hashFile(join(folder, digest, file)) !== digest);
    if (files.length > 0 && wrong.length === 0) continue;
    bad.push({
      kind: 'source',
      name: digest,
      why: wrong.length === 0 ? 'the file is missing' : `${String(wrong[0])} has another digest`,
    });
    await quarantine(store, join(folder, digest), digest);
  }
  return { layers: layers.length, sources: sources.length, bad };
}

async function layerFault(
  digest: string,
  place: string,
  digestTree: (root: string) => Promise<unknown>,
): Promise<string | undefined> {
  const manifest = manifestPath(place);
  if (manifest === undefined) return 'it was never completed';
  if (manifestDigest(await readFile(manifest, 'utf8')) !== digest) return 'its manifest was changed';
  if (!existsSync(join(place, 'root'))) return 'its tree is missing';
  return (await digestTree(join(place, 'root'))) === digest ? undefined : 'its tree was changed';
}

async function quarantine({ paths }: Store, place: string, name: string): Promise<void> {
  await mkdir(paths.quarantine, { recursive: true });
  await rename(place, join(paths.quarantine, `${name}.${String(Date.now())}`));
}
