import { randomBytes } from 'node:crypto';
import { constants } from 'node:fs';
import { link, open, rename, rm, unlink } from 'node:fs/promises';
import { dirname } from 'node:path';
import { XlfsError } from '@xlfs/core';

/**
 * Make a file beside its place, flush it, and rename it there. When `write` fails nothing is left behind; a kill leaves a `.tmp-` file
 * that the next {@link sweep} removes.
 */
export async function writeAtomic<T>(
  path: string,
  write: (temporary: string) => Promise<T>,
  options: { exclusive?: boolean; /** Only there to save time: a power cut may take it. */ cache?: boolean } = {},
): Promise<T> {
  const temporary = temporaryBeside(path);
  try {
    const result = await write(temporary);
    if (options.cache !== true) await flush(temporary);
    if (options.exclusive === true) await publishNew(temporary, path);
    else await rename(temporary, path);
    if (options.cache !== true) await flush(dirname(path));
    return result;
  } finally {
    await rm(temporary, { force: true, recursive: true });
  }
}

/** A name beside `path` that nobody else uses. */
export function temporaryBeside(path: string): string {
  return `${path}.tmp-${String(process.pid)}-${randomBytes(4).toString('hex')}`;
}

/** fsync a file or a folder. */
export async function flush(path: string): Promise<void> {
  const handle = await open(path, constants.O_RDONLY);
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** link(2) fails when the name exists, where rename would replace it. */
async function publishNew(temporary: string, path: string): Promise<void> {
  try {
    await link(temporary, path);
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== 'EEXIST') throw cause;
    throw new XlfsError('USAGE', `${path} exists already and is not overwritten`, {
      hint: 'Choose another name, or remove it first.',
      cause,
    });
  }
  await unlink(temporary);
}
