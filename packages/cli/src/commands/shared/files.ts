import { chmod, chown, readFile, realpath, stat } from 'node:fs/promises';
import { addAbortSignal } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { writeFileAtomic, XlfsError } from '@xlfs/core';

/** What stands for standard input where a file is named. */
export const STDIN = '-';

/**
 * The bytes of a file that a user named, or of standard input for `-`.
 *
 * @throws XlfsError `USAGE` when there is no such file, or it cannot be read.
 */
export async function readInput(file: string, signal: AbortSignal): Promise<Buffer> {
  if (file === STDIN) return await buffer(addAbortSignal(signal, process.stdin));
  return await reading(file, () => readFile(file, { signal }));
}

/**
 * Does work that reads files which a user named.
 *
 * @param file named where the system's error does not say which one it was
 * @throws XlfsError `USAGE` when one of them is not there, or cannot be read.
 */
export async function reading<T>(file: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const { code = '', path = file } = error as NodeJS.ErrnoException;
    const why = UNREADABLE[code];
    if (why === undefined) throw error;
    throw new XlfsError('USAGE', `cannot read ${path}: ${why}`, {
      hint: `name a file, or ${STDIN} where standard input will do`,
    });
  }
}

const UNREADABLE: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file',
  ENOTDIR: 'there is no such file',
  EISDIR: 'it is a folder',
  EACCES: 'permission denied',
};

/** The JSON in a file or standard input. @throws XlfsError `USAGE` when it is none. */
export async function readJsonInput(file: string, signal: AbortSignal): Promise<unknown> {
  const text = (await readInput(file, signal)).toString();
  try {
    return JSON.parse(text) as unknown;
  } catch (cause) {
    throw new XlfsError('USAGE', `${nameOf(file)} is not JSON`, { hint: 'is it the right file?', cause });
  }
}

/** How messages call an input. */
export function nameOf(file: string): string {
  return file === STDIN ? '<stdin>' : file;
}

/**
 * Writes a file anew in one step, behind symbolic links, with the owner and mode that it had: configurations hold
 * passwords, so that the new one is at no time open to more people than the old one.
 */
export async function rewriteFile(file: string, content: string | Uint8Array): Promise<void> {
  const path = await realpath(file);
  const { mode, uid, gid } = await stat(path);
  const umask = process.umask(0o777 & ~mode);
  try {
    await writeFileAtomic(path, content);
  } finally {
    process.umask(umask);
  }
  // Only root may give files away.
  if (process.getuid?.() === 0) await chown(path, uid, gid);
  await chmod(path, mode & 0o7777);
}
