import { availableParallelism } from 'node:os';
import { MessageChannel, receiveMessageOnPort, Worker, type MessagePort } from 'node:worker_threads';

import { KernelConfigError } from '../errors.ts';
import { asAnswer, type Prober } from './prober.ts';

export interface ShellProberOptions {
  /** Where commands run. @default the working directory */
  readonly cwd?: string;
  /** @default the environment of this process */
  readonly environment?: Readonly<Record<string, string | undefined>>;
  /** How many commands may run at once. @default the number of processors */
  readonly parallel?: number;
  /** Longest time in ms to wait for one answer. @default 120000 */
  readonly timeout?: number;
}

/** What the thread that holds the shells is started with. */
export interface ShellThreadData {
  readonly cwd: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly parallel: number;
  readonly answers: MessagePort;
  /** One number: how many answers have been posted. */
  readonly counter: SharedArrayBuffer;
}

export interface ShellAnswer {
  readonly id: number;
  /** Standard output as Latin-1; undefined if no shell could be run. */
  readonly output: string | undefined;
  readonly failure?: string;
}

/**
 * Runs commands for real, several at once, in shells that live in a thread of their own, so that parsing and probing
 * overlap. The same command is run once.
 */
export function shellProber(options: ShellProberOptions = {}): Prober {
  const { timeout = 120_000, parallel = Math.max(2, availableParallelism()) } = options;
  const ids = new Map<string, number>();
  const commands: string[] = [];
  const answers = new Map<number, string>();
  let running: { worker: Worker; port: MessagePort; counter: Int32Array } | undefined;

  function start(): NonNullable<typeof running> {
    if (running !== undefined) return running;
    const { port1, port2 } = new MessageChannel();
    const counter = new SharedArrayBuffer(4);
    const environment = Object.fromEntries(
      Object.entries(options.environment ?? process.env).filter((entry): entry is [string, string] => entry[1] !== undefined),
    );
    const workerData: ShellThreadData = { cwd: options.cwd ?? process.cwd(), environment, parallel, answers: port2, counter };
    const worker = new Worker(threadUrl(), { workerData, transferList: [port2], stdout: false, stderr: false });
    worker.unref();
    running = { worker, port: port1, counter: new Int32Array(counter) };
    return running;
  }

  /** Takes what has arrived; true if the answer to `id` has. */
  function receive(id: number): boolean {
    for (;;) {
      const message = receiveMessageOnPort(running!.port) as { message: ShellAnswer } | undefined;
      if (message === undefined) return answers.has(id);
      const { output, failure } = message.message;
      if (output === undefined) throw new KernelConfigError('PROBE_FAILED', `cannot run a shell: ${failure}`);
      answers.set(message.message.id, asAnswer(output));
    }
  }

  return {
    start(command) {
      const known = ids.get(command);
      if (known !== undefined) return answers.get(known) ?? known;
      const id = commands.push(command) - 1;
      ids.set(command, id);
      start().worker.postMessage({ id, command });
      return id;
    },
    wait(id) {
      const deadline = Date.now() + timeout;
      const { counter } = start();
      for (;;) {
        const seen = Atomics.load(counter, 0);
        if (receive(id)) return answers.get(id)!;
        if (Atomics.wait(counter, 0, seen, Math.max(0, deadline - Date.now())) === 'timed-out') {
          throw new KernelConfigError('PROBE_FAILED', `no answer within ${timeout / 1000} s to: ${commands[id]}`, {
            hint: 'Run the command by hand to see what it waits for.',
          });
        }
      }
    },
    close() {
      running?.port.close();
      void running?.worker.terminate();
      running = undefined;
      ids.clear();
      answers.clear();
      commands.length = 0;
    },
  };
}

function threadUrl(): URL {
  return new URL(import.meta.url.endsWith('.ts') ? './shell-thread.ts' : './shell-thread.js', import.meta.url);
}
