import { spawn, type ChildProcess } from 'node:child_process';
import { XlfsError } from '@xlfs/core';
import { Console } from './console.ts';
import { kvmUsable, qemuArguments, type Accelerator, type DiskMachinePlan, type MachinePlan } from './qemu.ts';

/** A machine that is running. */
export interface Machine {
  readonly accelerator: Accelerator;
  readonly console: Console;
  /** `Date.now()` when QEMU was started. */
  readonly startedAt: number;
  /** Settles when QEMU has ended, with what to say about it. */
  readonly ended: Promise<string>;
  /** Kills QEMU if it still runs, and writes the transcript out. */
  stop(): Promise<void>;
}

export interface StartOptions {
  /** `auto`: KVM where it works, emulation everywhere else. @default 'auto' */
  readonly accelerator?: Accelerator | 'auto';
  /** File that gets everything that the console shows. */
  readonly transcript?: string;
  readonly signal?: AbortSignal;
  /** Multiplies every limit, for machines that are slow or busy. @default 1 */
  readonly patience?: number;
  /** QEMU's program. @default 'qemu-system-x86_64' */
  readonly qemu?: string;
}

type AnyPlan = MachinePlan | DiskMachinePlan;

/** What tells that a machine works: its first program's first words. */
function firstWords(plan: AnyPlan): { pattern: RegExp; what: string } {
  return 'boot' in plan
    ? { pattern: /GNU GRUB/, what: "GRUB's menu" }
    : { pattern: /\(XEN\)|Xen \d+\.\d+/, what: "Xen's first line" };
}

/** How long until the first words, firmware included. Under a loaded emulation it is a few seconds. */
const FIRST_LINE_LIMIT: Readonly<Record<Accelerator, number>> = { kvm: 10_000, tcg: 60_000 };

/**
 * Starts QEMU and waits for Xen's first line, or GRUB's. Where KVM was only a guess and that line does not come, emulation takes over.
 *
 * @throws XlfsError `BOOT_FAILED`, `HOST_REQUIREMENT` when QEMU is not installed, `INTERRUPTED`.
 */
export async function startMachine(plan: AnyPlan, options: StartOptions = {}): Promise<Machine> {
  const { accelerator = 'auto', patience = 1, signal } = options;
  const candidates: Accelerator[] = accelerator !== 'auto' ? [accelerator] : kvmUsable() ? ['kvm', 'tcg'] : ['tcg'];
  for (;;) {
    const candidate = candidates.shift() ?? 'tcg';
    const machine = launch(plan, candidate, options);
    try {
      const { pattern, what } = firstWords(plan);
      await machine.console.waitFor(pattern, { what, limitMs: FIRST_LINE_LIMIT[candidate] * patience }, signal);
      return machine;
    } catch (error) {
      await machine.stop();
      if (candidates.length === 0 || signal?.aborted === true) throw error;
    }
  }
}

/** Runs the machine with the caller's terminal as its console until QEMU ends. */
export async function attachMachine(plan: AnyPlan, options: Omit<StartOptions, 'transcript'> = {}): Promise<number> {
  const accelerator =
    options.accelerator === undefined || options.accelerator === 'auto' ? (kvmUsable() ? 'kvm' : 'tcg') : options.accelerator;
  const child = spawnQemu(plan, accelerator, options, 'inherit');
  const stop = onAbort(child, options.signal);
  try {
    return await new Promise<number>((done, fail) => {
      child.once('error', (cause) => fail(cannotStart(cause)));
      child.once('exit', (code) => done(code ?? 1));
    });
  } finally {
    stop();
  }
}

function launch(plan: AnyPlan, accelerator: Accelerator, options: StartOptions): Machine {
  const child = spawnQemu(plan, accelerator, options, 'pipe');
  const forget = onAbort(child, options.signal);
  let complaint = '';
  child.stderr?.on('data', (chunk: Buffer) => (complaint = (complaint + chunk.toString()).slice(-2000)));
  const ended = new Promise<string>((done) => {
    child.once('error', (error) => done(cannotStart(error).message));
    // `close` and not `exit`: only then has everything arrived that was printed.
    child.once('close', (code, killed) => {
      forget();
      const about = complaint.trim();
      done(`QEMU ended (${killed ?? `exit ${String(code)}`})${about === '' ? '' : `: ${about}`}`);
    });
  });
  if (child.stdin === null || child.stdout === null) throw new Error('QEMU was started without pipes');
  const console = new Console({ stdin: child.stdin, stdout: child.stdout, ended }, options.transcript);
  return {
    accelerator,
    console,
    startedAt: Date.now(),
    ended,
    stop: async () => {
      child.kill('SIGKILL');
      await ended;
      await console.close();
    },
  };
}

/** QEMU dies with this process, however this process dies: the kernel sends it the signal. */
function spawnQemu(plan: AnyPlan, accelerator: Accelerator, options: StartOptions, stdio: 'pipe' | 'inherit'): ChildProcess {
  const { qemu = 'qemu-system-x86_64' } = options;
  return spawn('setpriv', ['--pdeathsig', 'KILL', '--', qemu, ...qemuArguments(plan, accelerator)], { stdio });
}

function onAbort(child: ChildProcess, signal: AbortSignal | undefined): () => void {
  const kill = (): void => void child.kill('SIGKILL');
  if (signal?.aborted === true) kill();
  signal?.addEventListener('abort', kill, { once: true });
  return () => signal?.removeEventListener('abort', kill);
}

function cannotStart(cause: Error): XlfsError {
  return new XlfsError('HOST_REQUIREMENT', `QEMU cannot be started: ${cause.message}`, {
    cause,
    hint: 'install qemu-system-x86 and util-linux (`xlfs doctor` names what is missing)',
  });
}
