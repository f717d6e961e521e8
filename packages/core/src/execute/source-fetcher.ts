import { fetchSource } from '../sources/fetch.ts';
import type { Lock } from '../sources/lock.ts';
import { sourceProviders, type ProviderOptions } from '../sources/providers/default-providers.ts';
import type { Store } from '../store/store.ts';
import type { FetchSource } from './fetch-locked.ts';
import { lockedSource } from './resolve.ts';

/**
 * What `build` fetches with: gets locked sources into a store, by default from upstream, from Debian's source packages and from their past, a mirror first
 * if there is one. It throws what `fetchSource` throws, and `SOURCE_NOT_LOCKED`.
 */
export function sourceFetcher(store: Store, lock: Lock, options: Omit<ProviderOptions, 'sources'> = {}): FetchSource {
  const { sources } = store.paths;
  const providers = sourceProviders({ ...options, sources });
  return async (name, signal, onEvent) => fetchSource(name, lockedSource(lock, name), { sources, providers, signal, onEvent });
}
