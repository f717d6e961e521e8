import { spawn } from 'node:child_process';
import { mkdir, readdir, rename, rm, rmdir } from 'node:fs/promises';
import { XlfsError } from '@xlfs/core';
import { tarPieces } from '../image/tar.ts';
import { temporaryBeside } from '../store/atomic.ts';
import { feed } from './batch.ts';
import type { Entry } from './entry.ts';
import { collect, requireSuccess } from './process.ts';

export interface MaterialiseOptions {
  /** Make device nodes, which needs real root. Without, they are left out: an archive from elsewhere must not bring any. @default false */
  readonly devices?: boolean;
  /** Give files to their owners: needs root, or a user namespace with subordinate ids. @default whether we are root */
  readonly owners?: boolean;
}

export interface Materialised {
  readonly folder: string;
  readonly entries: number;
  /** Paths that were left out: device nodes, sockets. */
  readonly skipped: readonly string[];
}

/**
 * Write a tree to a new folder, with owners, modes, times to the nanosecond, attributes, hard links and holes. GNU tar does the writing;
 * the archive it reads is ours, from a tree whose paths have been checked. The folder appears whole.
 * @throws USAGE when the folder exists and is not empty.
 */
export async function materialise(
  entries: Iterable<Entry>,
  folder: string,
  options: MaterialiseOptions = {},
): Promise<Materialised> {
  const { devices = false, owners = process.getuid?.() === 0 } = options;
  await refuseFull(folder);
  const skipped: string[] = [];
  const kept = [...entries].filter(({ type, path }) => {
    const keep = type !== 'socket' && (devices || (type !== 'char' && type !== 'block'));
    if (!keep) skipped.push(path);
    return keep;
  });
  const staging = temporaryBeside(folder.replace(/\/+$/, ''));
  await mkdir(staging, { mode: 0o700 });
  try {
    await extract(kept, staging, owners);
    await rmdir(folder).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'ENOENT') throw error;
    });
    await rename(staging, folder);
  } catch (error) {
    await rm(staging, { recursive: true, force: true });
    throw error;
  }
  return { folder, entries: kept.length, skipped };
}

async function extract(entries: readonly Entry[], folder: string, owners: boolean): Promise<void> {
  const args = [
    '-x',
    '-f',
    '-',
    '-p',
    '--numeric-owner',
    '--delay-directory-restore',
    '--xattrs',
    '--xattrs-include=*',
    '-C',
    folder,
  ];
  const child = spawn('tar', [...args, owners ? '--same-owner' : '--no-same-owner'], {
    stdio: ['pipe', 'ignore', 'pipe'],
    env: { ...process.env, LC_ALL: 'C' },
  });
  const [ended, fed] = await Promise.allSettled([collect(child, 'tar'), feed(tarPieces(entries), child.stdin)]);
  if (fed.status === 'rejected' && (fed.reason as NodeJS.ErrnoException).code !== 'EPIPE') throw fed.reason;
  if (ended.status === 'rejected') throw ended.reason;
  requireSuccess(ended.value);
}

async function refuseFull(folder: string): Promise<void> {
  const names = await readdir(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return [];
    throw new XlfsError('USAGE', `${folder} is not a folder`, { cause: error });
  });
  if (names.length > 0)
    throw new XlfsError('USAGE', `${folder} is not empty`, { hint: 'Name a folder that does not exist yet.' });
}
