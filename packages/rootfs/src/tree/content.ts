import { constants, closeSync, openSync, readSync } from 'node:fs';
import { XlfsError } from '@xlfs/core';
import { proceed } from '../store/interrupt.ts';
import type { Entry } from './entry.ts';
import { encodePath } from './path.ts';

const CHUNK = 1 << 20;

/**
 * The bytes of a regular file, in chunks that are valid until the next one is asked for. Those of a file on disk are read straight into what
 * `room` offers.
 * @throws ASSEMBLY_FAILED when there are more or fewer of them than the entry says: the file changed while it was read.
 */
export async function* readContent(entry: Entry, room?: () => Buffer): AsyncGenerator<Uint8Array> {
  if (entry.type !== 'file') return;
  let read = 0;
  for await (const chunk of open(entry, room)) {
    proceed();
    read += chunk.length;
    if (read > entry.size) break;
    yield chunk;
  }
  if (read !== entry.size) throw changed(entry);
}

/** The whole content; for files that are known to be small. */
export async function readAll(entry: Entry): Promise<Buffer> {
  const whole = Buffer.allocUnsafe(entry.size);
  let at = 0;
  for await (const chunk of readContent(entry)) {
    whole.set(chunk, at);
    at += chunk.length;
  }
  return whole;
}

/**
 * Fill `target` with a small file's content without going through a stream; undefined when that would take waiting, or `target` has no
 * room for a byte more than it.
 * Trees are mostly small files: few system calls for each, and no promise, are what makes them fast.
 */
export function readSmall(entry: Entry, target: Buffer): Buffer | undefined {
  const { content } = entry;
  if (content === undefined || entry.size >= target.length) return undefined;
  if (!('file' in content)) {
    const whole = 'bytes' in content ? content.bytes : content.atHand?.();
    if (whole === undefined) return undefined;
    if (whole.length !== entry.size) throw changed(entry);
    target.set(whole);
    return target.subarray(0, entry.size);
  }
  const fd = openContent(entry, content.file);
  try {
    const part = content.offset !== undefined;
    // A whole file is asked for a byte more than it should have: none comes unless it grew.
    const wanted = part ? entry.size : entry.size + 1;
    let filled = 0;
    while (filled < entry.size || (filled === 0 && wanted > 0)) {
      const count = readSync(fd, target, filled, wanted - filled, part ? (content.offset ?? 0) + filled : null);
      if (count === 0) break;
      filled += count;
    }
    if (filled !== entry.size) throw changed(entry);
    return target.subarray(0, filled);
  } finally {
    closeSync(fd);
  }
}

function open(entry: Entry, room: (() => Buffer) | undefined): AsyncIterable<Uint8Array> | Iterable<Uint8Array> {
  const { content } = entry;
  if (content === undefined) return [];
  if ('bytes' in content) return [content.bytes];
  if ('open' in content) return content.open();
  if (room !== undefined) return fileChunks(entry, content, room);
  const buffer = Buffer.allocUnsafe(Math.min(CHUNK, entry.size + 1));
  return fileChunks(entry, content, () => buffer);
}

function* fileChunks(
  entry: Entry,
  { file, offset }: { readonly file: string; readonly offset?: number },
  room: () => Buffer,
): Generator<Uint8Array> {
  const fd = openContent(entry, file);
  try {
    // A whole file is read to its end, to notice that it grew; a part of one ends where it is said to.
    const end = offset === undefined ? Infinity : entry.size;
    for (let at = 0; at < end;) {
      const buffer = room();
      const count = readSync(fd, buffer, 0, Math.min(CHUNK, buffer.length, end - at), (offset ?? 0) + at);
      if (count === 0) return;
      yield buffer.subarray(0, count);
      at += count;
    }
  } finally {
    closeSync(fd);
  }
}

/** The last name is never followed if it turned into a symlink since it was listed, and a FIFO in its place does not block. */
function openContent(entry: Entry, path: string): number {
  proceed();
  try {
    return openSync(
      path.isWellFormed() ? path : encodePath(path),
      constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK,
    );
  } catch (cause) {
    throw new XlfsError('ASSEMBLY_FAILED', `cannot read /${entry.path} (${path})`, {
      cause,
      hint: 'Files of other owners need root or subordinate ids.',
    });
  }
}

function changed(entry: Entry): XlfsError {
  return new XlfsError('ASSEMBLY_FAILED', `/${entry.path} changed while it was read`, {
    hint: 'Stop what writes to the tree and run this again.',
  });
}
