import { constants, closeSync, ftruncateSync, fstatSync, openSync, readSync, writeSync } from 'node:fs';
import { copyFile } from 'node:fs/promises';
import { XlfsError } from '@xlfs/core';
import { breathe } from '../store/interrupt.ts';

/** Not on this file system (ENOTSUP, EINVAL, ENOTTY) or not between these two (EXDEV). */
const NO_REFLINK = new Set(['ENOTSUP', 'EOPNOTSUPP', 'EXDEV', 'ENOSYS', 'EINVAL', 'ENOTTY']);
const CHUNK = 1 << 22;
const HOLE = 1 << 16;
const ZEROS = Buffer.alloc(HOLE);

/**
 * Share the base's blocks copy-on-write (btrfs, xfs).
 * @throws HOST_REQUIREMENT when the file system cannot do that; EEXIST when `to` exists.
 */
export async function reflink(from: string, to: string): Promise<void> {
  try {
    await copyFile(from, to, constants.COPYFILE_FICLONE_FORCE | constants.COPYFILE_EXCL);
  } catch (cause) {
    if (!NO_REFLINK.has((cause as NodeJS.ErrnoException).code ?? '')) throw cause;
    throw new XlfsError('HOST_REQUIREMENT', `${from} and ${to} cannot share blocks (reflink)`, {
      hint: 'Keep images on one btrfs or xfs file system, or use the strategy qcow2 or copy.',
      cause,
    });
  }
}

/** Copy a file; stretches of zeros become holes. @throws EEXIST when `to` exists. */
export async function sparseCopy(from: string, to: string): Promise<void> {
  const source = openSync(from, 'r');
  try {
    const target = openSync(to, 'wx', 0o644);
    try {
      ftruncateSync(target, fstatSync(source).size);
      await copyData(source, target);
    } finally {
      closeSync(target);
    }
  } finally {
    closeSync(source);
  }
}

async function copyData(source: number, target: number): Promise<void> {
  const buffer = Buffer.allocUnsafe(CHUNK);
  for (let offset = 0; ;) {
    await breathe();
    const count = readSync(source, buffer, 0, CHUNK, offset);
    if (count === 0) return;
    for (let at = 0; at < count; at += HOLE) {
      const piece = buffer.subarray(at, Math.min(at + HOLE, count));
      if (piece.equals(piece.length === HOLE ? ZEROS : ZEROS.subarray(0, piece.length))) continue;
      for (let done = 0; done < piece.length;) done += writeSync(target, piece, done, piece.length - done, offset + at + done);
    }
    offset += count;
  }
}
