import { XlfsError } from '../errors.ts';
import { stepKey } from '../plan/key.ts';
import type { Plan, Step } from '../plan/plan.ts';
import { whyNotPassed } from '../recipe/test-outcome.ts';
import type { Lock, LockedSource } from '../sources/lock.ts';
import type { Action, Store } from '../store/store.ts';
import { hostIdentity } from './host-identity.ts';
import { moduleDigest } from './module-digest.ts';

/** Digests under which a source may be present: each provider's tarball is as good as another's, but not the same bytes. */
export function pinnedDigests(lock: Lock, name: string): string[] {
  return [
    ...new Set(Object.values(lockedSource(lock, name).providers).flatMap((pin) => (pin === undefined ? [] : [pin.sha256]))),
  ];
}

/** @throws XlfsError `SOURCE_NOT_LOCKED`. */
export function lockedSource(lock: Lock, name: string): LockedSource {
  const locked = lock.sources[name];
  if (locked !== undefined) return locked;
  throw new XlfsError('SOURCE_NOT_LOCKED', `the lock file has no source ${name}`, { hint: 'run xlfs sources lock' });
}

/** Finished steps by name. */
export type Finished = ReadonlyMap<string, Action>;

/** The record of a step that others need, which is there when they are looked at. */
export function actionOf(finished: Finished, name: string): Action {
  const action = finished.get(name);
  if (action === undefined) throw new Error(`step ${name} was not finished before what needs it`);
  return action;
}

/** The step's key for one choice of source digests, its inputs being finished. */
export async function keyOf(step: Step, lock: Lock, sources: readonly string[], finished: Finished): Promise<string> {
  const { task } = step.recipe;
  return stepKey(step, {
    sources,
    versions: step.recipe.sources.map(({ name }) => lockedSource(lock, name).version),
    inputs: step.inputs.map((name) => actionOf(finished, name).layer),
    host: step.root === 'composed' ? '' : await hostIdentity(),
    ...(task === undefined ? {} : { taskModule: await moduleDigest(task.module) }),
    ...(step.suite === undefined ? {} : { continues: actionOf(finished, step.suite.of).key }),
  });
}

/** Whether a record is the step's result. Tests that failed are run again, unless all that failed is known to by now. */
export function isResult({ suite }: Step, { tests }: Action): boolean {
  return suite === undefined || (tests !== undefined && whyNotPassed(suite, tests) === undefined);
}

/** Looks for the step's result under every combination of pinned tarballs; whichever it was built from will do. */
export async function findCached(store: Store, step: Step, lock: Lock, finished: Finished): Promise<Action | undefined> {
  for (const sources of combinations(step.recipe.sources.map(({ name }) => pinnedDigests(lock, name)))) {
    const action = await store.findAction(await keyOf(step, lock, sources, finished));
    if (action !== undefined && isResult(step, action)) return action;
  }
  return undefined;
}

export interface Resolution {
  readonly cached: Finished;
  /** Steps to be run, as far as can be told before their inputs are. */
  readonly pending: ReadonlySet<string>;
}

/**
 * What the store has already. A step behind a pending one is pending too, until that one's layer turns out the same; and so is one whose tests are
 * pending, when its build folder is not there any more.
 */
export async function resolvePlan(store: Store, plan: Plan, lock: Lock): Promise<Resolution> {
  const cached = new Map<string, Action>();
  const pending = new Set<string>();
  for (const step of plan.steps) {
    const action = step.inputs.every((name) => cached.has(name)) ? await findCached(store, step, lock, cached) : undefined;
    if (action === undefined) pending.add(step.name);
    else cached.set(step.name, action);
  }
  for (const name of testedBy(plan, pending)) {
    const action = cached.get(name);
    if (action === undefined || store.hasBuild(action.key)) continue;
    cached.delete(name);
    pending.add(name);
  }
  return { cached, pending };
}

/** Names of the steps whose tests are among the pending ones. */
export function testedBy(plan: Plan, pending: ReadonlySet<string>): Set<string> {
  return new Set(plan.steps.flatMap(({ name, suite }) => (suite !== undefined && pending.has(name) ? [suite.of] : [])));
}

function combinations(choices: readonly string[][]): string[][] {
  return choices.reduce<string[][]>((all, choice) => all.flatMap((head) => choice.map((tail) => [...head, tail])), [[]]);
}
