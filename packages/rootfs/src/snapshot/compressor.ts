import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import { compressFrame, type FrameJob } from './compress-worker.ts';

/** The compiled package has its worker beside this chunk; the sources have it beside this file. */
const WORKER = new URL(import.meta.url.endsWith('.ts') ? './compress-worker.ts' : './compress-worker.js', import.meta.url);
const MAX_WORKERS = 8;

interface Lane {
  readonly worker: Worker;
  readonly waiting: { readonly done: (packed: number) => void; readonly fail: (error: Error) => void }[];
}

/**
 * Compresses frames on all cores. In workers and through shared memory: buffers of zlib's own threads, and those that are handed over, count
 * against this heap, and with a large tree on it the garbage collector then takes as long as the compression.
 */
export class Compressor {
  readonly #lanes: Lane[] = [];
  #next = 0;
  #jobs = 0;

  /** Bytes that the compressed frame takes of `job.packed`. */
  async compress(job: FrameJob): Promise<number> {
    // Most snapshots after the first are one frame: not worth a worker.
    if (this.#jobs++ === 0) return compressFrame(job);
    if (this.#lanes.length === 0)
      for (let index = 0; index < Math.min(availableParallelism(), MAX_WORKERS); index++) this.#lanes.push(lane());
    const { worker, waiting } = this.#lanes[this.#next++ % this.#lanes.length] ?? lane();
    return await new Promise((done, fail) => {
      waiting.push({ done, fail });
      worker.postMessage(job);
    });
  }

  async close(): Promise<void> {
    await Promise.all(this.#lanes.map(({ worker }) => worker.terminate()));
  }
}

/** Answers come in the order of the jobs. */
function lane(): Lane {
  const worker = new Worker(WORKER);
  const waiting: Lane['waiting'] = [];
  worker.on('message', (packed: number) => waiting.shift()?.done(packed));
  worker.on('error', (error: Error) => {
    for (const { fail } of waiting.splice(0)) fail(error);
  });
  return { worker, waiting };
}
