import { runClosureOf } from '../plan/graph.ts';
import type { Plan } from '../plan/plan.ts';
import type { Registry } from '../recipe/registry.ts';
import type { Action, Store } from '../store/store.ts';

/** A path that two layers of one root own, and nothing says which of them lies above the other. */
export interface Conflict {
  readonly path: string;
  readonly steps: readonly [string, string];
}

/**
 * Paths in the root composed of the targets and what they need at run time that two layers have without an order between them: which one wins would be
 * an accident of names. Folders are shared by nature and do not count.
 */
export async function findConflicts(
  store: Store,
  registry: Registry,
  plan: Plan,
  actions: ReadonlyMap<string, Action>,
): Promise<Conflict[]> {
  const below = orderOf(plan);
  const owners = new Map<string, string[]>();
  const conflicts: Conflict[] = [];
  for (const name of runClosureOf(registry, plan.targets)) {
    const action = actions.get(name);
    if (action === undefined) continue;
    for (const { path, type } of await store.readManifest(action.layer)) {
      if (type === 'dir') continue;
      const earlier = owners.get(path) ?? [];
      for (const other of earlier) {
        if (!below(name).has(other) && !below(other).has(name)) conflicts.push({ path, steps: [other, name] });
      }
      owners.set(path, [...earlier, name]);
    }
  }
  return conflicts;
}

/** For a step, every step that lies below it or has to be finished before it, however indirectly. */
function orderOf(plan: Plan): (name: string) => ReadonlySet<string> {
  const steps = new Map(plan.steps.map((step) => [step.name, step]));
  const known = new Map<string, Set<string>>();
  const below = (name: string): Set<string> => {
    const found = known.get(name);
    if (found !== undefined) return found;
    const all = new Set<string>();
    known.set(name, all);
    for (const before of steps.get(name)?.after ?? []) {
      all.add(before);
      for (const indirect of below(before)) all.add(indirect);
    }
    return all;
  };
  return below;
}
