import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { parentPort, workerData } from 'node:worker_threads';

import type { ShellAnswer, ShellThreadData } from './shell-prober.ts';

interface Request {
  readonly id: number;
  readonly command: string;
}

const { cwd, environment, parallel, answers, counter } = workerData as ShellThreadData;
const posted = new Int32Array(counter);
/** Ends the output of a command; no command can know it. */
const mark = `\0${randomBytes(12).toString('hex')}\n`;
const queue: Request[] = [];
const idle: Shell[] = [];
let shells = 0;

/** One `sh` that runs commands one after the other, each in a subshell of its own with nothing to read. */
class Shell {
  private readonly process: ChildProcessWithoutNullStreams;
  private request: Request | undefined;
  private output = '';

  constructor() {
    this.process = spawn('/bin/sh', ['-s'], {
      cwd,
      env: environment,
      stdio: ['pipe', 'pipe', 'inherit'],
    }) as unknown as ChildProcessWithoutNullStreams;
    this.process.stdout.setEncoding('latin1');
    this.process.stdout.on('data', (text: string) => this.receive(text));
    this.process.on('error', (error) => this.fail(error.message));
    this.process.on('exit', () => this.fail('the shell ended'));
    this.process.stdin.on('error', () => undefined);
  }

  run(request: Request): void {
    this.request = request;
    const quoted = `'${request.command.replaceAll("'", `'\\''`)}'`;
    this.process.stdin.write(Buffer.from(`(eval ${quoted}) </dev/null\nprintf '\\0%s\\n' ${mark.slice(1, -1)}\n`, 'latin1'));
  }

  private receive(text: string): void {
    this.output += text;
    if (!this.output.endsWith(mark) || this.request === undefined) return;
    const { id } = this.request;
    const output = this.output.slice(0, -mark.length);
    this.request = undefined;
    this.output = '';
    post({ id, output });
    const next = queue.shift();
    if (next === undefined) idle.push(this);
    else this.run(next);
  }

  private fail(failure: string): void {
    shells--;
    const at = idle.indexOf(this);
    if (at >= 0) idle.splice(at, 1);
    if (this.request !== undefined) post({ id: this.request.id, output: undefined, failure });
    this.request = undefined;
  }
}

function post(answer: ShellAnswer): void {
  answers.postMessage(answer);
  Atomics.add(posted, 0, 1);
  Atomics.notify(posted, 0);
}

parentPort!.on('message', (request: Request) => {
  const shell = idle.pop();
  if (shell !== undefined) shell.run(request);
  else if (shells < parallel) {
    shells++;
    new Shell().run(request);
  } else queue.push(request);
});
