import type { EventHandler } from '../events/events.ts';
import type { VerifiedSource } from '../sources/fetch.ts';
import type { Lock } from '../sources/lock.ts';
import type { JobSource } from './executor.ts';
import { lockedSource } from './resolve.ts';

/** Gets a source by its name in the lock into the store, its digest checked. */
export type FetchSource = (name: string, signal: AbortSignal, onEvent: EventHandler) => Promise<VerifiedSource>;

export interface FetchLockedOptions {
  readonly fetch: FetchSource;
  readonly lock: Lock;
  readonly signal: AbortSignal;
  readonly onEvent: EventHandler;
}

/**
 * A locked source as a step is given it.
 *
 * @throws XlfsError `SOURCE_NOT_LOCKED`, at once.
 */
export function fetchLocked(options: FetchLockedOptions, name: string): Promise<VerifiedSource & JobSource> {
  const { fetch, lock, signal, onEvent } = options;
  const { version } = lockedSource(lock, name);
  return fetch(name, signal, onEvent).then((got) => ({ ...got, name, version }));
}
