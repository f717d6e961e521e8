import { spawn } from 'node:child_process';
import { rm, stat } from 'node:fs/promises';
import { XlfsError } from '@xlfs/core';
import { interruptible, type Interruptible } from '../store/interrupt.ts';
import { temporaryBeside, writeAtomic } from '../store/atomic.ts';
import type { Entry } from '../tree/entry.ts';
import { collect, requireSuccess } from '../tree/process.ts';
import type { Compression } from './compress.ts';
import { writeCpio } from './cpio.ts';
import { writeErofs } from './erofs.ts';
import { writeExt4, type Ext4Options } from './ext4/write.ts';
import { writeSquashfs } from './squashfs.ts';
import { writeTar } from './tar.ts';

export const IMAGE_FORMATS = ['ext4', 'squashfs', 'erofs', 'cpio', 'tar', 'qcow2'] as const;
export type ImageFormat = (typeof IMAGE_FORMATS)[number];

export interface ImageOptions extends Ext4Options, Interruptible {
  readonly format: ImageFormat;
  /** cpio and tar. @default 'zstd' */
  readonly compression?: Compression;
}

export interface ImageResult {
  readonly path: string;
  readonly format: ImageFormat;
  /** Bytes of the file, holes included. */
  readonly size: number;
  readonly uuid?: string;
}

/** Write a tree as an image of any format. The same tree and options give the same bytes. */
export async function writeImage(entries: Iterable<Entry>, out: string, options: ImageOptions): Promise<ImageResult> {
  return await interruptible(options.signal, () => writeAs(entries, out, options));
}

async function writeAs(entries: Iterable<Entry>, out: string, options: ImageOptions): Promise<ImageResult> {
  const { format, compression = 'zstd', epoch } = options;
  const time = epoch === undefined ? {} : { epoch };
  switch (format) {
    case 'ext4': {
      const { size, uuid } = await writeExt4(entries, out, options);
      return { path: out, format, size, uuid };
    }
    case 'qcow2':
      return await writeQcow2Image(entries, out, options);
    case 'squashfs':
      return { format, ...(await writeSquashfs(entries, out, time)) };
    case 'erofs':
      return {
        format,
        ...(await writeErofs(entries, out, { ...time, ...(options.uuid === undefined ? {} : { uuid: options.uuid }) })),
      };
    case 'cpio': {
      const { size } = await writeCpio(entries, out, { compression, ...time });
      return { path: out, format, size };
    }
    case 'tar': {
      const { size } = await writeTar(entries, out, { compression, ...time });
      return { path: out, format, size };
    }
    default:
      throw new XlfsError('USAGE', `there is no image format ${String(format)}`, {
        hint: `There are: ${IMAGE_FORMATS.join(', ')}.`,
      });
  }
}

/** An ext4 file system in a qcow2 image of its own, without a base. */
async function writeQcow2Image(entries: Iterable<Entry>, out: string, options: ImageOptions): Promise<ImageResult> {
  const raw = temporaryBeside(`${out}.raw`);
  try {
    const { uuid } = await writeExt4(entries, raw, options);
    const size = await writeAtomic(out, async (temporary) => {
      const child = spawn('qemu-img', ['convert', '-q', '-f', 'raw', '-O', 'qcow2', raw, temporary], {
        stdio: ['ignore', 'ignore', 'pipe'],
      });
      requireSuccess(await collect(child, 'qemu-img'));
      return (await stat(temporary)).size;
    });
    return { path: out, format: 'qcow2', size, uuid };
  } finally {
    await rm(raw, { force: true });
  }
}
