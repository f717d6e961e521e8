import { spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';

export interface EnterOptions {
  /** A folder laid out by `makeWorkFolder`. */
  readonly work: string;
  readonly env: Readonly<Record<string, string>>;
  /** File that gets what the script prints; it is appended to. */
  readonly log: string;
  readonly onPhase: (name: string) => void;
  readonly signal: AbortSignal;
}

export interface SandboxExit {
  readonly status: number | null;
  /** User and system seconds of everything that ran inside. */
  readonly cpuSeconds: number;
}

/** Namespaces of a step beside the worker's user namespace; PID 1 inside dies with the outer process, and all others with it. */
const UNSHARE = [
  '--pdeathsig',
  'KILL',
  'unshare',
  '--mount',
  '--propagation',
  'private',
  '--pid',
  '--fork',
  '--kill-child',
  '--net',
  '--ipc',
  '--uts',
];

/** Runs a prepared step to its end. Has to run as namespace root. */
export async function enterSandbox({ work, env, log, onPhase, signal }: EnterOptions): Promise<SandboxExit> {
  const output = openSync(log, 'a');
  let cpuSeconds = 0;
  try {
    const child = spawn('setpriv', [...UNSHARE, 'sh', join(work, 'setup.sh'), 'sh', '/files/.xlfs/run'], {
      cwd: work,
      env,
      stdio: ['ignore', output, output, 'pipe'],
    });
    const kill = (): void => void child.kill('SIGKILL');
    signal.addEventListener('abort', kill, { once: true });
    if (signal.aborted) kill();
    const messages = createInterface({ input: child.stdio[3] as Readable });
    messages.on('line', (line) => {
      if (line.startsWith('phase ')) onPhase(line.slice('phase '.length));
      // `times` prints the shell's own times, then its children's: the last line counts.
      else cpuSeconds = parseTimes(line) ?? cpuSeconds;
    });
    const status = await new Promise<number | null>((done, fail) => {
      child.once('error', fail);
      child.once('close', done);
    });
    signal.removeEventListener('abort', kill);
    return { status, cpuSeconds };
  } finally {
    closeSync(output);
  }
}

/** The same sandbox with a shell on the caller's terminal instead of the script. */
export function enterInteractively(
  work: string,
  env: Readonly<Record<string, string>>,
  command: readonly string[],
): Promise<number | null> {
  const child = spawn('setpriv', [...UNSHARE, 'sh', join(work, 'setup.sh'), ...command], { cwd: work, env, stdio: 'inherit' });
  return new Promise((done, fail) => {
    child.once('error', fail);
    child.once('exit', done);
  });
}

/** `0m12.34s 0m1.20s` → 13.54 */
function parseTimes(line: string): number | undefined {
  const match = /^(\d+)m([\d.]+)s (\d+)m([\d.]+)s$/.exec(line);
  if (match === null) return undefined;
  const [, userMinutes, userSeconds, systemMinutes, systemSeconds] = match.map(Number);
  return (userMinutes ?? 0) * 60 + (userSeconds ?? 0) + (systemMinutes ?? 0) * 60 + (systemSeconds ?? 0);
}
