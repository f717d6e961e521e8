/** The functions that the local executor runs as namespace root. Params and results are JSON. */
import { existsSync, mkdirSync, openSync, readFileSync, renameSync, rmSync, statfsSync, writeSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { XlfsError } from '../errors.ts';
import { captureLayer, type CapturedLayer } from '../layer/capture.ts';
import { scanTree } from '../layer/scan.ts';
import { formatManifest, manifestDigest } from '../layer/manifest.ts';
import type { TaskContext, TaskFunction } from '../recipe/recipe.ts';
import { readOutcome, whyNotPassed, type TestOutcome } from '../recipe/test-outcome.ts';
import type { Suite } from '../recipe/test-recipes.ts';
import { enterInteractively, enterSandbox } from '../sandbox/enter.ts';
import { SOURCE_DATE_EPOCH } from '../sandbox/environment.ts';
import {
  isWorkFolderOf,
  makeWorkFolder,
  RESULTS_FILE,
  STATUS_FILE,
  writeSetup,
  type SandboxSpec,
} from '../sandbox/work-folder.ts';
import type { CallContext } from '../sandbox/worker-protocol.ts';
import { unpack } from '../sources/unpack.ts';
import { waitForLock } from '../store/file-lock.ts';
import { lastLines } from './last-lines.ts';

/** Less than this left on the disk, and a failed step most likely failed for it. */
const NO_SPACE_BYTES = 16 << 20;

export interface StoreFolders {
  readonly layers: string;
  readonly quarantine: string;
  readonly trees: string;
  readonly locks: string;
  readonly failed: string;
}

export interface ScriptParams {
  readonly sandbox: SandboxSpec;
  readonly env: Readonly<Record<string, string>>;
  readonly log: string;
  /** What to do when it fails. */
  readonly hint: string;
  readonly store: StoreFolders;
  /** Where the build folders are kept for tests; undefined when none are to come. */
  readonly keepBuild: string | undefined;
  /** Of a step that runs tests. */
  readonly suite: Suite | undefined;
}

export interface ScriptResult {
  readonly layer: CapturedLayer;
  readonly tests?: TestOutcome;
  readonly seconds: number;
  readonly cpuSeconds: number;
  readonly overheadMs: number;
}

/** Sandbox, script, capture. The working folder of a step that failed, or whose tests did, is kept for `xlfs shell`. */
export async function runScript(
  { sandbox, env, log, hint, store, keepBuild, suite }: ScriptParams,
  { emit, signal }: CallContext,
): Promise<ScriptResult> {
  const begun = performance.now();
  makeWorkFolder(sandbox);
  const entered = performance.now();
  const { status, cpuSeconds } = await enterSandbox({ work: sandbox.work, env, log, signal, onPhase: emit });
  const left = performance.now();
  if (signal.aborted) {
    remove(sandbox.work);
    throw new XlfsError('INTERRUPTED', `${sandbox.name} was interrupted`);
  }
  if (status !== 0) {
    keepFailed(sandbox.work, join(store.failed, sandbox.name));
    const why = `its script ended with ${status === null ? 'a signal' : `status ${String(status)}`}`;
    throw stepFailed(sandbox.name, why, { log, hint });
  }
  const tests = suite === undefined ? undefined : outcomeOf(sandbox.work);
  const upper = join(sandbox.work, tests === undefined ? 'upper' : 'nothing');
  if (tests !== undefined) mkdirSync(upper);
  const layer = captureLayer({ upper, ...store, sourceDateEpoch: SOURCE_DATE_EPOCH });
  if (keepBuild !== undefined) keepBuildFolders(sandbox, keepBuild);
  const overheadMs = performance.now() - left + (entered - begun);
  if (suite !== undefined && tests !== undefined && whyNotPassed(suite, tests) !== undefined)
    keepFailed(sandbox.work, join(store.failed, sandbox.name));
  else remove(join(store.failed, sandbox.name));
  return { layer, seconds: (left - entered) / 1000, cpuSeconds, overheadMs, ...(tests === undefined ? {} : { tests }) };
}

function outcomeOf(work: string): TestOutcome {
  const read = (file: string): string => (existsSync(join(work, file)) ? readFileSync(join(work, file), 'utf8') : '');
  return readOutcome(Number(read(STATUS_FILE)), read(RESULTS_FILE));
}

/** What the step did in its build folders, apart from what lay there before. */
function keepBuildFolders({ work, folders }: SandboxSpec, place: string): void {
  if (existsSync(place)) return;
  const beside = join(work, 'kept');
  mkdirSync(beside);
  for (const { name } of folders) renameSync(join(work, 'b', name, 'upper'), join(beside, name));
  renameSync(beside, place);
}

export interface TaskParams {
  readonly name: string;
  readonly work: string;
  readonly module: string;
  readonly export: string;
  readonly params: unknown;
  readonly inputs: TaskContext['inputs'];
  readonly log: string;
  /** What to do when it fails. */
  readonly hint: string;
  readonly store: StoreFolders;
}

/** Calls a recipe's function instead of a script; what it wrote to `output` is the layer. */
export async function runTask(task: TaskParams): Promise<ScriptResult> {
  const begun = performance.now();
  const output = join(task.work, 'upper');
  const scratch = join(task.work, 'scratch');
  for (const folder of [output, scratch]) mkdirSync(folder, { recursive: true });
  const log = openSync(task.log, 'a');
  const cpuAtStart = process.cpuUsage();
  const entered = performance.now();
  try {
    const module = (await import(task.module)) as Record<string, TaskFunction | undefined>;
    const run = module[task.export];
    if (run === undefined) throw new Error(`${task.module} exports no ${task.export}`);
    await run({
      inputs: task.inputs,
      output,
      work: scratch,
      params: task.params,
      log: (line) => void writeSync(log, `${line}\n`),
    });
  } catch (error) {
    writeSync(log, `${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
    remove(task.work);
    if (error instanceof XlfsError) throw error;
    throw stepFailed(task.name, 'its task failed', task);
  }
  const left = performance.now();
  const { user, system } = process.cpuUsage(cpuAtStart);
  const layer = captureLayer({ upper: output, ...task.store, sourceDateEpoch: SOURCE_DATE_EPOCH });
  remove(task.work);
  const overheadMs = performance.now() - left + (entered - begun);
  return { layer, seconds: (left - entered) / 1000, cpuSeconds: (user + system) / 1e6, overheadMs };
}

export interface TreeParams {
  readonly tarball: string;
  readonly nested: string | undefined;
  /** Where the tree is to lie: `<trees>/<digest>`. */
  readonly place: string;
  readonly lock: string;
  /** Scratch folder on the same file system. */
  readonly work: string;
}

/** Unpacks a tarball once for all steps that build from it; they see it through overlays and leave it as it is. */
export async function ensureTree({ tarball, nested, place, lock, work }: TreeParams, { signal }: CallContext): Promise<void> {
  if (existsSync(place)) return;
  const held = await waitForLock(lock, 'exclusive', signal);
  try {
    if (existsSync(place)) return;
    mkdirSync(dirname(work), { recursive: true });
    await unpack(tarball, work, { ...(nested === undefined ? {} : { nested }), signal });
    renameSync(work, place);
  } finally {
    remove(work);
    held.release();
  }
}

export interface ShellParams {
  readonly sandbox: SandboxSpec;
  readonly env: Readonly<Record<string, string>>;
  readonly command: readonly string[];
  /** Where a failed run of the step would have left its folder. */
  readonly failed: string;
}

/** A shell in the step's sandbox, on the worker's terminal: in what a failed run left if its inputs are still the same, else in a fresh one. */
export async function runShell({ sandbox, env, command, failed }: ShellParams): Promise<number | null> {
  if (isWorkFolderOf(sandbox, failed)) {
    writeSetup({ ...sandbox, work: failed });
    return enterInteractively(failed, env, command);
  }
  makeWorkFolder(sandbox);
  const status = await enterInteractively(sandbox.work, env, command);
  remove(sandbox.work);
  return status;
}

/** Deletes folders whose files may belong to subordinate ids. */
export function removeFolders(paths: readonly string[]): void {
  for (const path of paths) remove(path);
}

/** Digest of a layer's tree as it is on disk now. */
export function digestTree(root: string): string {
  return manifestDigest(formatManifest(scanTree(root)));
}

function remove(path: string): void {
  rmSync(path, { recursive: true, force: true, maxRetries: 3 });
}

function keepFailed(work: string, place: string): void {
  remove(place);
  renameSync(work, place);
}

function stepFailed(name: string, why: string, { log, hint }: Pick<ScriptParams, 'log' | 'hint'>): XlfsError {
  const { bavail, bsize } = statfsSync(dirname(log));
  const tail = lastLines(log, 20);
  if (bavail * bsize < NO_SPACE_BYTES || /No space left on device|ENOSPC/.test(tail)) {
    return new XlfsError('NO_SPACE', `${name}: no space left on the store's file system\n${tail}`, {
      hint: 'free some space (xlfs store gc), or choose another store with --store DIR; then run the same command again',
    });
  }
  return new XlfsError('STEP_FAILED', `${name}: ${why}\n${tail}`, { hint });
}
