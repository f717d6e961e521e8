import { execFile } from 'node:child_process';
import { closeSync, constants, openSync, readSync, writeSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';

/** How often a waiting step looks for a free token. make's own processes wait in read(2) and are served first. */
const POLL_MS = 20;

/**
 * A GNU make jobserver: a FIFO with one byte a token, shared by all makes of all running steps and by the scheduler.
 * Each running step holds one token for the job that its make runs without asking, so that all jobs together never exceed `slots`.
 * Source: GNU make manual, «POSIX Jobserver Interaction».
 */
export interface Jobserver {
  readonly path: string;
  acquire(signal: AbortSignal): Promise<void>;
  release(): void;
  /** Puts the full number of tokens back: makes that were killed took theirs along. Only while no step is running. */
  reset(): void;
  close(): void;
}

export async function openJobserver(path: string, slots: number): Promise<Jobserver> {
  await promisify(execFile)('mkfifo', ['-m', '600', path]);
  // Read-write, so that the FIFO never has zero readers or writers while we live.
  const fd = openSync(path, constants.O_RDWR | constants.O_NONBLOCK);
  const token = Buffer.from('+');
  const take = (): boolean => {
    try {
      return readSync(fd, Buffer.alloc(1), 0, 1, null) === 1;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'EAGAIN') return false;
      throw error;
    }
  };
  const put = (): void => void writeSync(fd, token);
  const fill = (): void => {
    for (let i = 0; i < slots; i++) put();
  };
  fill();
  return {
    path,
    acquire: async (signal) => {
      while (!take()) await sleep(POLL_MS, undefined, { signal });
    },
    release: put,
    reset: () => {
      while (take());
      fill();
    },
    close: () => closeSync(fd),
  };
}
