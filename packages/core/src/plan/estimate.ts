import type { Plan, Step } from './plan.ts';

/** CPU seconds of one SBU when nothing was measured yet: `cross-binutils` on the machine of docs/benchmarks.md. */
const DEFAULT_SBU_SECONDS = 198;
/** Share of the cores that a whole build keeps busy (docs/benchmarks.md); the rest is lost to serial parts of scripts. */
const EXPECTED_UTILISATION = 0.95;

/** What one finished run of a recipe took. */
export interface Measurement {
  readonly recipe: string;
  /** Its weight, from which the SBU follows; none of tests, whose weights are rough. */
  readonly weight?: number | undefined;
  /** Wall seconds. */
  readonly seconds: number;
  /** User and system seconds of all its processes. */
  readonly cpuSeconds: number;
}

export interface StepEstimate {
  /** Wall seconds when the step shares the machine with nobody. */
  readonly seconds: number;
  readonly cpuSeconds: number;
  /** `history`: this store built the recipe before; `weight`: SBU × the measured (or default) SBU. */
  readonly from: 'history' | 'weight';
}

export interface Estimates {
  /** CPU seconds of one SBU on this machine. */
  readonly sbuSeconds: number;
  readonly of: (step: Step) => StepEstimate;
}

/** Estimates from the store's history; the newest measurement of a recipe wins. */
export function estimatesFrom(history: readonly Measurement[], cores: number): Estimates {
  const newest = new Map(history.map((m) => [m.recipe, m]));
  const sbus = [...newest.values()].flatMap(({ weight, cpuSeconds }) =>
    weight !== undefined && cpuSeconds > 5 ? [cpuSeconds / weight] : [],
  );
  const sbuSeconds = median(sbus) ?? DEFAULT_SBU_SECONDS;
  return {
    sbuSeconds,
    of: ({ recipe }) => {
      const known = newest.get(recipe.name);
      if (known !== undefined) {
        const { cpuSeconds } = known;
        // Longer than its processors it takes only where it has to share them with others, or sleeps.
        return { seconds: Math.min(known.seconds, cpuSeconds), cpuSeconds, from: 'history' };
      }
      const cpuSeconds = recipe.weight * sbuSeconds;
      return { seconds: cpuSeconds / (cores * EXPECTED_UTILISATION), cpuSeconds, from: 'weight' };
    },
  };
}

export interface PlanEstimate {
  /** Wall seconds for all steps that are to be run. */
  readonly seconds: number;
  readonly cpuSeconds: number;
  /** Names along the longest chain, first to last. */
  readonly criticalPath: readonly string[];
  readonly criticalPathSeconds: number;
}

/** What is left to do, if `pending` are the steps not yet there: bounded below by the longest chain and by the work over the cores. */
export function estimatePlan(plan: Plan, pending: ReadonlySet<string>, estimates: Estimates, cores: number): PlanEstimate {
  const paths = remainingPaths(plan, pending, estimates);
  let cpuSeconds = 0;
  for (const step of plan.steps) if (pending.has(step.name)) cpuSeconds += estimates.of(step).cpuSeconds;
  const criticalPath: string[] = [];
  let next = [...pending].sort((a, b) => (paths.get(b)?.seconds ?? 0) - (paths.get(a)?.seconds ?? 0))[0];
  const criticalPathSeconds = next === undefined ? 0 : (paths.get(next)?.seconds ?? 0);
  while (next !== undefined) {
    criticalPath.push(next);
    next = paths.get(next)?.next;
  }
  const seconds = Math.max(criticalPathSeconds, cpuSeconds / (cores * EXPECTED_UTILISATION));
  return { seconds, cpuSeconds, criticalPath, criticalPathSeconds };
}

/** For each pending step, the seconds from its start to the end of the longest chain that hangs on it. */
export function remainingPaths(
  plan: Plan,
  pending: ReadonlySet<string>,
  estimates: Estimates,
): Map<string, { readonly seconds: number; readonly next: string | undefined }> {
  const paths = new Map<string, { seconds: number; next: string | undefined }>();
  for (const step of [...plan.steps].reverse()) {
    if (!pending.has(step.name)) continue;
    const own = estimates.of(step).seconds;
    const behind = paths.get(step.name);
    const total = own + (behind?.seconds ?? 0);
    paths.set(step.name, { seconds: total, next: behind?.next });
    for (const before of step.after) {
      if (!pending.has(before)) continue;
      if ((paths.get(before)?.seconds ?? -1) < total) paths.set(before, { seconds: total, next: step.name });
    }
  }
  return paths;
}

function median(values: number[]): number | undefined {
  const sorted = values.sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)];
}
