import { runClosureOf } from '../plan/graph.ts';
import type { Plan } from '../plan/plan.ts';
import type { Registry } from '../recipe/registry.ts';
import type { Action, Store } from '../store/store.ts';

/** What a plan has built, as paths: read once, for every question that is asked about it afterwards. */
export interface FinishedRoot {
  readonly plan: Plan;
  /** Steps whose layers make the root of the targets: they and what they need at run time, dependencies first. */
  readonly closure: readonly string[];
  /** Files, links and devices of each step that has been built, without `/` in front, in the order of its manifest. Folders are shared by nature. */
  readonly paths: ReadonlyMap<string, readonly string[]>;
}

/** Reads the manifests of all that `actions` have built for a plan. */
export async function readFinishedRoot(
  store: Store,
  registry: Registry,
  plan: Plan,
  actions: ReadonlyMap<string, Action>,
): Promise<FinishedRoot> {
  const read = async ([name, { layer }]: [string, Action]): Promise<[string, string[]]> => {
    const entries = await store.readManifest(layer);
    return [name, entries.filter(({ type }) => type !== 'dir').map(({ path }) => path)];
  };
  const paths = new Map(await Promise.all([...actions].map(read)));
  return { plan, closure: runClosureOf(registry, plan.targets), paths };
}
