import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { sha256 } from '../plan/key.ts';
import { writeFileAtomic } from './atomic.ts';
import type { Action, Store } from './store.ts';

const rootSchema = z.object({ name: z.string(), keys: z.array(z.string()) });

/** Names the results that GC has to keep: the newest build of the same targets replaces the one before. */
export async function keepAsRoot(
  store: Store,
  profile: string,
  targets: readonly string[],
  actions: Iterable<Action>,
): Promise<void> {
  const name = `${profile}: ${[...targets].sort().join(' ')}`;
  const keys = [...actions].map(({ key }) => key).sort();
  await writeFileAtomic(
    join(store.paths.roots, `${sha256(name).slice(0, 16)}.json`),
    `${JSON.stringify({ name, keys }, null, 1)}\n`,
  );
}

/** Keys of all actions that some root names. */
export async function rootKeys(store: Store): Promise<Set<string>> {
  const keys = new Set<string>();
  for (const file of await readdir(store.paths.roots)) {
    if (!file.endsWith('.json')) continue;
    const root = rootSchema.parse(JSON.parse(await readFile(join(store.paths.roots, file), 'utf8')));
    for (const key of root.keys) keys.add(key);
  }
  return keys;
}
