import { spawn } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { collect, requireSuccess } from '../tree/process.ts';
import { feed, type Pieces } from '../tree/batch.ts';
import { writeAtomic } from '../store/atomic.ts';

/** Every one of them can be read by the kernel's initramfs unpacker, when it is configured (CONFIG_RD_ZSTD …). */
export type Compression = 'none' | 'zstd' | 'xz' | 'gzip' | 'lz4';

/** Arguments that give the same bytes everywhere and that the kernel's unpackers take: CRC32 in xz, legacy frames in lz4. */
const ARGUMENTS: Readonly<Record<Exclude<Compression, 'none'>, (level: number | undefined) => string[]>> = {
  zstd: (level = 19) => ['-q', '-T0', `-${String(level)}`, ...(level > 19 ? ['--ultra'] : []), '-c'],
  xz: (level = 6) => ['-q', '-T1', '--check=crc32', `-${String(level)}`, '-c'],
  gzip: (level = 9) => ['-q', '-n', `-${String(level)}`, '-c'],
  lz4: (level = 9) => ['-q', '-l', `-${String(level)}`, '-c'],
};

export interface WrittenImage {
  readonly path: string;
  /** Bytes of the file. */
  readonly size: number;
  /** Bytes before compression. */
  readonly uncompressed: number;
}

/** Write an archive to a file, through a compressor, atomically. */
export async function writeStream(
  out: string,
  pieces: Pieces,
  options: { readonly compression?: Compression; readonly level?: number } = {},
): Promise<WrittenImage> {
  const { compression = 'none', level } = options;
  return await writeAtomic(out, async (temporary) => {
    const target = createWriteStream(temporary, { flags: 'wx' });
    const uncompressed = compression === 'none' ? await feed(pieces, target) : await compress(compression, level, pieces, target);
    return { path: out, size: target.bytesWritten, uncompressed };
  });
}

async function compress(
  compression: Exclude<Compression, 'none'>,
  level: number | undefined,
  pieces: Pieces,
  target: NodeJS.WritableStream,
): Promise<number> {
  const child = spawn(compression, ARGUMENTS[compression](level), { stdio: ['pipe', 'pipe', 'pipe'] });
  const [ended, out, fed] = await Promise.allSettled([
    collect(child, compression, { stdout: false }),
    pipeline(child.stdout, target),
    feed(pieces, child.stdin),
  ]);
  // A compressor that is missing or fails also breaks the pipes: its own reason comes first.
  if (ended.status === 'rejected') throw ended.reason;
  requireSuccess(ended.value);
  if (out.status === 'rejected') throw out.reason;
  if (fed.status === 'rejected') throw fed.reason;
  return fed.value;
}
