import { XlfsError } from '@xlfs/core';

/** For work that can be given up. What it has written beside its place goes; what was there stays. */
export interface Interruptible {
  /** Aborting it ends the work with INTERRUPTED. */
  readonly signal?: AbortSignal;
}

/** @throws INTERRUPTED when the signal has been given. */
export function proceed(signal: AbortSignal | undefined): void {
  if (signal?.aborted === true) throw new XlfsError('INTERRUPTED', 'interrupted', { cause: signal.reason });
}

/** The same items, for as long as the signal has not been given. @throws INTERRUPTED */
export async function* until<T>(signal: AbortSignal | undefined, items: AsyncIterable<T> | Iterable<T>): AsyncGenerator<T> {
  for await (const item of items) {
    proceed(signal);
    yield item;
  }
}
