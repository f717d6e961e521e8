import { readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { fileSha256 } from './digest.ts';
import type { Lock } from './lock.ts';
import { sourcePath } from './fetch.ts';
import { pinsOf } from './providers/mirror.ts';

/** State of one locked source in a folder of sources. */
export interface SourceState {
  readonly source: string;
  readonly version: string;
  /** `unlocked`: a tarball that the lock does not name (any more). */
  readonly state: 'ok' | 'missing' | 'corrupt' | 'unlocked';
  readonly path: string | undefined;
  readonly bytes: number;
}

/**
 * Re-hashes what is there. Corrupt files are removed, so that the next fetch gets them anew; files that the lock does not name are
 * hashed as well and reported, and stay.
 */
export async function verifySources(lock: Lock, sources: string): Promise<SourceState[]> {
  const states: SourceState[] = [];
  const seen = new Set<string>();
  for (const [source, locked] of Object.entries(lock.sources)) {
    const found: SourceState[] = [];
    for (const pin of pinsOf(locked)) {
      const path = sourcePath(sources, pin);
      seen.add(path);
      const state = await rehash(path, pin.sha256);
      if (state !== undefined) found.push({ source, version: locked.version, path, ...state });
    }
    states.push(
      ...(found.length > 0 ? found : [{ source, version: locked.version, state: 'missing' as const, path: undefined, bytes: 0 }]),
    );
  }
  for (const { path, sha256, file } of await everyFile(sources)) {
    if (seen.has(path)) continue;
    const state = await rehash(path, sha256);
    if (state !== undefined)
      states.push({ source: file, version: '', path, bytes: state.bytes, state: state.state === 'ok' ? 'unlocked' : 'corrupt' });
  }
  return states;
}

async function rehash(path: string, sha256: string): Promise<{ state: 'ok' | 'corrupt'; bytes: number } | undefined> {
  const info = await stat(path).catch(() => undefined);
  if (info === undefined) return undefined;
  if ((await fileSha256(path)) === sha256) return { state: 'ok', bytes: info.size };
  await rm(path, { force: true });
  return { state: 'corrupt', bytes: info.size };
}

async function everyFile(sources: string): Promise<{ path: string; sha256: string; file: string }[]> {
  const root = join(sources, 'sha256');
  const files: { path: string; sha256: string; file: string }[] = [];
  for (const sha256 of await readdir(root).catch(() => [])) {
    for (const file of await readdir(join(root, sha256)).catch(() => []))
      files.push({ path: join(root, sha256, file), sha256, file });
  }
  return files;
}
