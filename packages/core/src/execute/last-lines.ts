import { closeSync, fstatSync, openSync, readSync } from 'node:fs';

/** How much of a log's end is looked at. */
const TAIL_BYTES = 1 << 16;

/** The last lines of a file, for error messages. */
export function lastLines(path: string, count: number): string {
  const fd = openSync(path, 'r');
  try {
    const { size } = fstatSync(fd);
    const length = Math.min(size, TAIL_BYTES);
    const buffer = Buffer.alloc(length);
    readSync(fd, buffer, 0, length, size - length);
    return buffer.toString('utf8').trimEnd().split('\n').slice(-count).join('\n');
  } finally {
    closeSync(fd);
  }
}
