import { spawn, spawnSync } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { XlfsError } from '../errors.ts';

/** A held lock. The kernel drops it when this process ends, however it ends. */
export interface FileLock {
  release(): void;
}

export type LockMode = 'shared' | 'exclusive';

/**
 * Takes a flock(2) on a file, or returns undefined when somebody else holds it.
 *
 * Node has no flock, but the lock belongs to the open file description: util-linux's `flock` takes it on the descriptor that it inherits,
 * exits, and the description stays locked for as long as ours is open. Node opens files close-on-exec, so no build process keeps it.
 */
export function tryLock(path: string, mode: LockMode = 'exclusive'): FileLock | undefined {
  const fd = openSync(path, 'a+', 0o644);
  const result = spawnSync('flock', [mode === 'shared' ? '-s' : '-x', '-n', '3'], { stdio: ['ignore', 'ignore', 'ignore', fd] });
  if (result.status === 0) return { release: () => closeSync(fd) };
  closeSync(fd);
  if (result.status === 1) return undefined;
  throw flockMissing(result.error);
}

/** Waits for a flock(2). Aborting stops the wait. */
export async function waitForLock(path: string, mode: LockMode = 'exclusive', signal?: AbortSignal): Promise<FileLock> {
  const fd = openSync(path, 'a+', 0o644);
  const child = spawn('flock', [mode === 'shared' ? '-s' : '-x', '3'], { stdio: ['ignore', 'ignore', 'ignore', fd] });
  const onAbort = (): void => void child.kill('SIGKILL');
  signal?.addEventListener('abort', onAbort, { once: true });
  try {
    const status = await new Promise<number | null>((done, fail) => {
      child.once('error', (error) => fail(flockMissing(error)));
      child.once('exit', done);
    });
    if (status === 0) return { release: () => closeSync(fd) };
    throw signal?.aborted
      ? new XlfsError('INTERRUPTED', `interrupted while waiting for ${path}`)
      : new XlfsError('STORE_UNUSABLE', `cannot lock ${path}`, { hint: 'does the file system support flock?' });
  } catch (error) {
    closeSync(fd);
    throw error;
  } finally {
    signal?.removeEventListener('abort', onAbort);
  }
}

function flockMissing(cause: unknown): XlfsError {
  return new XlfsError('HOST_REQUIREMENT', 'the program flock is missing', { hint: 'install the package util-linux', cause });
}
