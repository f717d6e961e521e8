import { writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { XlfsError } from '../errors.ts';
import { stepFailed } from '../events/step-failed.ts';
import { layerDifferences, type LayerDifference } from '../layer/difference.ts';
import type { Plan, Step } from '../plan/plan.ts';
import type { Action } from '../store/store.ts';
import type { BuildOptions } from './build.ts';
import type { Executor } from './executor.ts';
import { fetchLocked } from './fetch-locked.ts';
import { resolvePlan } from './resolve.ts';
import { schedule } from './scheduler.ts';
import { withSession } from './session.ts';

/** What came of building a finished step once more. */
export interface Rebuilt {
  readonly step: string;
  /** Digest of the layer in the store. */
  readonly first: string;
  /** Digest of the layer made now; it stays in the store until the next GC when it differs. */
  readonly second: string;
  /** Empty when the digests are the same. */
  readonly differences: readonly LayerDifference[];
  /** Wall seconds of the second build. */
  readonly seconds: number;
}

export type RebuildOptions = Pick<BuildOptions, 'store' | 'lock' | 'fetch' | 'jobs' | 'onEvent' | 'signal' | 'executor'>;

/**
 * Builds finished steps again, from the same inputs and from nothing else, and compares what comes out: `step-compared` tells it as soon as
 * it is known. Nothing in the action cache changes.
 *
 * @throws XlfsError `STEP_FAILED` when a step is not built yet, or, after all others were compared, when one does not build again;
 *   `INTERRUPTED`.
 */
export async function rebuild(plan: Plan, names: readonly string[], options: RebuildOptions): Promise<Rebuilt[]> {
  const { store, lock, fetch, onEvent = () => undefined, jobs = availableParallelism() } = options;
  const signal = options.signal ?? new AbortController().signal;
  const { cached } = await resolvePlan(store, plan, lock);
  const steps = names.map((name) => stepOf(plan, name));
  const before = new Map(steps.map((step) => [step.name, builtAction(cached, step)]));

  const rebuilt: Rebuilt[] = [];
  const againLog = (key: string): string => store.logPath(`${key}.again`);

  const again = async (executor: Executor, step: Step, slot: () => Promise<void>): Promise<void> => {
    const first = builtAction(before, step);
    const sources = await Promise.all(step.recipe.sources.map(({ name }) => fetchLocked({ fetch, lock, signal, onEvent }, name)));
    await slot();
    const log = againLog(first.key);
    writeFileSync(log, '');
    const key = first.key;
    onEvent({ type: 'step-started', step: step.name, key, version: first.version, estimateSeconds: first.seconds, log });
    const inputs = first.inputs.map((input) => ({ recipe: input.step, digest: input.layer }));
    const { layer, seconds, cpuSeconds, overheadMs } = await executor.run(
      { step, key, inputs, sources, log, keepsBuild: false, continues: undefined },
      { signal, onPhase: (phase) => onEvent({ type: 'phase-started', step: step.name, phase }) },
    );
    const differences =
      layer.digest === first.layer
        ? []
        : layerDifferences(await store.readManifest(first.layer), await store.readManifest(layer.digest));
    const compared = { step: step.name, first: first.layer, second: layer.digest, differences };
    rebuilt.push({ ...compared, seconds });
    const { files, bytes } = layer;
    onEvent({ type: 'step-finished', step: step.name, key, layer: layer.digest, seconds, cpuSeconds, bytes, files, overheadMs });
    onEvent({ type: 'step-compared', ...compared });
  };

  return withSession({ store, jobs, executor: options.executor, signal }, async ({ jobserver, executor }) => {
    // Everything that the steps need is there already: the longest goes first, and none waits for another.
    const { failures } = await schedule({
      plan: { ...plan, steps: steps.map((step) => ({ ...step, after: [] })) },
      priority: ({ name }) => before.get(name)?.cpuSeconds ?? 0,
      jobserver,
      run: async (step, slot) => {
        try {
          await again(executor, step, slot);
        } catch (error) {
          const { key } = builtAction(before, step);
          if (!signal.aborted) onEvent(stepFailed(step.name, error as Error, key, againLog(key)));
          throw error;
        }
      },
      onSkipped: () => undefined,
      keepGoing: true,
      signal,
    });
    const [failure] = failures.values();
    if (failure !== undefined) throw failure;
    return rebuilt.sort((a, b) => names.indexOf(a.step) - names.indexOf(b.step));
  });
}

function stepOf(plan: Plan, name: string): Step {
  const step = plan.steps.find((candidate) => candidate.name === name);
  if (step === undefined) throw new Error(`${name} is not in the plan`);
  if (step.suite !== undefined)
    throw new XlfsError('USAGE', `${name} makes nothing that could be compared`, {
      hint: `name ${step.suite.of}, whose tests they are`,
    });
  return step;
}

function builtAction(actions: ReadonlyMap<string, Action>, { name, profile }: Step): Action {
  const action = actions.get(name);
  if (action !== undefined) return action;
  throw new XlfsError('STEP_FAILED', `${name} is not built yet, so there is nothing to compare with`, {
    hint: `xlfs build --profile ${profile} ${name}`,
  });
}
