import type { ChildProcess } from 'node:child_process';
import { XlfsError } from '@xlfs/core';
import { interrupted, signalOfWork } from '../store/interrupt.ts';

/** Debian package of each host program, for the hint of an error. */
const PACKAGES: Readonly<Record<string, string>> = {
  getfattr: 'attr',
  setfattr: 'attr',
  find: 'findutils',
  tar: 'tar',
  zstd: 'zstd',
  xz: 'xz-utils',
  gzip: 'gzip',
  lz4: 'lz4',
  debugfs: 'e2fsprogs',
  e2fsck: 'e2fsprogs',
  gensquashfs: 'squashfs-tools-ng',
  tar2sqfs: 'squashfs-tools-ng',
  'mkfs.erofs': 'erofs-utils',
  veritysetup: 'cryptsetup-bin',
  'qemu-img': 'qemu-utils',
  bzip2: 'bzip2',
};

export interface Finished {
  readonly program: string;
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: Buffer;
  readonly stderr: string;
}

/**
 * Wait for a child and gather its output; `stdout: false` leaves its output to somebody else.
 * @throws HOST_REQUIREMENT when the program is not there; INTERRUPTED, when it has ended.
 */
export function collect(child: ChildProcess, program: string, options: { readonly stdout?: boolean } = {}): Promise<Finished> {
  const out: Buffer[] = [];
  const err: Buffer[] = [];
  if (options.stdout !== false) child.stdout?.on('data', (chunk: Buffer) => out.push(chunk));
  child.stderr?.on('data', (chunk: Buffer) => err.push(chunk));
  const stop = signalOfWork();
  const kill = (): void => void child.kill('SIGKILL');
  if (stop?.aborted === true) kill();
  stop?.addEventListener('abort', kill, { once: true });
  return new Promise((resolve, reject) => {
    child.once('error', (error) => reject(missing(program, error)));
    child.once('close', (code, signal) => {
      stop?.removeEventListener('abort', kill);
      if (stop?.aborted === true) return reject(interrupted());
      resolve({ program, code, signal, stdout: Buffer.concat(out), stderr: Buffer.concat(err).toString('utf8') });
    });
  });
}

/** @throws ASSEMBLY_FAILED with the program's last words, unless it ended well. */
export function requireSuccess(done: Finished): Finished {
  if (done.code === 0) return done;
  const how = done.signal === null ? `exit code ${String(done.code)}` : `signal ${done.signal}`;
  throw new XlfsError(
    'ASSEMBLY_FAILED',
    `${done.program} failed (${how}): ${done.stderr.trim().split('\n').slice(-5).join('; ') || 'it said nothing'}`,
  );
}

function missing(program: string, error: Error): Error {
  if ((error as NodeJS.ErrnoException).code !== 'ENOENT') return error;
  return new XlfsError('HOST_REQUIREMENT', `${program} is not installed`, {
    hint: `Install the Debian package ${PACKAGES[program] ?? program}.`,
    cause: error,
  });
}
