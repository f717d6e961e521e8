import { closeSync, lstatSync, openSync, readSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import { XlfsError } from '@xlfs/core';
import { writeQcow2 } from '../image/qcow2/write.ts';
import { writeAtomic } from '../store/atomic.ts';
import { reflink, sparseCopy } from './clone.ts';

export type DiskStrategy = 'reflink' | 'qcow2' | 'copy';
export type DiskFormat = 'raw' | 'qcow2';

/** Cheapest first. */
const ORDER = ['reflink', 'qcow2', 'copy'] as const;

export interface ForkDiskOptions {
  /** `auto` takes the first that works here of: reflink, qcow2, copy. @default 'auto' */
  readonly strategy?: 'auto' | DiskStrategy;
  /** What `auto` may choose from: a guest whose disks come from a block back end in the kernel cannot use qcow2. @default all */
  readonly allow?: readonly DiskStrategy[];
}

export interface ForkedDisk {
  readonly path: string;
  readonly format: DiskFormat;
  readonly strategy: DiskStrategy;
}

/**
 * A writable child of a disk image, as a new file. The base is never written to, and must stay as it is and where it is for a qcow2 child.
 * @throws USAGE when `child` exists already; HOST_REQUIREMENT when the asked strategy is not possible here.
 */
export async function forkDisk(base: string, child: string, options: ForkDiskOptions = {}): Promise<ForkedDisk> {
  if (lstatSync(child, { throwIfNoEntry: false }) !== undefined) throw taken(child);
  const { strategy = 'auto', allow = ['reflink', 'qcow2', 'copy'] } = options;
  const tried = strategy === 'auto' ? ORDER.filter((one) => allow.includes(one)) : [strategy];
  for (const [index, one] of tried.entries()) {
    try {
      return { path: child, format: await attempt(one, base, child), strategy: one };
    } catch (error) {
      const next = error instanceof XlfsError && error.code === 'HOST_REQUIREMENT' && index < tried.length - 1;
      if (!next) throw error;
    }
  }
  throw new XlfsError('USAGE', 'no strategy is allowed for this fork', { hint: 'Allow one of reflink, qcow2 and copy.' });
}

/** raw or qcow2, by the first bytes. */
export function diskFormat(path: string): DiskFormat {
  return firstBytes(path).readUInt32BE(0) === 0x514649fb ? 'qcow2' : 'raw';
}

/** Bytes of the disk that a guest sees. */
export function virtualSize(path: string): number {
  return diskFormat(path) === 'raw' ? statSync(path).size : Number(firstBytes(path).readBigUInt64BE(24));
}

async function attempt(strategy: DiskStrategy, base: string, child: string): Promise<DiskFormat> {
  const format = diskFormat(base);
  const write = async (temporary: string): Promise<DiskFormat> => {
    if (strategy === 'reflink') await reflink(base, temporary);
    else if (strategy === 'copy') await sparseCopy(base, temporary);
    else writeQcow2(temporary, { backingFile: resolve(base), backingFormat: format, virtualSize: virtualSize(base) });
    return strategy === 'qcow2' ? 'qcow2' : format;
  };
  return await writeAtomic(child, write, { exclusive: true });
}

function firstBytes(path: string): Buffer {
  const bytes = Buffer.alloc(32);
  let fd: number;
  try {
    fd = openSync(path, 'r');
  } catch (cause) {
    throw new XlfsError('USAGE', `there is no disk image ${path}`, { cause });
  }
  try {
    readSync(fd, bytes, 0, bytes.length, 0);
  } finally {
    closeSync(fd);
  }
  return bytes;
}

function taken(child: string): XlfsError {
  return new XlfsError('USAGE', `${child} exists already and is not overwritten`, {
    hint: 'Choose another name, or remove it first.',
  });
}
