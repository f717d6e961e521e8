import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import { runJob, type FrameJob, type FrameResult } from './frame-worker.ts';

/** The compiled package has its worker beside this chunk; the sources have it beside this file. */
const WORKER = new URL(import.meta.url.endsWith('.ts') ? './frame-worker.ts' : './frame-worker.js', import.meta.url);
const MAX_WORKERS = 8;

interface Lane {
  readonly worker: Worker;
  readonly waiting: { readonly done: (result: FrameResult) => void; readonly fail: (error: Error) => void }[];
}

/**
 * Compresses and unpacks frames on all cores. In workers and through shared memory: buffers of zlib's own threads, and those that are handed
 * over, count against this heap, and with a large tree on it the garbage collector then takes longer than zstd.
 */
export class FrameWorkers {
  readonly #lanes: Lane[] = [];
  #next = 0;

  /** Bytes of `job.memory` that count when it is done. @throws Error saying why it could not be done. */
  async run(job: FrameJob): Promise<number> {
    if (this.#lanes.length === 0)
      for (let index = 0; index < Math.min(availableParallelism(), MAX_WORKERS); index++) this.#lanes.push(lane());
    const { worker, waiting } = this.#lanes[this.#next++ % this.#lanes.length] ?? lane();
    const result = await new Promise<FrameResult>((done, fail) => {
      waiting.push({ done, fail });
      worker.postMessage(job);
    });
    return counted(result);
  }

  async close(): Promise<void> {
    await Promise.all(this.#lanes.map(({ worker }) => worker.terminate()));
  }
}

/** The same in this thread: one frame is not worth a worker. */
export function runHere(job: FrameJob): number {
  return counted(runJob(job));
}

function counted(result: FrameResult): number {
  if (typeof result === 'number') return result;
  throw new Error(result.failed);
}

/** Answers come in the order of the jobs. */
function lane(): Lane {
  const worker = new Worker(WORKER);
  const waiting: Lane['waiting'] = [];
  worker.on('message', (result: FrameResult) => waiting.shift()?.done(result));
  worker.on('error', (error: Error) => {
    for (const { fail } of waiting.splice(0)) fail(error);
  });
  return { worker, waiting };
}
