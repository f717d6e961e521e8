import { XlfsError } from '../errors.ts';
import type { Plan, Step } from '../plan/plan.ts';
import type { Jobserver } from './jobserver.ts';

export interface ScheduleOptions {
  readonly plan: Plan;
  /** Higher runs first: seconds from a step's start to the end of the longest chain that hangs on it. */
  readonly priority: (step: Step) => number;
  readonly jobserver: Jobserver;
  /** Does whatever a step needs; `slot` is to be called before work that occupies a processor. */
  readonly run: (step: Step, slot: () => Promise<void>) => Promise<void>;
  readonly onSkipped: (step: Step, because: string) => void;
  readonly keepGoing: boolean;
  readonly signal: AbortSignal;
}

/** What became of the steps that did not succeed. */
export interface ScheduleResult {
  readonly failures: ReadonlyMap<string, Error>;
  readonly skipped: ReadonlyMap<string, string>;
}

/**
 * Runs the steps of a plan in dependency order, longest remaining path first. A failure stops what depends on it; without `keepGoing`
 * nothing new is started after it.
 */
export async function schedule(options: ScheduleOptions): Promise<ScheduleResult> {
  const { plan, priority, jobserver, run, onSkipped, keepGoing, signal } = options;
  const failures = new Map<string, Error>();
  const skipped = new Map<string, string>();
  const finished = new Set<string>();
  const waiting = new Set(plan.steps);
  const running = new Map<string, Promise<void>>();
  const queue = slotQueue(jobserver, signal);

  const begin = (step: Step): void => {
    waiting.delete(step);
    let holdsSlot = false;
    const slot = async (): Promise<void> => {
      await queue.acquire(priority(step));
      holdsSlot = true;
    };
    const work = run(step, slot)
      .then(() => void finished.add(step.name))
      .catch((error: unknown) => void failures.set(step.name, error instanceof Error ? error : new Error(String(error))))
      .finally(() => {
        if (holdsSlot) queue.release();
        running.delete(step.name);
      });
    running.set(step.name, work);
  };

  for (;;) {
    for (const step of [...waiting].sort((a, b) => priority(b) - priority(a))) {
      const lost = step.after.find((name) => failures.has(name) || skipped.has(name));
      if (lost !== undefined) {
        waiting.delete(step);
        skipped.set(step.name, lost);
        onSkipped(step, lost);
      } else if (!signal.aborted && (keepGoing || failures.size === 0) && step.after.every((name) => finished.has(name))) {
        begin(step);
      }
    }
    if (running.size === 0) {
      // A pass that skipped something may have made more to skip.
      if (![...waiting].some((step) => step.after.some((name) => failures.has(name) || skipped.has(name)))) break;
      continue;
    }
    await Promise.race(running.values());
  }
  queue.close();
  if (signal.aborted)
    throw new XlfsError('INTERRUPTED', 'interrupted', { hint: 'run the same command again: finished steps are kept' });
  return { failures, skipped };
}

/**
 * How long a slot that others wait for is kept when its step has ended: those that the step frees look into the store before they ask for one,
 * and often are what everything else waits for.
 */
const HANDOVER_MS = 100;

/** Steps that wait for a slot, by priority. A step's slot goes to the next in the queue directly: tokens given back to the FIFO are make's. */
function slotQueue(
  jobserver: Jobserver,
  signal: AbortSignal,
): { acquire(priority: number): Promise<void>; release(): void; close(): void } {
  const waiting: { priority: number; grant: () => void; refuse: (error: unknown) => void }[] = [];
  const closed = new AbortController();
  const stop = AbortSignal.any([signal, closed.signal]);
  let held = 0;
  let polling = false;
  const handovers = new Set<NodeJS.Timeout>();

  const grantNext = (): void => {
    waiting.sort((a, b) => b.priority - a.priority);
    const next = waiting.shift();
    if (next === undefined) return jobserver.release();
    held++;
    next.grant();
  };
  const poll = async (): Promise<void> => {
    if (polling) return;
    polling = true;
    try {
      while (waiting.length > 0) {
        if (held === 0) jobserver.reset();
        await jobserver.acquire(stop);
        grantNext();
      }
    } catch (error) {
      for (const { refuse } of waiting.splice(0)) refuse(error);
    } finally {
      polling = false;
    }
  };
  return {
    acquire: (priority) =>
      new Promise((grant, refuse) => {
        waiting.push({ priority, grant, refuse });
        void poll();
      }),
    release: () => {
      const handOver = (): void => {
        handovers.delete(timer);
        held--;
        grantNext();
      };
      const timer = setTimeout(handOver, waiting.length === 0 ? 0 : HANDOVER_MS);
      handovers.add(timer);
    },
    close: () => {
      for (const timer of handovers) clearTimeout(timer);
      closed.abort();
    },
  };
}
