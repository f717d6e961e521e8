import { AsyncLocalStorage } from 'node:async_hooks';
import { XlfsError } from '@xlfs/core';

/** For work that can be given up. What it has written beside its place goes; what was there stays. */
export interface Interruptible {
  /** Aborting it ends the work with INTERRUPTED. */
  readonly signal?: AbortSignal;
}

/** Every file that is read and every program that is waited for asks for it: no function in between has to hand it on. */
const signals = new AsyncLocalStorage<AbortSignal>();

/** Do work that ends with INTERRUPTED once the signal is given. */
export async function interruptible<T>(signal: AbortSignal | undefined, work: () => Promise<T>): Promise<T> {
  if (signal === undefined) return await work();
  return await signals.run(signal, async () => {
    proceed();
    try {
      return await work();
    } catch (error) {
      // Programs that are ended break pipes: what counts is why.
      if (signal.aborted && !(error instanceof XlfsError && error.code === 'INTERRUPTED')) throw interrupted(error);
      throw error;
    }
  });
}

/** The signal that the present work has been given. */
export function signalOfWork(): AbortSignal | undefined {
  return signals.getStore();
}

/** @throws INTERRUPTED when the present work is to end. */
export function proceed(): void {
  if (signals.getStore()?.aborted === true) throw interrupted();
}

/**
 * Let others have a turn now and then: what reads and writes without waiting would not even hear that it is to end. Undefined while it is too
 * early for that.
 * @throws INTERRUPTED
 */
export function breathe(): Promise<void> | undefined {
  return performance.now() - breathed < 50 ? undefined : pause();
}

async function pause(): Promise<void> {
  await new Promise((done) => setImmediate(done));
  breathed = performance.now();
  proceed();
}

let breathed = 0;

export function interrupted(cause: unknown = signals.getStore()?.reason): XlfsError {
  return new XlfsError('INTERRUPTED', 'interrupted: nothing was changed', { cause });
}
