import { parentPort, workerData } from 'node:worker_threads';

import { fuzz } from './fuzz.ts';

const { count, seed, first, progress } = workerData as {
  count: number;
  seed: number;
  first: number;
  progress: SharedArrayBuffer;
};
const shown = new Int32Array(progress);
parentPort!.postMessage(fuzz(count, seed, (round) => (shown[0] = round), first));
