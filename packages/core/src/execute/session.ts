import type { Store } from '../store/store.ts';
import type { Executor, ExecutorContext } from './executor.ts';
import { openJobserver, type Jobserver } from './jobserver.ts';
import { localExecutor } from './local.ts';
import { openRunFolder, removeStaleRuns, type RunFolder } from './run-folder.ts';

export interface SessionOptions {
  readonly store: Store;
  /** Makes at a time, over all steps. */
  readonly jobs: number;
  /** Where steps run. @default this machine */
  readonly executor?: ((context: ExecutorContext) => Executor) | undefined;
  readonly signal: AbortSignal;
}

/** What steps are run with. */
export interface Session {
  readonly run: RunFolder;
  readonly jobserver: Jobserver;
  readonly executor: Executor;
}

/** Keeps GC out of the store, opens a run folder, a jobserver and an executor, and gives all of it back, the new layers settled, however `use` ends. */
export async function withSession<T>(options: SessionOptions, use: (session: Session) => Promise<T>): Promise<T> {
  const { store, jobs, executor: makeExecutor = localExecutor, signal } = options;
  const shared = await store.lockShared(signal);
  await removeStaleRuns(store.paths);
  const run = await openRunFolder(store.paths);
  const jobserver = await openJobserver(run.path('jobserver'), jobs);
  const executor = makeExecutor({ store, run, jobs, jobserver: jobserver.path });
  try {
    return await use({ run, jobserver, executor });
  } finally {
    await executor.close();
    jobserver.close();
    await store.settle();
    await run.close();
    shared.release();
  }
}
