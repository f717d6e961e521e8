import { spawn } from 'node:child_process';
import { closeSync, createReadStream, createWriteStream, openSync, readSync, statSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { XlfsError } from '@xlfs/core';
import { collect, requireSuccess } from '../tree/process.ts';
import type { ArchiveFile } from './raw-entry.ts';

const MAGIC: readonly (readonly [string, string, readonly string[]])[] = [
  ['1f8b', 'gzip', ['-dc']],
  ['fd377a585a00', 'xz', ['-dc']],
  ['28b52ffd', 'zstd', ['-dcq', '--long=31']],
  ['04224d18', 'lz4', ['-dc']],
  ['02214c18', 'lz4', ['-dc']],
  ['425a68', 'bzip2', ['-dc']],
];

/**
 * The plain archive inside of a compressed one, as a file at `to`; the archive itself when it is not compressed. Stops when more than
 * `limit` bytes come out.
 * @throws ARCHIVE_INVALID for damaged data and for a bomb.
 */
export async function decompress(archive: string, to: string, limit: number): Promise<string> {
  const known = compressionOf(archive);
  if (known === undefined) return archive;
  const [, program, args] = known;
  const child = spawn(program, args, { stdio: ['pipe', 'pipe', 'pipe'] });
  let bytes = 0;
  const meter = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      bytes += chunk.length;
      if (bytes > limit)
        done(
          new XlfsError('ARCHIVE_INVALID', `${archive} unpacks to more than ${String(limit)} bytes`, {
            hint: 'If it is meant to, raise the limit.',
          }),
        );
      else done(null, chunk);
    },
  });
  const [ended, into, from] = await Promise.allSettled([
    collect(child, program, { stdout: false }),
    pipeline(child.stdout, meter, createWriteStream(to, { flags: 'wx', mode: 0o600 })).catch((error: unknown) => {
      child.kill('SIGKILL');
      throw error;
    }),
    pipeline(createReadStream(archive), child.stdin),
  ]);
  const bomb = into.status === 'rejected' && into.reason instanceof XlfsError ? into.reason : undefined;
  if (bomb !== undefined || ended.status === 'rejected' || ended.value.code !== 0 || into.status === 'rejected') {
    await rm(to, { force: true });
    if (bomb !== undefined) throw bomb;
    if (ended.status === 'rejected') throw ended.reason;
    if (ended.value.code !== 0) {
      throw new XlfsError(
        'ARCHIVE_INVALID',
        `${archive} is damaged: ${ended.value.stderr.trim() || `${program} cannot read it`}`,
      );
    }
    requireSuccess(ended.value);
    throw (into as PromiseRejectedResult).reason;
  }
  // A decompressor may stop reading before the file ends (trailing bytes); that alone is no fault.
  if (from.status === 'rejected' && (from.reason as NodeJS.ErrnoException).code !== 'EPIPE') throw from.reason;
  return to;
}

/** An open archive; close it when its entries have been read. */
export function openArchive(path: string): ArchiveFile & { readonly close: () => void } {
  const fd = openSync(path, 'r');
  const { size } = statSync(path);
  return {
    size,
    read: (offset, length) => {
      if (length > size - offset) throw new XlfsError('ARCHIVE_INVALID', `${path} ends too early`);
      const bytes = Buffer.allocUnsafe(length);
      for (let done = 0; done < length;) {
        const count = readSync(fd, bytes, done, length - done, offset + done);
        if (count === 0) throw new XlfsError('ARCHIVE_INVALID', `${path} ends too early`);
        done += count;
      }
      return bytes;
    },
    close: () => closeSync(fd),
  };
}

function compressionOf(path: string): (typeof MAGIC)[number] | undefined {
  const start = Buffer.alloc(6);
  const fd = openSync(path, 'r');
  try {
    readSync(fd, start, 0, 6, 0);
  } finally {
    closeSync(fd);
  }
  return MAGIC.find(([magic]) => start.toString('hex').startsWith(magic));
}
