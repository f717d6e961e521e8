import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { chmod, mkdir, readdir, rename, rm } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import type { Writable } from 'node:stream';
import { XlfsError } from '../errors.ts';
import { Admission, type AdmissionLimits } from './archive/admission.ts';
import { canonicalHeader, endOfArchive } from './archive/canonical-header.ts';
import { decompress } from './archive/decompress.ts';
import type { ArchiveItem } from './archive/scanner.ts';

export interface UnpackOptions {
  /** Drop the folder that holds everything, when there is one. @default true */
  readonly strip?: boolean;
  /** Unpack the one file inside whose name matches this glob (`*`, `?`) instead: Debian's gcc is a tarball in a tarball. */
  readonly nested?: string;
  /** Bound on the content of all files together, in bytes. @default 8 GiB */
  readonly maxBytes?: number;
  /** @default 1 000 000 */
  readonly maxEntries?: number;
  readonly signal?: AbortSignal;
}

const defaultLimits: AdmissionLimits = { maxBytes: 8 * 2 ** 30, maxEntries: 1_000_000 };
const PADDING = Buffer.alloc(512);

/**
 * Unpacks a source tarball into a folder that does not exist yet or is empty, in one pass: the decompressor, the checks and GNU tar run
 * at once. Every entry is checked before tar sees it, and tar sees a header written anew, so that no second reading of a doubtful header exists.
 * Owner is the caller, modes are 755 or 644, mtimes are the archive's.
 *
 * @throws XlfsError `ARCHIVE_ESCAPES`, `ARCHIVE_INVALID`, `NO_SPACE`, `HOST_REQUIREMENT`, `INTERRUPTED`; nothing is left behind then.
 */
export async function unpack(tarball: string, dir: string, options: UnpackOptions = {}): Promise<void> {
  const { strip = true, nested, signal, maxBytes = defaultLimits.maxBytes, maxEntries = defaultLimits.maxEntries } = options;
  const place = resolve(dir);
  await mkdir(dirname(place), { recursive: true });
  const beside = join(dirname(place), `.${basename(place)}.${randomBytes(6).toString('hex')}`);
  await mkdir(beside);
  try {
    const outer = decompress(createReadStream(tarball, { highWaterMark: 1 << 18 }), signal);
    const archive = nested === undefined ? outer : decompress(memberContent(outer, nested), signal);
    await extract(archive, beside, { maxBytes, maxEntries }, signal);
    await settle(beside, place, strip);
  } catch (error) {
    if (signal?.aborted) throw new XlfsError('INTERRUPTED', `unpacking ${basename(tarball)} was interrupted`, { cause: error });
    throw naming(tarball, error);
  } finally {
    await rm(beside, { recursive: true, force: true });
  }
}

async function extract(
  archive: AsyncIterable<Buffer>,
  folder: string,
  limits: AdmissionLimits,
  signal?: AbortSignal,
): Promise<void> {
  const args = [
    '--extract',
    '--file=-',
    `--directory=${folder}`,
    '--no-same-owner',
    '--same-permissions',
    '--delay-directory-restore',
    '--warning=no-timestamp',
  ];
  const tar = spawn('tar', args, {
    stdio: ['pipe', 'ignore', 'pipe'],
    env: { PATH: process.env['PATH'], LC_ALL: 'C' },
    signal,
    killSignal: 'SIGKILL',
  });
  let complaint = '';
  tar.stderr.setEncoding('utf8').on('data', (text: string) => (complaint = `${complaint}${text}`.slice(0, 2000)));
  // When tar dies, writing to it fails; its status and complaint say why.
  tar.stdin.on('error', () => undefined);
  const ended = new Promise<number | null>((done, fail) => {
    tar.once('error', fail);
    tar.once('close', done);
  });
  ended.catch(() => undefined);
  try {
    await repack(archive, tar.stdin, new Admission(limits));
    const status = await ended;
    if (status !== 0) throw tarFailed(complaint, status);
  } catch (error) {
    tar.kill('SIGKILL');
    await ended.catch((spawning: unknown) => {
      if ((spawning as NodeJS.ErrnoException).code === 'ENOENT') {
        throw new XlfsError('HOST_REQUIREMENT', 'the program tar is missing', {
          hint: 'install the package tar (GNU tar)',
          cause: spawning,
        });
      }
    });
    throw error;
  }
}

/** Checks every entry and writes it on in canonical form. */
async function repack(archive: AsyncIterable<Buffer>, out: Writable, admission: Admission): Promise<void> {
  let skipping = false;
  let padding = 0;
  let left = 0;
  for await (const items of scan(archive)) {
    if (out.destroyed) break;
    out.cork();
    for (const item of items) {
      if ('entry' in item) {
        const admitted = admission.admit(item.entry);
        skipping = admitted === undefined;
        if (admitted !== undefined) out.write(canonicalHeader(admitted));
        left = item.entry.size;
        padding = (512 - (left % 512)) % 512;
      } else if (!skipping) {
        out.write(item.content);
        left -= item.content.length;
        if (left === 0 && padding > 0) out.write(PADDING.subarray(0, padding));
      }
    }
    out.uncork();
    if (out.writableNeedDrain) await drained(out);
  }
  if (!out.destroyed && admission.entries === 0) {
    throw new XlfsError('ARCHIVE_INVALID', 'not a usable source archive: it has no entries', { hint: 'fetch it again' });
  }
  out.end(endOfArchive);
}

/** Resolves when the reader has caught up, or is gone. */
function drained(out: Writable): Promise<void> {
  return new Promise((done) => {
    const settle = (): void => {
      out.off('drain', settle).off('close', settle);
      done();
    };
    out.on('drain', settle).on('close', settle);
  });
}

async function* scan(archive: AsyncIterable<Buffer>): AsyncGenerator<ArchiveItem[]> {
  // Loaded when it is needed: most runs unpack nothing.
  const { ArchiveScanner } = await import('./archive/scanner.ts');
  const scanner = new ArchiveScanner();
  for await (const chunk of archive) yield scanner.push(chunk);
  scanner.end();
}

/** The content of the first file whose last name matches. */
async function* memberContent(archive: AsyncIterable<Buffer>, glob: string): AsyncGenerator<Buffer> {
  const pattern = globPattern(glob);
  let inside = false;
  let found = false;
  for await (const items of scan(archive)) {
    for (const item of items) {
      if ('entry' in item) {
        inside = !found && item.entry.type === 'file' && pattern.test(basename(item.entry.path));
        found ||= inside;
      } else if (inside) yield item.content;
    }
  }
  if (!found) throw new XlfsError('ARCHIVE_INVALID', `it holds no file ${glob}`, { hint: "correct the recipe's `nested` glob" });
}

function globPattern(glob: string): RegExp {
  const source = [...glob].map((c) => (c === '*' ? '.*' : c === '?' ? '.' : c.replace(/[\\^$.|+()[\]{}]/g, '\\$&'))).join('');
  return new RegExp(`^${source}$`, 's');
}

/** Renames what was unpacked into its place, without the one folder around it. */
async function settle(beside: string, place: string, strip: boolean): Promise<void> {
  const [first, ...others] = await readdir(beside, { withFileTypes: true });
  const top = strip && first?.isDirectory() === true && others.length === 0 ? join(beside, first.name) : beside;
  await chmod(top, 0o755);
  await rename(top, place);
}

function tarFailed(complaint: string, status: number | null): XlfsError {
  const why = complaint.trim() || `tar ended with status ${String(status)}`;
  if (/No space left on device|Disk quota exceeded|Wrote only/.test(why))
    return new XlfsError('NO_SPACE', `no space left: ${why}`, { hint: 'free some space and run it again' });
  return new XlfsError('ARCHIVE_INVALID', `tar could not unpack it: ${why}`, { hint: 'the file is damaged: fetch it again' });
}

function naming(tarball: string, error: unknown): unknown {
  if (!(error instanceof XlfsError)) return error;
  return new XlfsError(error.code, `${basename(tarball)}: ${error.message}`, {
    ...(error.hint === undefined ? {} : { hint: error.hint }),
    ...(error.cause === undefined ? {} : { cause: error.cause }),
  });
}
