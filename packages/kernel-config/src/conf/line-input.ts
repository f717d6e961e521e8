import { closeSync, constants, openSync, readSync } from 'node:fs';

/** Reads standard input line by line, blocking, as the questions of `oldconfig` need it. */
export class LineInput {
  private buffer = '';
  private ended = false;
  private readonly descriptor: number;

  constructor(descriptor = 0) {
    this.descriptor = descriptor;
  }

  /** The next line with its line end (the last may have none), as Latin-1; undefined at the end. */
  next(): string | undefined {
    for (;;) {
      const end = this.buffer.indexOf('\n');
      if (end >= 0) return this.take(end + 1);
      if (this.ended) return this.buffer === '' ? undefined : this.take(this.buffer.length);
      this.fill();
    }
  }

  private take(length: number): string {
    const line = this.buffer.slice(0, length);
    this.buffer = this.buffer.slice(length);
    return line;
  }

  private fill(): void {
    const chunk = Buffer.alloc(65536);
    try {
      const count = readSync(this.descriptor, chunk);
      if (count === 0) this.ended = true;
      this.buffer += chunk.toString('latin1', 0, count);
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code === 'EAGAIN') Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 5);
      else if (code === 'EOF') this.ended = true;
      else throw error;
    }
  }
}

const MAX_DRAIN = 1 << 20;

/**
 * Takes what still waits on standard input. Whoever pipes more answers than were needed would else die of a broken
 * pipe, where the C program is gone before the pipe fills.
 */
export function drainInput(): void {
  try {
    const descriptor = openSync('/dev/stdin', constants.O_RDONLY | constants.O_NONBLOCK);
    const chunk = Buffer.alloc(65536);
    for (let total = 0, count = 1; count > 0 && total < MAX_DRAIN; total += count) count = readSync(descriptor, chunk);
    closeSync(descriptor);
  } catch {
    // Nothing there, or nothing that can be taken without waiting.
  }
}
