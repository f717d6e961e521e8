import { XlfsError } from '../errors.ts';
import { stepKey } from '../plan/key.ts';
import type { Plan, Step } from '../plan/plan.ts';
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

/** The step's key for one choice of source digests. */
export async function keyOf(step: Step, lock: Lock, sources: readonly string[], inputs: readonly string[]): Promise<string> {
  const { task } = step.recipe;
  return stepKey(step, {
    sources,
    versions: step.recipe.sources.map(({ name }) => lockedSource(lock, name).version),
    inputs,
    host: step.root === 'composed' ? '' : await hostIdentity(),
    ...(task === undefined ? {} : { taskModule: await moduleDigest(task.module) }),
  });
}

/** Looks for the step's result under every combination of pinned tarballs; whichever it was built from will do. */
export async function findCached(store: Store, step: Step, lock: Lock, inputs: readonly string[]): Promise<Action | undefined> {
  for (const sources of combinations(step.recipe.sources.map(({ name }) => pinnedDigests(lock, name)))) {
    const action = await store.findAction(await keyOf(step, lock, sources, inputs));
    if (action !== undefined) return action;
  }
  return undefined;
}

export interface Resolution {
  /** Finished steps by name. */
  readonly cached: ReadonlyMap<string, Action>;
  /** Steps to be run, as far as can be told before their inputs are. */
  readonly pending: ReadonlySet<string>;
}

/** What the store has already. A step behind a pending one is pending too, until that one's layer turns out the same. */
export async function resolvePlan(store: Store, plan: Plan, lock: Lock): Promise<Resolution> {
  const cached = new Map<string, Action>();
  const pending = new Set<string>();
  for (const step of plan.steps) {
    const inputs = step.inputs.map((name) => cached.get(name)?.layer);
    const known = inputs.filter((layer) => layer !== undefined);
    const action = known.length === inputs.length ? await findCached(store, step, lock, known) : undefined;
    if (action === undefined) pending.add(step.name);
    else cached.set(step.name, action);
  }
  return { cached, pending };
}

function combinations(choices: readonly string[][]): string[][] {
  return choices.reduce<string[][]>((all, choice) => all.flatMap((head) => choice.map((tail) => [...head, tail])), [[]]);
}
