import { join } from 'node:path';
import { availableParallelism } from 'node:os';
import { XlfsError } from '../errors.ts';
import type { Plan } from '../plan/plan.ts';
import { startNamespaceWorker } from '../sandbox/namespace-worker.ts';
import type { BuildOptions } from './build.ts';
import { ensureTree, LOCAL_JOBS } from './local.ts';
import type { ShellParams } from './local-jobs.ts';
import { fetchLocked } from './fetch-locked.ts';
import { actionOf, resolvePlan } from './resolve.ts';
import { openRunFolder, removeStaleRuns } from './run-folder.ts';
import { environmentOf, sandboxOf } from './step-sandbox.ts';

export interface ShellOptions extends Pick<BuildOptions, 'store' | 'lock' | 'fetch' | 'onEvent' | 'signal'> {
  /** What is run inside. @default an interactive sh */
  readonly command?: readonly string[];
}

/**
 * Opens a step's sandbox on the caller's terminal: as the step left it if it failed, else as it finds it when it starts. Nothing that is done
 * there is captured.
 *
 * @returns the shell's exit status.
 * @throws XlfsError `RECIPE_UNKNOWN`; `STEP_FAILED` when the step's inputs are not built yet, or not the build folder of tests.
 */
export async function openShell(plan: Plan, name: string, options: ShellOptions): Promise<number> {
  const { store, lock, onEvent = () => undefined, command = ['sh', '-i'] } = options;
  const signal = options.signal ?? new AbortController().signal;
  const step = plan.steps.find((candidate) => candidate.name === name);
  if (step === undefined)
    throw new XlfsError('RECIPE_UNKNOWN', `no step of the plan is called ${JSON.stringify(name)}`, { hint: 'name one step' });
  if (step.recipe.task !== undefined) {
    throw new XlfsError('USAGE', `${name} is a function, not a script: it has no shell`, {
      hint: `xlfs log --profile ${plan.profile} ${name} shows what it said`,
    });
  }
  const { cached } = await resolvePlan(store, plan, lock);
  const missing = step.inputs.filter((input) => !cached.has(input));
  if (missing.length > 0) {
    throw new XlfsError('STEP_FAILED', `${name} needs what is not built yet: ${missing.join(', ')}`, {
      hint: `xlfs build --profile ${plan.profile} ${step.suite === undefined ? missing.join(' ') : name}`,
    });
  }
  const continues = step.suite === undefined ? undefined : actionOf(cached, step.suite.of).key;
  if (step.suite !== undefined && continues !== undefined && !store.hasBuild(continues)) {
    throw new XlfsError('STEP_FAILED', `${name} goes on in the build folder of ${step.suite.of}, which is not kept any more`, {
      hint: `xlfs build --profile ${plan.profile} ${name} makes it`,
    });
  }
  const shared = await store.lockShared(signal);
  await removeStaleRuns(store.paths);
  const run = await openRunFolder(store.paths);
  const worker = await startNamespaceWorker();
  try {
    const { fetch } = options;
    const sources = await Promise.all(step.recipe.sources.map(({ name }) => fetchLocked({ fetch, lock, signal, onEvent }, name)));
    const trees = await Promise.all(sources.map((source) => ensureTree(worker, store, run, source, signal)));
    const failed = join(store.paths.failed, name);
    const inputs = step.inputs.map((recipe) => ({ recipe, digest: cached.get(recipe)?.layer ?? '' }));
    const sandbox = sandboxOf({ step, inputs, continues }, { work: run.path(name), store, trees, jobserver: undefined });
    const env = {
      ...environmentOf({ step, sources }, availableParallelism(), false),
      TERM: process.env['TERM'] ?? 'dumb',
      PS1: `${name}:\\w# `,
    };
    const status = await worker.call({
      module: LOCAL_JOBS,
      export: 'runShell',
      params: { sandbox, env, command, failed } satisfies ShellParams,
    });
    return typeof status === 'number' ? status : 1;
  } finally {
    await worker.close();
    await run.close();
    shared.release();
  }
}
