import { fetchSource, sourceProviders, XlfsError, type BuildOptions, type Lock, type Store } from '@xlfs/core';

/** Gets locked sources into the store: from a mirror if there is one, from upstream, from Debian's source packages, from its past. */
export function sourceFetcher(store: Store, lock: Lock, mirror: string | undefined): BuildOptions['fetch'] {
  const { sources } = store.paths;
  const providers = sourceProviders({ sources, ...(mirror === undefined ? {} : { mirror }) });
  return (name, signal, onEvent) => {
    const locked = lock.sources[name];
    if (locked === undefined)
      throw new XlfsError('SOURCE_NOT_LOCKED', `the lock file has no source ${name}`, { hint: 'run xlfs sources lock' });
    return fetchSource(name, locked, { sources, providers, signal, onEvent });
  };
}
