import type { Plan } from '../plan/plan.ts';
import type { FinishedRoot } from './finished-root.ts';

/** A path that two layers of one root own, and nothing says which of them lies above the other. */
export interface Conflict {
  readonly path: string;
  readonly steps: readonly [string, string];
}

/** Paths of a finished root that two of its layers have without an order between them: which one wins would be an accident of names. */
export function findConflicts({ plan, closure, paths }: FinishedRoot): Conflict[] {
  const below = orderOf(plan);
  const owners = new Map<string, string[]>();
  const conflicts: Conflict[] = [];
  for (const name of closure) {
    for (const path of paths.get(name) ?? []) {
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
