import { mkdirSync } from 'node:fs';
import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { defaultStoreDir, waitForLock, XlfsError, type FileLock } from '@xlfs/core';
import type { z } from 'zod';
import { writeAtomic } from './atomic.ts';
import { signalOfWork } from './interrupt.ts';

/** Folders of what this machine knows about root filesystems. Snapshots and forks are found by name, everything else by digest. */
export interface RootfsStore {
  readonly root: string;
  /** `<name>.json`: which manifest a snapshot is. */
  readonly snapshots: string;
  /** `<digest>.zst`: what is in a snapshot. */
  readonly manifests: string;
  /** `<id>.zst`: contents of files. */
  readonly packs: string;
  /** What a tree looked like when it was last listed: only there to save time. */
  readonly cache: string;
  /** `<name>/`: disks of a fork and its record. */
  readonly forks: string;
  /** Disk images made of snapshots, to fork from. */
  readonly bases: string;
  /** Fetched archives of container files. */
  readonly downloads: string;
}

const FOLDERS = ['snapshots', 'manifests', 'packs', 'cache', 'forks', 'bases', 'downloads'] as const;

/** `$XLFS_STORE/rootfs`, or `rootfs` in the user's own store; made when it is not there. */
export function openRootfsStore(folder: string = join(defaultStoreDir(), 'rootfs')): RootfsStore {
  const root = resolve(folder);
  const paths = Object.fromEntries(FOLDERS.map((name) => [name, join(root, name)])) as Record<(typeof FOLDERS)[number], string>;
  try {
    for (const path of Object.values(paths)) mkdirSync(path, { recursive: true });
  } catch (cause) {
    throw new XlfsError('STORE_UNUSABLE', `the store ${root} cannot be made`, {
      hint: 'Name another folder with --store or XLFS_STORE.',
      cause,
    });
  }
  return { root, ...paths };
}

/** Names of snapshots and forks. @throws USAGE for one that would not be a safe file name. */
export function checkName(name: string, what: string): string {
  if (/^[A-Za-z0-9][A-Za-z0-9+._-]{0,127}$/.test(name) && !name.includes('.tmp-')) return name;
  throw new XlfsError('USAGE', `${JSON.stringify(name)} cannot be the name of a ${what}`, {
    hint: 'Use letters, digits and + . _ -, starting with a letter or digit.',
  });
}

/**
 * Work that adds to the store holds this shared, `gc` holds it alone: nothing is collected that is about to be referred to. A shared lock
 * costs a process to take (Node has no flock), so one that was just released is used again.
 */
export async function lockStore(store: RootfsStore, mode: 'shared' | 'exclusive'): Promise<FileLock> {
  const path = join(store.root, 'lock');
  const held = sharedLocks.get(path);
  if (mode === 'exclusive') {
    if (held?.users === 0) letGo(path, held);
    return await waitForLock(path, mode, signalOfWork());
  }
  const shared: SharedLock = held ?? { lock: waitForLock(path, mode), users: 0, timer: undefined };
  sharedLocks.set(path, shared);
  shared.users++;
  clearTimeout(shared.timer);
  try {
    await shared.lock;
  } catch (error) {
    sharedLocks.delete(path);
    throw error;
  }
  return {
    release: () => {
      if (--shared.users === 0) shared.timer = setTimeout(() => letGo(path, shared), IDLE).unref();
    },
  };
}

interface SharedLock {
  readonly lock: Promise<FileLock>;
  users: number;
  timer: NodeJS.Timeout | undefined;
}

/** Milliseconds that a shared lock is kept for the next one. */
const IDLE = 100;
const sharedLocks = new Map<string, SharedLock>();

function letGo(path: string, shared: SharedLock): void {
  if (shared.users > 0) return;
  clearTimeout(shared.timer);
  if (sharedLocks.get(path) === shared) sharedLocks.delete(path);
  void shared.lock.then((lock) => lock.release());
}

export async function writeJson(path: string, value: unknown, options: { exclusive?: boolean } = {}): Promise<void> {
  await writeAtomic(path, (temporary) => writeFile(temporary, `${JSON.stringify(value, null, 1)}\n`, { flag: 'wx' }), options);
}

/** A record of the store; undefined when there is none. @throws STORE_CORRUPT when it is not what it should be. */
export async function readJson<T>(path: string, schema: z.ZodType<T>): Promise<T | undefined> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
  try {
    return schema.parse(JSON.parse(text));
  } catch (cause) {
    throw new XlfsError('STORE_CORRUPT', `${path} is damaged`, { hint: 'Remove it, and make what it stood for again.', cause });
  }
}

/** Names of the records in a folder. */
export async function listRecords(folder: string): Promise<string[]> {
  const names = await readdir(folder);
  return names
    .filter((name) => name.endsWith('.json') && !name.includes('.tmp-'))
    .map((name) => name.slice(0, -5))
    .sort();
}

/** Remove what a killed process left behind. Only under the exclusive lock: nobody is writing then. */
export async function sweep(store: RootfsStore): Promise<string[]> {
  const removed: string[] = [];
  for (const folder of FOLDERS) {
    for (const name of await readdir(store[folder])) {
      if (!name.includes('.tmp-')) continue;
      removed.push(join(store[folder], name));
      await rm(join(store[folder], name), { recursive: true, force: true });
    }
  }
  return removed;
}
