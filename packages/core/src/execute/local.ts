import { existsSync } from 'node:fs';
import { mkdir, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { startNamespaceWorker, type NamespaceWorker } from '../sandbox/namespace-worker.ts';
import { sha256 } from '../plan/key.ts';
import type { Store } from '../store/store.ts';
import { tryLock, waitForLock } from '../store/file-lock.ts';
import type { Executor, Job, JobContext, JobResult } from './executor.ts';
import { lookCloser } from './look-closer.ts';
import type { RunFolder } from './run-folder.ts';
import { environmentOf, sandboxOf, type Tree } from './step-sandbox.ts';
import type { ScriptParams, ScriptResult, StoreFolders, TaskParams, TreeParams } from './local-jobs.ts';

/** The module whose functions run as namespace root; compiled, it lies beside this chunk. */
export const LOCAL_JOBS = new URL(import.meta.url.endsWith('.ts') ? './local-jobs.ts' : './local-jobs.js', import.meta.url).href;

export interface LocalExecutorOptions {
  readonly store: Store;
  readonly run: RunFolder;
  readonly jobs: number;
  /** FIFO of the make jobserver that all steps share. */
  readonly jobserver: string | undefined;
}

/** Runs steps on this machine, in sandboxes below one namespace worker, which is only started when there is something to run. */
export function localExecutor({ store, run, jobs, jobserver }: LocalExecutorOptions): Executor {
  let worker: Promise<NamespaceWorker> | undefined;
  const shared = (): Promise<NamespaceWorker> => (worker ??= startNamespaceWorker());
  const folders = storeFolders(store);
  const garbage: Promise<unknown>[] = [];

  /** Big build folders are deleted while the next steps run. */
  const discard = async (w: NamespaceWorker, path: string): Promise<void> => {
    const aside = run.path(`trash-${sha256(path).slice(0, 12)}`);
    await rename(path, aside);
    garbage.push(w.call({ module: LOCAL_JOBS, export: 'removeFolders', params: [aside] }));
  };

  const buildLock = (key: string): string => join(store.paths.locks, `build-${key}`);

  const runScript = async (job: Job, context: JobContext): Promise<JobResult> => {
    const w = await shared();
    const trees = await Promise.all(job.sources.map((source) => ensureTree(w, store, run, source, context.signal)));
    const begun = performance.now();
    const sandbox = sandboxOf(job, { work: run.path(job.step.name), store, trees, jobserver });
    const env = environmentOf(job, jobs, jobserver !== undefined);
    const keepBuild = job.keepsBuild ? store.buildFolder(job.key) : undefined;
    const { suite } = job.step;
    const params: ScriptParams = { sandbox, env, log: job.log, hint: lookCloser(job.step), store: folders, keepBuild, suite };
    const result = (await w.call({
      module: LOCAL_JOBS,
      export: 'runScript',
      params,
      signal: context.signal,
      onEvent: (phase) => context.onPhase(String(phase)),
    })) as ScriptResult;
    // That of tests that failed is kept.
    if (existsSync(sandbox.work)) await discard(w, sandbox.work);
    return { ...result, overheadMs: performance.now() - begun - result.seconds * 1000 };
  };

  const runTask = async (job: Job, { signal }: JobContext): Promise<JobResult> => {
    const task = job.step.recipe.task;
    if (task === undefined) throw new Error(`${job.step.name} has no task`);
    // A function may keep its process busy, so it gets one of its own.
    const own = await startNamespaceWorker();
    const stop = (): void => void own.close();
    signal.addEventListener('abort', stop, { once: true });
    try {
      const begun = performance.now();
      const params: TaskParams = {
        name: job.step.name,
        work: run.path(job.step.name),
        module: task.module,
        export: task.export,
        params: task.params,
        inputs: job.inputs.map(({ recipe, digest }) => ({ recipe, digest, root: store.layerRoot(digest) })),
        log: job.log,
        hint: lookCloser(job.step),
        store: folders,
      };
      const result = (await own.call({ module: LOCAL_JOBS, export: 'runTask', params })) as ScriptResult;
      return { ...result, overheadMs: performance.now() - begun - result.seconds * 1000 };
    } finally {
      signal.removeEventListener('abort', stop);
      await own.close();
    }
  };

  /** Nobody removes the build folder while tests go on in it. */
  const runTests = async (job: Job, context: JobContext, continues: string): Promise<JobResult> => {
    const lock = await waitForLock(buildLock(continues), 'shared', context.signal);
    try {
      return await runScript(job, context);
    } finally {
      lock.release();
    }
  };

  return {
    run: (job, context) => {
      if (job.continues !== undefined) return runTests(job, context, job.continues);
      return job.step.recipe.task === undefined ? runScript(job, context) : runTask(job, context);
    },
    dropBuild: async (key) => {
      const lock = tryLock(buildLock(key));
      if (lock === undefined) return;
      if (store.hasBuild(key)) await discard(await shared(), store.buildFolder(key));
      lock.release();
    },
    close: async () => {
      await Promise.allSettled(garbage);
      await (await worker)?.close();
    },
  };
}

export function storeFolders({ paths }: Store): StoreFolders {
  const { layers, quarantine, trees, locks, failed } = paths;
  return { layers, quarantine, trees, locks, failed };
}

/** The unpacked tree of a source, by the tarball's digest and what is taken out of it. */
export async function ensureTree(
  worker: NamespaceWorker,
  store: Store,
  run: RunFolder,
  source: Job['sources'][number],
  signal: AbortSignal,
): Promise<Tree> {
  const id = source.nested === undefined ? source.sha256 : sha256(`${source.sha256} ${source.nested}`);
  const folder = join(store.paths.trees, id);
  await mkdir(store.paths.trees, { recursive: true });
  const params: TreeParams = {
    tarball: source.path,
    nested: source.nested,
    place: folder,
    lock: join(store.paths.locks, `tree-${id}`),
    work: run.path(`tree-${id.slice(0, 16)}-${source.name}`),
  };
  await worker.call({ module: LOCAL_JOBS, export: 'ensureTree', params, signal });
  return { name: source.name, folder };
}
