import { createWriteStream, type WriteStream } from 'node:fs';
import { finished } from 'node:stream/promises';
import { StringDecoder } from 'node:string_decoder';
import { stripVTControlCharacters } from 'node:util';
import { XlfsError } from '@xlfs/core';

/** Where a console's text comes from and where its input goes: a child process fits. */
export interface ConsoleLine {
  readonly stdin: NodeJS.WritableStream;
  readonly stdout: NodeJS.ReadableStream;
  /** Settles when the line is dead, with why: `QEMU ended (exit 1)`. */
  readonly ended: Promise<string>;
}

export interface WaitOptions {
  /** What is waited for, in words, for the error message. */
  readonly what: string;
  readonly limitMs: number;
}

/** What {@link Console.run} brings back. */
export interface CommandResult {
  /** Exit status. */
  readonly status: number;
  /** What the command printed, without its echo and without messages of Xen. */
  readonly output: string;
}

/** How much text is kept for matching and for error messages. */
const KEPT = 1 << 18;

/** An escape with parameters, as far as it has come. */
const UNFINISHED_SEQUENCE = /\x1b(?:\[[0-9;?]*)?$/;

/** How much is typed at once; half of what Xen keeps. */
const PIECE = 64;

/** How long a piece's echo is waited for. */
const ECHO_LIMIT_MS = 3000;

/**
 * A serial console as expect(1) sees one: text comes in, `waitFor` finds the next match, `send` types.
 * What was matched is used up: the next wait starts behind it.
 */
export class Console {
  readonly #line: ConsoleLine;
  readonly #transcript: WriteStream | undefined;
  readonly #decoder = new StringDecoder('utf8');
  readonly #waiters = new Set<() => void>();
  #text = '';
  /** Characters that have come so far. */
  #received = 0;
  #ended: string | undefined;
  #commands = 0;

  constructor(line: ConsoleLine, transcript?: string) {
    this.#line = line;
    this.#transcript = transcript === undefined ? undefined : createWriteStream(transcript);
    line.stdout.on('data', (chunk: Buffer) => this.#receive(chunk));
    // Typing at a machine that has just gone is not an error of its own: the wait that follows tells.
    line.stdin.on('error', () => undefined);
    void line.ended.then((why) => {
      this.#ended = why;
      this.#wake();
    });
  }

  /**
   * @returns the first match in the text that came since the last match.
   * @throws XlfsError `BOOT_FAILED` when the limit passes or the line dies first, with the console's last lines; `INTERRUPTED`.
   */
  async waitFor(pattern: RegExp, { what, limitMs }: WaitOptions, signal?: AbortSignal): Promise<RegExpExecArray> {
    const started = Date.now();
    for (;;) {
      if (signal?.aborted === true) throw new XlfsError('INTERRUPTED', `interrupted while waiting for ${what}`);
      const match = pattern.exec(this.#text);
      if (match !== null) {
        this.#text = this.#text.slice(match.index + match[0].length);
        return match;
      }
      const left = started + limitMs - Date.now();
      if (this.#ended !== undefined) throw this.#failure(`${this.#ended} before ${what}`);
      if (left <= 0) throw this.#failure(`no ${what} within ${String(limitMs / 1000)} s`);
      await this.#more(left, signal);
    }
  }

  /**
   * Types text as it is. Xen keeps no more than 128 characters that dom0 has not read yet, and drops the rest: so a long text goes out in
   * pieces, each after the echo of the one before, or after a while where nothing is echoed.
   */
  async type(text: string): Promise<void> {
    for (let at = 0; at < text.length; at += PIECE) {
      const piece = text.slice(at, at + PIECE);
      const echoed = this.#received + piece.length;
      this.#line.stdin.write(piece);
      const until = Date.now() + ECHO_LIMIT_MS;
      while (at + PIECE < text.length && this.#received < echoed && this.#ended === undefined && Date.now() < until)
        await this.#more(until - Date.now());
    }
  }

  /** Runs one command line in the shell at the other end and waits for its exit status. */
  async run(command: string, options: WaitOptions, signal?: AbortSignal): Promise<CommandResult> {
    const mark = `xlfs-${String(++this.#commands)}`;
    // The quotes keep the echo of what is typed from matching what it prints.
    await this.type(`echo ''${mark}-begin; ${command}; echo ''${mark}-end-$?\n`);
    await this.waitFor(new RegExp(`^${mark}-begin\\n`, 'm'), options, signal);
    const match = await this.waitFor(new RegExp(`([^]*?)${mark}-end-(\\d+)\\n`), options, signal);
    return { status: Number(match[2]), output: withoutNoise(match[1] ?? '') };
  }

  /** The last lines that were printed, whether matched or not. */
  lastLines(count = 20): string[] {
    return this.#history
      .split('\n')
      .map((line) => line.trimEnd())
      .filter((line) => line !== '')
      .slice(-count);
  }

  /** Writes the transcript out. */
  async close(): Promise<void> {
    if (this.#transcript === undefined) return;
    this.#transcript.end();
    await finished(this.#transcript).catch(() => undefined);
  }

  #history = '';
  #unfinished = '';

  #receive(chunk: Buffer): void {
    this.#transcript?.write(chunk);
    const whole = this.#unfinished + this.#decoder.write(chunk);
    // A control sequence may come in pieces: what looks like the start of one waits for the rest.
    this.#unfinished = UNFINISHED_SEQUENCE.exec(whole)?.[0] ?? '';
    const complete = whole.slice(0, whole.length - this.#unfinished.length);
    // Each layer on the way (hvc, Xen, the serial port) may put a carriage return before a newline.
    const text = stripVTControlCharacters(complete).replaceAll('\r', '');
    this.#received += text.length;
    this.#text = (this.#text + text).slice(-KEPT);
    this.#history = (this.#history + text).slice(-KEPT);
    this.#wake();
  }

  #wake(): void {
    for (const waiter of this.#waiters) waiter();
  }

  /** Settles when more text came, the line died, the time is up or the caller gave up. */
  async #more(limitMs: number, signal?: AbortSignal): Promise<void> {
    await new Promise<void>((done) => {
      const settle = (): void => {
        clearTimeout(timer);
        this.#waiters.delete(settle);
        signal?.removeEventListener('abort', settle);
        done();
      };
      const timer = setTimeout(settle, limitMs);
      this.#waiters.add(settle);
      signal?.addEventListener('abort', settle, { once: true });
    });
  }

  #failure(message: string): XlfsError {
    const lines = this.lastLines().map((line) => `  | ${line}`);
    return new XlfsError(
      'BOOT_FAILED',
      [message, ...(lines.length === 0 ? ['  the console stayed empty'] : ['last lines of the console:', ...lines])].join('\n'),
      {
        hint: 'the whole console is in the transcript file',
      },
    );
  }
}

/** Output of a command without what Xen and the kernel wrote between its lines. */
function withoutNoise(text: string): string {
  return text
    .split('\n')
    .filter((line) => !/^\(XEN\) |^\[ *\d+\.\d+\] /.test(line))
    .join('\n');
}
