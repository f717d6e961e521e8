import { Worker } from 'node:worker_threads';

import type { FuzzResult } from './fuzz.ts';

/** A mutant that takes longer than this is a hang. */
const LIMIT_MS = 20_000;

export interface FuzzOptions {
  readonly count: number;
  readonly seed: number;
  /** The first round. @default 0 */
  readonly first?: number;
  readonly onProgress?: (round: number) => void;
}

/**
 * Fuzzes in a thread of its own and watches over it.
 *
 * @throws Error with seed and round for a crash or a hang
 */
export function fuzzWatched({ count, seed, first = 0, onProgress }: FuzzOptions): Promise<FuzzResult> {
  const progress = new SharedArrayBuffer(4);
  const shown = new Int32Array(progress);
  const worker = new Worker(new URL('./fuzz-thread.ts', import.meta.url), { workerData: { count, seed, first, progress } });
  return new Promise((resolve, reject) => {
    let last = -1;
    // Counted in ticks of this thread's own clock, so that a machine at rest is no hang.
    let ticks = 0;
    const timer = setInterval(() => {
      const round = Atomics.load(shown, 0);
      ticks = round === last ? ticks + 1 : 0;
      last = round;
      onProgress?.(round);
      if (ticks * 1000 < LIMIT_MS) return;
      void worker.terminate();
      settle(() => reject(new Error(`seed ${seed}, round ${round} hangs`)));
    }, 1000);
    const settle = (end: () => void): void => {
      clearInterval(timer);
      end();
    };
    worker.on('message', (result: FuzzResult) => settle(() => resolve(result)));
    worker.on('error', (cause) => settle(() => reject(new Error('the fuzzing thread failed', { cause }))));
  });
}
