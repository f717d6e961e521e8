import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { access, appendFile, constants, mkdir, readFile, readdir, rename, statfs } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { z } from 'zod';
import { XlfsError } from '../errors.ts';
import { layerState, manifestPath, SETTLED_MANIFEST, unsettledManifestName } from '../layer/layer-state.ts';
import { parseManifest, type LayerEntry } from '../layer/manifest.ts';
import type { Measurement } from '../plan/estimate.ts';
import { writeFileAtomic } from './atomic.ts';
import { tryLock, waitForLock, type FileLock } from './file-lock.ts';
import { storePaths, type StorePaths } from './paths.ts';

const STORE_SCHEMA = 1;

const actionSchema = z.object({
  key: z.string(),
  step: z.string(),
  version: z.string(),
  layer: z.string().regex(/^[0-9a-f]{64}$/),
  inputs: z.array(z.object({ step: z.string(), layer: z.string() })),
  sources: z.array(z.object({ name: z.string(), version: z.string(), sha256: z.string() })),
  seconds: z.number(),
  cpuSeconds: z.number(),
  files: z.number(),
  bytes: z.number(),
  /** What came of the tests, where the step runs some: a fact, also when it is no success. */
  tests: z.object({ status: z.number(), passed: z.number(), failed: z.array(z.string()) }).optional(),
  /** ISO time at which the step began. */
  started: z.string(),
});

/** The record of one finished step: under its key, which layer it made and from what. */
export type Action = z.output<typeof actionSchema>;

const measurementSchema = z.strictObject({
  recipe: z.string(),
  weight: z.number().optional(),
  seconds: z.number(),
  cpuSeconds: z.number(),
});

/** Sources, layers, the action cache, logs and run records below one folder; safe to share between processes. */
export interface Store {
  readonly paths: StorePaths;
  /** The action under a key, when its layer is there too. */
  findAction(key: string): Promise<Action | undefined>;
  /** Notes that a step is being run under a key, so that its log can be found by name, also when it fails. */
  noteRun(step: string, key: string): Promise<void>;
  /** Key of a step's newest run. */
  newestKey(step: string): Promise<string | undefined>;
  allActions(): Promise<Action[]>;
  putAction(action: Action): Promise<void>;
  hasLayer(digest: string): boolean;
  layerRoot(digest: string): string;
  /** @throws XlfsError `STORE_CORRUPT` when there is no such layer. */
  readManifest(digest: string): Promise<LayerEntry[]>;
  logPath(key: string): string;
  /** Where the build folder of the step under a key is kept for its tests. */
  buildFolder(key: string): string;
  hasBuild(key: string): boolean;
  history(): Promise<Measurement[]>;
  addMeasurement(measurement: Measurement): Promise<void>;
  /** Held by whoever builds `key`; undefined when another process does. */
  tryLockKey(key: string): FileLock | undefined;
  waitForKey(key: string, signal?: AbortSignal): Promise<FileLock>;
  /** Shared by builders, exclusive to GC. */
  lockShared(signal?: AbortSignal): Promise<FileLock>;
  /** Has every layer used in this session written to disk, for good. */
  settle(): Promise<void>;
  freeBytes(): Promise<number>;
}

/**
 * Opens a store, making it when the folder is empty or absent.
 *
 * @throws XlfsError `STORE_UNUSABLE` when the folder cannot be written or holds a newer schema.
 */
export async function openStore(dir: string): Promise<Store> {
  const paths = storePaths(dir);
  try {
    await Promise.all(Object.values(paths).map((path: string) => mkdir(path, { recursive: true })));
    await access(paths.root, constants.W_OK);
  } catch (cause) {
    throw new XlfsError('STORE_UNUSABLE', `the store ${paths.root} cannot be written: ${(cause as Error).message}`, {
      hint: 'choose another folder with --store DIR or XLFS_STORE',
      cause,
    });
  }
  await checkSchema(paths);
  return makeStore(paths);
}

async function checkSchema(paths: StorePaths): Promise<void> {
  const path = join(paths.root, 'schema');
  const found = await readFile(path, 'utf8').catch(() => undefined);
  if (found === undefined) return writeFileAtomic(path, `${String(STORE_SCHEMA)}\n`);
  if (Number(found) !== STORE_SCHEMA) {
    throw new XlfsError(
      'STORE_UNUSABLE',
      `the store ${paths.root} has schema ${found.trim()}, this xlfs reads ${String(STORE_SCHEMA)}`,
      {
        hint: 'use the xlfs that made it, or another folder with --store DIR',
      },
    );
  }
}

function makeStore(paths: StorePaths): Store {
  const unsettled = new Set<string>();
  const place = (digest: string): string => join(paths.layers, digest);
  const lockPath = (key: string): string => join(paths.locks, key);
  const historyPath = join(paths.runs, 'history.jsonl');

  const hasLayer = (digest: string): boolean => {
    const state = layerState(place(digest));
    if (state === 'unsettled') unsettled.add(digest);
    return state !== 'absent';
  };

  const readAction = async (file: string): Promise<Action | undefined> => {
    const text = await readFile(join(paths.actions, file), 'utf8').catch(() => undefined);
    if (text === undefined) return undefined;
    // A record that does not parse is no record: the step is built again and the file replaced.
    const parsed = actionSchema.safeParse(tryJson(text));
    return parsed.success && hasLayer(parsed.data.layer) ? parsed.data : undefined;
  };

  const allActions = async (): Promise<Action[]> => {
    const files = (await readdir(paths.actions)).filter((file) => file.endsWith('.json'));
    const actions = await Promise.all(files.map(readAction));
    return actions.filter((action) => action !== undefined).sort((a, b) => (a.started < b.started ? -1 : 1));
  };

  return {
    paths,
    findAction: (key) => readAction(`${key}.json`),
    noteRun: (step, key) => writeFileAtomic(join(paths.logs, `${step}.newest`), `${key}\n`, { durable: false }),
    newestKey: async (step) => (await readFile(join(paths.logs, `${step}.newest`), 'utf8').catch(() => undefined))?.trim(),
    allActions,
    // After a power cut a record may be empty: then it is none, and the step is run again.
    putAction: (action) =>
      writeFileAtomic(join(paths.actions, `${action.key}.json`), `${JSON.stringify(action, null, 1)}\n`, { durable: false }),
    hasLayer,
    layerRoot: (digest) => join(place(digest), 'root'),
    readManifest: async (digest) => {
      const path = manifestPath(place(digest));
      if (path === undefined) {
        throw new XlfsError('STORE_CORRUPT', `layer ${digest} is not in the store`, {
          hint: 'run xlfs store verify, then build again',
        });
      }
      return parseManifest(await readFile(path, 'utf8'));
    },
    logPath: (key) => join(paths.logs, `${key}.log`),
    buildFolder: (key) => join(paths.built, key),
    hasBuild: (key) => existsSync(join(paths.built, key)),
    history: async () => {
      const text = await readFile(historyPath, 'utf8').catch(() => '');
      return text.split('\n').flatMap((line) => {
        const parsed = measurementSchema.safeParse(tryJson(line));
        return parsed.success ? [parsed.data] : [];
      });
    },
    // One short write in append mode: lines of several processes do not mix.
    addMeasurement: (measurement) => appendFile(historyPath, `${JSON.stringify(measurement)}\n`),
    tryLockKey: (key) => tryLock(lockPath(key)),
    waitForKey: (key, signal) => waitForLock(lockPath(key), 'exclusive', signal),
    lockShared: (signal) => waitForLock(lockPath('store'), 'shared', signal),
    settle: async () => {
      if (unsettled.size === 0) return;
      await promisify(execFile)('sync', ['-f', paths.layers]);
      for (const digest of unsettled) {
        await rename(join(place(digest), unsettledManifestName()), join(place(digest), SETTLED_MANIFEST)).catch(ignoreMissing);
      }
      unsettled.clear();
    },
    freeBytes: async () => {
      const { bavail, bsize } = await statfs(paths.root);
      return bavail * bsize;
    },
  };
}

/** Another process settled it first. */
function ignoreMissing(error: NodeJS.ErrnoException): void {
  if (error.code !== 'ENOENT') throw error;
}

function tryJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
