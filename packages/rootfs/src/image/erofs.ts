import { spawn } from 'node:child_process';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { XlfsError } from '@xlfs/core';
import { writeAtomic } from '../store/atomic.ts';
import type { Entry } from '../tree/entry.ts';
import { materialise } from '../tree/materialise.ts';
import { collect, requireSuccess } from '../tree/process.ts';
import { uuidBytes, uuidFrom } from './uuid.ts';

export interface ErofsOptions {
  /** @default 'lz4hc' */
  readonly compressor?: 'none' | 'lz4' | 'lz4hc';
  readonly uuid?: string;
  /** Time of the image, and latest time of a file; seconds. @default the latest of a file */
  readonly epoch?: number;
}

/**
 * Write a read-only erofs image. mkfs.erofs reads a folder, so the tree is written to one first: owners need root or a namespace with
 * subordinate ids, device nodes need real root.
 * @throws HOST_REQUIREMENT when the tree has device nodes that cannot be made here: squashfs and ext4 images can hold them.
 */
export async function writeErofs(
  entries: Iterable<Entry>,
  out: string,
  options: ErofsOptions = {},
): Promise<{ readonly path: string; readonly size: number }> {
  const { compressor = 'lz4hc' } = options;
  const listed = [...entries];
  // mkfs.erofs makes every later time this one.
  const epoch = options.epoch ?? listed.reduce((latest, { mtime }) => Math.max(latest, mtime), 0);
  const uuid = options.uuid ?? uuidFrom('erofs', String(epoch));
  uuidBytes(uuid);
  const all = listed.map((entry) => ({ ...entry, nanoseconds: 0, mtime: Math.min(entry.mtime, epoch) }));
  const scratch = await mkdtemp(join(dirname(out), '.xlfs-erofs-'));
  try {
    const folder = join(scratch, 'tree');
    await staged(all, folder);
    return await writeAtomic(out, async (temporary) => {
      const args = [
        '--quiet',
        '--preserve-mtime',
        `-U${uuid}`,
        ...(compressor === 'none' ? [] : [`-z${compressor}`]),
        temporary,
        folder,
      ];
      const child = spawn('mkfs.erofs', args, {
        stdio: ['ignore', 'ignore', 'pipe'],
        env: { ...process.env, SOURCE_DATE_EPOCH: String(epoch), LC_ALL: 'C' },
      });
      requireSuccess(await collect(child, 'mkfs.erofs'));
      return { path: out, size: (await stat(temporary)).size };
    });
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

async function staged(entries: readonly Entry[], folder: string): Promise<void> {
  const devices = entries.filter(({ type }) => type === 'char' || type === 'block');
  try {
    await materialise(entries, folder, { devices: true });
  } catch (cause) {
    if (devices.length === 0) throw cause;
    throw new XlfsError(
      'HOST_REQUIREMENT',
      `an erofs image with device nodes (/${devices[0]?.path ?? ''}) cannot be made without real root`,
      {
        hint: 'Leave the nodes out (devtmpfs makes them at boot), or make a squashfs or ext4 image.',
        cause,
      },
    );
  }
}
