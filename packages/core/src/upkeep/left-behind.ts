import { runClosureOf } from '../plan/graph.ts';
import type { Plan, Step } from '../plan/plan.ts';
import type { Registry } from '../recipe/registry.ts';
import type { Action, Store } from '../store/store.ts';

/** What a step lacks that an earlier build of the same source has, which lay below it. */
export interface LeftBehind {
  readonly step: string;
  readonly earlier: string;
  /** Without `/` in front, in the order of the earlier layer. Never empty. */
  readonly paths: readonly string[];
}

/**
 * Paths that the root composed of the targets and what they need at run time lacks, though a build of the same source has them that was there while
 * that root's own was built: a temporary tool, made with other settings. Some installers leave alone what is there already, and then the
 * layer has a hole that shows only where the temporary one is gone. What a recipe `leaves` on purpose does not count.
 */
export async function findLeftBehind(
  store: Store,
  registry: Registry,
  plan: Plan,
  actions: ReadonlyMap<string, Action>,
): Promise<LeftBehind[]> {
  const closure = new Set(runClosureOf(registry, plan.targets));
  const steps = new Map(plan.steps.map((step) => [step.name, step]));
  const paths = async (name: string): Promise<string[]> => {
    const action = actions.get(name);
    const entries = action === undefined ? [] : await store.readManifest(action.layer);
    return entries.filter(({ type }) => type !== 'dir').map(({ path }) => path);
  };

  const pairs = [...closure].flatMap((name) => {
    const step = steps.get(name);
    const earlier = (step?.inputs ?? []).filter((input) => !closure.has(input) && sameSource(steps.get(input), step));
    return step === undefined ? [] : earlier.map((input) => ({ step, input }));
  });
  if (pairs.length === 0) return [];

  const there = new Set((await Promise.all([...closure].map(paths))).flat());
  const found = await Promise.all(
    pairs.map(async ({ step, input }) => ({
      step: step.name,
      earlier: input,
      paths: (await paths(input)).filter((path) => !there.has(path) && !step.recipe.leaves.some((part) => path.includes(part))),
    })),
  );
  return found.filter((one) => one.paths.length > 0);
}

/** Whether both are builds of one package: the first source is what a recipe builds. */
function sameSource(one: Step | undefined, other: Step | undefined): boolean {
  const [source] = one?.recipe.sources ?? [];
  return source !== undefined && source.name === other?.recipe.sources[0]?.name;
}
