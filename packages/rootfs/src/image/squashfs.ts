import { spawn } from 'node:child_process';
import { stat } from 'node:fs/promises';
import { writeAtomic } from '../store/atomic.ts';
import { feed } from '../tree/batch.ts';
import { treeOf, type Entry } from '../tree/entry.ts';
import { collect, requireSuccess } from '../tree/process.ts';
import { tarPieces } from './tar.ts';

export interface SquashfsOptions {
  /** @default 'zstd' */
  readonly compressor?: 'gzip' | 'xz' | 'lz4' | 'zstd';
  /** Times later than this become it; seconds. */
  readonly epoch?: number;
}

/** Write a read-only squashfs image; tar2sqfs packs our archive, so that owners and device nodes need no rights. */
export async function writeSquashfs(
  entries: Iterable<Entry>,
  out: string,
  options: SquashfsOptions = {},
): Promise<{ readonly path: string; readonly size: number }> {
  const plain = [...treeOf(entries).values()].map(({ sparse: _, ...entry }) => ({ ...entry, nanoseconds: 0 }));
  return await writeAtomic(out, async (temporary) => {
    const args = ['--quiet', '--no-skip', '--compressor', options.compressor ?? 'zstd', '--num-jobs', '2', temporary];
    const env = { ...process.env, SOURCE_DATE_EPOCH: String(options.epoch ?? 0), LC_ALL: 'C' };
    const child = spawn('tar2sqfs', args, { stdio: ['pipe', 'ignore', 'pipe'], env });
    const pieces = tarPieces(plain, options.epoch === undefined ? {} : { epoch: options.epoch });
    const [ended, fed] = await Promise.allSettled([collect(child, 'tar2sqfs'), feed(pieces, child.stdin)]);
    if (fed.status === 'rejected' && (fed.reason as NodeJS.ErrnoException).code !== 'EPIPE') throw fed.reason;
    if (ended.status === 'rejected') throw ended.reason;
    requireSuccess(ended.value);
    return { path: out, size: (await stat(temporary)).size };
  });
}
