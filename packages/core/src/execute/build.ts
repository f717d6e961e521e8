import { writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { XlfsError } from '../errors.ts';
import type { BuildEvent, EventHandler } from '../events/events.ts';
import { stepFailed } from '../events/step-failed.ts';
import { estimatePlan, estimatesFrom, remainingPaths } from '../plan/estimate.ts';
import type { Plan, Step } from '../plan/plan.ts';
import { unexpectedFailures, whyNotPassed, type TestOutcome } from '../recipe/test-outcome.ts';
import type { Suite } from '../recipe/test-recipes.ts';
import type { VerifiedSource } from '../sources/fetch.ts';
import type { Lock } from '../sources/lock.ts';
import type { Action, Store } from '../store/store.ts';
import { writeFileAtomic } from '../store/atomic.ts';
import type { Executor, ExecutorContext, JobSource } from './executor.ts';
import { fetchLocked, type FetchSource } from './fetch-locked.ts';
import { lastLines } from './last-lines.ts';
import { lookCloser } from './look-closer.ts';
import { actionOf, findCached, isResult, keyOf, resolvePlan, testedBy, type Finished } from './resolve.ts';
import { schedule } from './scheduler.ts';
import { withSession, type Session } from './session.ts';

export interface BuildOptions {
  readonly store: Store;
  readonly lock: Lock;
  /** Gets a source by its name in the lock; called once a source. */
  readonly fetch: FetchSource;
  /** Makes at a time, over all steps. @default the processors this process may use */
  readonly jobs?: number;
  /** After a failure, build what does not depend on it. @default false */
  readonly keepGoing?: boolean;
  readonly onEvent?: EventHandler;
  readonly signal?: AbortSignal;
  /** Where steps run. @default this machine */
  readonly executor?: (context: ExecutorContext) => Executor;
}

export interface BuildResult {
  /** Every step's action, by name. */
  readonly actions: Finished;
  /** Steps that were run now. */
  readonly built: readonly string[];
  readonly seconds: number;
  readonly cpuSeconds: number;
}

/**
 * Builds what a plan asks for and the store does not have.
 *
 * @throws XlfsError the first failure (`STEP_FAILED`, `SOURCE_*`, `NO_SPACE`, …), or `INTERRUPTED`. Finished steps stay finished.
 */
export async function build(plan: Plan, options: BuildOptions): Promise<BuildResult> {
  const { store, lock, onEvent = () => undefined, keepGoing = false, jobs = availableParallelism() } = options;
  const signal = options.signal ?? new AbortController().signal;
  const begun = performance.now();
  const { cached, pending } = await resolvePlan(store, plan, lock);
  if (pending.size === 0) {
    await store.settle();
    return { actions: cached, built: [], seconds: (performance.now() - begun) / 1000, cpuSeconds: 0 };
  }

  return withSession({ store, jobs, executor: options.executor, signal }, (session) =>
    runPlan({
      ...{ plan, store, lock, jobs, keepGoing, onEvent, signal, cached, pending, begun },
      ...{ fetch: options.fetch, tested: testedBy(plan, pending) },
      ...session,
    }),
  );
}

interface Run
  extends Session, Required<Pick<BuildOptions, 'store' | 'lock' | 'fetch' | 'jobs' | 'keepGoing' | 'onEvent' | 'signal'>> {
  readonly plan: Plan;
  readonly cached: Finished;
  readonly pending: ReadonlySet<string>;
  /** Steps whose build folders are kept, because tests go on in them. */
  readonly tested: ReadonlySet<string>;
  /** `performance.now()` at the start. */
  readonly begun: number;
}

async function runPlan(context: Run): Promise<BuildResult> {
  const { plan, store, cached, pending, run, onEvent, jobs } = context;
  const estimates = estimatesFrom(await store.history(), jobs);
  const paths = remainingPaths(plan, pending, estimates);
  const actions = new Map(cached);
  const built: string[] = [];
  let cpuSeconds = 0;
  let finishedFromCache = cached.size;
  onEvent({
    type: 'run-started',
    run: run.id,
    targets: plan.targets,
    steps: plan.steps.length,
    cached: cached.size,
    estimateSeconds: estimatePlan(plan, pending, estimates, jobs).seconds,
  });
  const fetchSource = prefetch(context);

  const runStep = async (step: Step, slot: () => Promise<void>): Promise<void> => {
    if (actions.has(step.name)) return;
    let key: string | undefined;
    try {
      const early = await findCached(store, step, context.lock, actions);
      if (early !== undefined && isFinished(context, step, early)) {
        finishedFromCache++;
        actions.set(step.name, early);
        return onEvent({ type: 'step-cached', step: step.name, key: early.key, layer: early.layer });
      }
      const sources = await Promise.all(step.recipe.sources.map((source) => fetchSource(source.name)));
      key = await keyOf(
        step,
        context.lock,
        sources.map(({ sha256 }) => sha256),
        actions,
      );
      const action = await underKeyLock(context, step, key, async (held) => {
        await slot();
        return execute(context, step, held, sources, estimates.of(step).seconds, actions);
      });
      if (action.ran) {
        built.push(step.name);
        cpuSeconds += action.action.cpuSeconds;
      } else {
        finishedFromCache++;
        onEvent({ type: 'step-cached', step: step.name, key, layer: action.action.layer });
      }
      actions.set(step.name, action.action);
      await dropTested(context, step, actions);
    } catch (error) {
      // What only waited when the run was interrupted has not failed.
      if (!context.signal.aborted)
        onEvent(stepFailed(step.name, error as Error, key, key === undefined ? undefined : store.logPath(key)));
      throw error;
    }
  };

  const { failures, skipped } = await schedule({
    plan,
    priority: (step) => paths.get(step.name)?.seconds ?? 0,
    jobserver: context.jobserver,
    run: runStep,
    onSkipped: (step, because) => onEvent({ type: 'step-skipped', step: step.name, because }),
    keepGoing: context.keepGoing,
    signal: context.signal,
  });
  const seconds = (performance.now() - context.begun) / 1000;
  const finished: BuildEvent = {
    type: 'run-finished',
    run: run.id,
    built: built.length,
    cached: finishedFromCache,
    failed: failures.size,
    seconds,
    cpuSeconds,
  };
  onEvent(finished);
  await writeFileAtomic(
    join(store.paths.runs, `${run.id}.json`),
    `${JSON.stringify({ ...finished, profile: plan.profile, targets: plan.targets, jobs, steps: built, failures: [...failures.keys()], skipped: [...skipped.keys()] }, null, 1)}\n`,
  );
  const [first] = failures.values();
  if (first !== undefined) throw first;
  return { actions, built, seconds, cpuSeconds };
}

/** Starts fetching everything that pending steps need, and hands each source out once. Its failure is that of the steps that need it. */
function prefetch(context: Run): (name: string) => Promise<VerifiedSource & JobSource> {
  const { plan, pending, onEvent } = context;
  const fetched = new Map<string, Promise<VerifiedSource & JobSource>>();
  for (const step of plan.steps) {
    if (!pending.has(step.name)) continue;
    for (const source of step.recipe.sources) {
      if (fetched.has(source.name)) continue;
      const job = fetchLocked(context, source.name).then((got) => {
        const { name, version, provider, sha256 } = got;
        onEvent({ type: 'source-ready', source: name, version, provider, sha256 });
        return got;
      });
      job.catch(() => undefined);
      fetched.set(source.name, job);
    }
  }
  return (name) => {
    const job = fetched.get(name);
    if (job === undefined) throw new Error(`source ${name} was not foreseen`);
    return job;
  };
}

/** Whether nothing of a step has to be run: neither for its layer, nor for the build folder that its tests go on in. */
function isFinished({ store, tested }: Run, step: Step, action: Action): boolean {
  return isResult(step, action) && (!tested.has(step.name) || store.hasBuild(action.key));
}

/** When all of a step's tests have passed, its build folder has served. Those that were not asked for this time may be next time. */
async function dropTested({ plan, executor }: Run, { suite }: Step, actions: Finished): Promise<void> {
  if (suite === undefined) return;
  const passed = plan.steps.filter((step) => step.suite?.of === suite.of && actions.has(step.name));
  const tested = plan.steps.find(({ name }) => name === suite.of);
  if (passed.length === tested?.recipe.tests?.suites.length) await executor.dropBuild(actionOf(actions, suite.of).key);
}

/** @throws XlfsError `TESTS_FAILED`, with the tests that did, or else with the log's last lines. */
function requirePassed(step: Step, suite: Suite, outcome: TestOutcome, log: string): void {
  const why = whyNotPassed(suite, outcome);
  if (why === undefined) return;
  const tail = unexpectedFailures(suite, outcome).length > 0 ? '' : `\n${lastLines(log, 20)}`;
  throw new XlfsError('TESTS_FAILED', `${step.name}: ${why}${tail}`, { hint: lookCloser(step) });
}

/** One process builds a key; another that wants it waits and then finds the result. */
async function underKeyLock(
  context: Run,
  step: Step,
  key: string,
  make: (key: string) => Promise<Action>,
): Promise<{ readonly action: Action; readonly ran: boolean }> {
  const { store, onEvent, signal } = context;
  let lock = store.tryLockKey(key);
  if (lock === undefined) {
    onEvent({ type: 'step-waiting', step: step.name, key, reason: 'another xlfs is building it' });
    lock = await store.waitForKey(key, signal);
  }
  try {
    const found = await store.findAction(key);
    if (found !== undefined && isFinished(context, step, found)) return { action: found, ran: false };
    return { action: await make(key), ran: true };
  } finally {
    lock.release();
  }
}

async function execute(
  { store, executor, onEvent, signal, tested }: Run,
  step: Step,
  key: string,
  sources: readonly JobSource[],
  estimateSeconds: number,
  actions: Finished,
): Promise<Action> {
  const log = store.logPath(key);
  writeFileSync(log, '');
  await store.noteRun(step.name, key);
  const started = new Date().toISOString();
  onEvent({
    type: 'step-started',
    step: step.name,
    key,
    version: sources[0]?.version ?? step.recipe.version,
    estimateSeconds,
    log,
  });
  const { suite } = step;
  const inputs = step.inputs.map((recipe) => ({ recipe, digest: actionOf(actions, recipe).layer }));
  const keepsBuild = tested.has(step.name);
  const continues = suite === undefined ? undefined : actionOf(actions, suite.of).key;
  const { layer, seconds, cpuSeconds, overheadMs, tests } = await executor.run(
    { step, key, inputs, sources, log, keepsBuild, continues },
    { signal, onPhase: (phase) => onEvent({ type: 'phase-started', step: step.name, phase }) },
  );
  const action: Action = {
    key,
    step: step.name,
    version: sources[0]?.version ?? step.recipe.version,
    layer: layer.digest,
    inputs: inputs.map(({ recipe, digest }) => ({ step: recipe, layer: digest })),
    sources: sources.map(({ name, version, sha256 }) => ({ name, version, sha256 })),
    seconds,
    cpuSeconds,
    files: layer.files,
    bytes: layer.bytes,
    started,
    ...(tests === undefined ? {} : { tests: { ...tests, failed: [...tests.failed] } }),
  };
  if (!store.hasLayer(layer.digest))
    throw new Error(`${step.name}: the executor said it made layer ${layer.digest}, but it is not there`);
  await store.putAction(action);
  if (suite !== undefined && tests !== undefined) requirePassed(step, suite, tests, log);
  const weight = suite === undefined ? { weight: step.recipe.weight } : {};
  await store.addMeasurement({ recipe: step.name, seconds, cpuSeconds, ...weight });
  onEvent({
    type: 'step-finished',
    step: step.name,
    key,
    layer: layer.digest,
    seconds,
    cpuSeconds,
    bytes: layer.bytes,
    files: layer.files,
    overheadMs,
    ...(tests === undefined ? {} : { tests: { passed: tests.passed, failed: tests.failed } }),
  });
  return action;
}
