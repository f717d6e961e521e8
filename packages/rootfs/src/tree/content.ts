import { constants, closeSync, createReadStream, fstatSync, openSync, readSync } from 'node:fs';
import { XlfsError } from '@xlfs/core';
import type { Entry } from './entry.ts';
import { encodePath } from './path.ts';

const CHUNK = 1 << 20;

/**
 * The bytes of a regular file, in chunks that are valid until the next one is asked for.
 * @throws ASSEMBLY_FAILED when there are more or fewer of them than the entry says: the file changed while it was read.
 */
export async function* readContent(entry: Entry): AsyncGenerator<Uint8Array> {
  if (entry.type !== 'file') return;
  let read = 0;
  for await (const chunk of open(entry)) {
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
 * Fill `target` from the start of a small on-disk file without going through a stream; undefined when the content is not on disk.
 * Trees are mostly small files, and three system calls each is what makes them fast.
 */
export function readSmall(entry: Entry, target: Buffer): Buffer | undefined {
  if (entry.content === undefined || !('file' in entry.content) || entry.size > target.length) return undefined;
  const fd = openContent(entry, entry.content.file);
  try {
    let filled = 0;
    while (filled < entry.size) {
      const count = readSync(fd, target, filled, entry.size - filled, null);
      if (count === 0) break;
      filled += count;
    }
    if (filled !== entry.size || fstatSync(fd).size !== entry.size) throw changed(entry);
    return target.subarray(0, filled);
  } finally {
    closeSync(fd);
  }
}

function open(entry: Entry): AsyncIterable<Uint8Array> | Iterable<Uint8Array> {
  const { content } = entry;
  if (content === undefined) return [];
  if ('bytes' in content) return [content.bytes];
  if ('open' in content) return content.open();
  return createReadStream('', { fd: openContent(entry, content.file), highWaterMark: CHUNK });
}

/** The last name is never followed if it turned into a symlink since it was listed, and a FIFO in its place does not block. */
function openContent(entry: Entry, path: string): number {
  try {
    return openSync(encodePath(path), constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  } catch (cause) {
    throw new XlfsError('ASSEMBLY_FAILED', `cannot read /${entry.path} (${path})`, { cause, hint: 'Files of other owners need root or subordinate ids.' });
  }
}

function changed(entry: Entry): XlfsError {
  return new XlfsError('ASSEMBLY_FAILED', `/${entry.path} changed while it was read`, { hint: 'Stop what writes to the tree and run this again.' });
}
