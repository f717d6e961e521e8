import type { Step } from '../plan/plan.ts';
import type { FinishedRoot } from './finished-root.ts';

/** What a step lacks that an earlier build of the same source has, which lay below it. */
export interface LeftBehind {
  readonly step: string;
  readonly earlier: string;
  /** Without `/` in front, in the order of the earlier layer. Never empty. */
  readonly paths: readonly string[];
}

/**
 * Paths that a finished root lacks, though a build of the same source has them that was there while that root's own was built: a temporary tool,
 * made with other settings. Some installers leave alone what is there already, and then the layer has a hole that shows only where the
 * temporary one is gone. What a recipe `leaves` on purpose does not count.
 */
export function findLeftBehind({ plan, closure, paths }: FinishedRoot): LeftBehind[] {
  const steps = new Map(plan.steps.map((step) => [step.name, step]));
  const own = new Set(closure);
  const there = new Set(closure.flatMap((name) => paths.get(name) ?? []));
  return closure.flatMap((name) => {
    const step = steps.get(name);
    if (step === undefined) return [];
    return step.inputs
      .filter((input) => !own.has(input) && sameSource(steps.get(input), step))
      .map((earlier) => ({ step: name, earlier, paths: (paths.get(earlier) ?? []).filter(lackedBy(step, there)) }))
      .filter((one) => one.paths.length > 0);
  });
}

function lackedBy({ recipe: { leaves } }: Step, there: ReadonlySet<string>): (path: string) => boolean {
  return (path) => !there.has(path) && !leaves.some((part) => path.includes(part));
}

/** Whether both are builds of one package: the first source is what a recipe builds. */
function sameSource(one: Step | undefined, other: Step): boolean {
  const [source] = other.recipe.sources;
  return source !== undefined && source.name === one?.recipe.sources[0]?.name;
}
