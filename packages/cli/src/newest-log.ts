import { existsSync } from 'node:fs';
import type { Store } from '@xlfs/core';

/** Path of the log of a step's newest run. */
export async function newestLog(store: Store, step: string): Promise<string | undefined> {
  const key = await store.newestKey(step);
  const path = key === undefined ? undefined : store.logPath(key);
  return path !== undefined && existsSync(path) ? path : undefined;
}
