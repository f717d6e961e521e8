import type { LayerEntry } from '../layer/manifest.ts';
import type { Action, Store } from '../store/store.ts';

/** A layer that has something to say about a path. */
export interface PathOwner {
  readonly action: Action;
  readonly entry: LayerEntry;
}

/** The steps among `actions` whose layers hold `path` (absolute), in the actions' order. */
export async function ownersOf(store: Store, actions: Iterable<Action>, path: string): Promise<PathOwner[]> {
  const wanted = path.replace(/^\/+/, '').replace(/\/+$/, '');
  const owners: PathOwner[] = [];
  for (const action of actions) {
    const entry = (await store.readManifest(action.layer)).find((candidate) => candidate.path === wanted);
    if (entry !== undefined) owners.push({ action, entry });
  }
  return owners;
}
