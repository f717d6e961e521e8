import type { CapturedLayer } from '../layer/capture.ts';
import type { Step } from '../plan/plan.ts';
import type { TestOutcome } from '../recipe/test-outcome.ts';
import type { Store } from '../store/store.ts';
import type { RunFolder } from './run-folder.ts';

/** One step with everything that it needs, by digest: what could be sent to another machine. */
export interface Job {
  readonly step: Step;
  readonly key: string;
  /** Lowest first. */
  readonly inputs: readonly { readonly recipe: string; readonly digest: string }[];
  /** Verified tarballs, in the recipe's order. */
  readonly sources: readonly JobSource[];
  /** File that gets the output. */
  readonly log: string;
  /** Whether tests are to go on in the build folder: then it is kept under the key. */
  readonly keepsBuild: boolean;
  /** For tests: the key of the step in whose build folder they go on. */
  readonly continues: string | undefined;
}

export interface JobSource {
  readonly name: string;
  readonly version: string;
  readonly sha256: string;
  /** The tarball on this machine. */
  readonly path: string;
  /** Glob of a tarball inside the tarball. */
  readonly nested: string | undefined;
}

export interface JobContext {
  readonly signal: AbortSignal;
  readonly onPhase: (name: string) => void;
}

export interface JobResult {
  readonly layer: CapturedLayer;
  /** Of a step that runs tests, whose layer is empty. */
  readonly tests?: TestOutcome;
  /** Wall seconds of the script or the task alone. */
  readonly seconds: number;
  readonly cpuSeconds: number;
  /** Wall milliseconds around it: unpacking apart, what the sandbox, capture and commit cost. */
  readonly overheadMs: number;
}

/** What an executor of this machine works with. */
export interface ExecutorContext {
  readonly store: Store;
  readonly run: RunFolder;
  readonly jobs: number;
  readonly jobserver: string;
}

/** Where steps run. Prepare inputs by digest, run, collect the layer: a cluster plugs in here. */
export interface Executor {
  /**
   * @throws XlfsError `STEP_FAILED` (the log's last lines in the message), `NO_SPACE`, `ARCHIVE_*`, `INTERRUPTED`.
   */
  run(job: Job, context: JobContext): Promise<JobResult>;
  /** Removes the build folder that was kept under a key, unless somebody else's tests use it. */
  dropBuild(key: string): Promise<void>;
  close(): Promise<void>;
}
