import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import { compressFrame, type FrameDone, type FrameJob } from './compress-worker.ts';

/** The compiled package has its worker beside this chunk; the sources have it beside this file. */
const WORKER = new URL(import.meta.url.endsWith('.ts') ? './compress-worker.ts' : './compress-worker.js', import.meta.url);
const MAX_WORKERS = 8;

interface Lane {
  readonly worker: Worker;
  readonly waiting: { readonly done: (result: FrameDone) => void; readonly fail: (error: Error) => void }[];
}

/**
 * Compresses frames on all cores. In workers, not in zlib's own threads: those count their buffers against this heap, and with a large tree
 * on it the garbage collector then takes longer than the compression.
 */
export class Compressor {
  readonly #lanes: Lane[] = [];
  #next = 0;
  #jobs = 0;

  /** The compressed frame, and the buffer to use again. */
  async compress(frame: ArrayBuffer, length: number): Promise<FrameDone> {
    // Most snapshots after the first are one frame: not worth a worker.
    if (this.#jobs++ === 0) return { frame, compressed: compressFrame(new Uint8Array(frame, 0, length)) };
    if (this.#lanes.length === 0)
      for (let index = 0; index < Math.min(availableParallelism(), MAX_WORKERS); index++) this.#lanes.push(lane());
    const { worker, waiting } = this.#lanes[this.#next++ % this.#lanes.length] ?? lane();
    const job: FrameJob = { frame, length };
    return await new Promise((done, fail) => {
      waiting.push({ done, fail });
      worker.postMessage(job, [frame]);
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
  worker.on('message', (result: FrameDone) => waiting.shift()?.done(result));
  worker.on('error', (error: Error) => {
    for (const { fail } of waiting.splice(0)) fail(error);
  });
  return { worker, waiting };
}
