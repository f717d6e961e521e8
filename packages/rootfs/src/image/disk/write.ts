import { closeSync, ftruncateSync, openSync, writeSync } from 'node:fs';
import { XlfsError } from '@xlfs/core';
import { writeAtomic } from '../../store/atomic.ts';
import type { Entry } from '../../tree/entry.ts';
import { writeExt4At } from '../ext4/write.ts';
import { uuidFrom } from '../uuid.ts';
import { embedGrub, type GrubImages } from './grub.ts';
import { partitionTable, partitionUuid, SECTOR, type PartitionPlace } from './partition-table.ts';
import { swapHeader } from './swap.ts';

interface CommonPartition {
  /** Up to 16 bytes. */
  readonly label: string;
  /** Made from the label and the disk's signature when left out. */
  readonly uuid?: string;
}

export interface Ext4Partition extends CommonPartition {
  readonly type: 'ext4';
  readonly entries: Iterable<Entry>;
  /** Bytes; fitted to the tree when left out. */
  readonly size?: number;
  /** Bytes to leave free in a fitted one. @default 0 */
  readonly free?: number;
  /** Marked as the one to boot from. @default false */
  readonly active?: boolean;
}

export interface SwapPartition extends CommonPartition {
  readonly type: 'swap';
  /** Bytes. */
  readonly size: number;
}

export interface DiskOptions {
  readonly partitions: readonly (Ext4Partition | SwapPartition)[];
  /** 32 bits that tell this disk from others: see {@link partitionTable}. */
  readonly signature: number;
  /** Put where BIOS firmware starts it. */
  readonly grub?: GrubImages;
  /** Time of the file systems and latest time of their files; seconds. @default 0 */
  readonly epoch?: number;
}

export interface WrittenPartition {
  readonly type: 'ext4' | 'swap';
  readonly label: string;
  readonly uuid: string;
  readonly partuuid: string;
  /** Bytes from the start of the disk. */
  readonly offset: number;
  /** Bytes. */
  readonly size: number;
}

export interface WrittenDisk {
  readonly path: string;
  /** Bytes; holes take no room on the disk below. */
  readonly size: number;
  readonly partitions: readonly WrittenPartition[];
}

/** Every partition starts at a multiple of this; the first one leaves as much for the boot loader. */
const ALIGNMENT = 1 << 20;

const TYPES = { ext4: 0x83, swap: 0x82 } as const;

/** The uuid that a partition of {@link writeDisk} has when none is given: so that an fstab inside of it can name it. */
export function defaultPartitionUuid(signature: number, label: string): string {
  return uuidFrom('partition', signature.toString(16), label);
}

/**
 * Write a disk image: an MBR partition table, ext4 and swap partitions, and GRUB for BIOS firmware, as an ordinary user, without mounting
 * and without a loop device. The same trees and options give the same bytes.
 */
export async function writeDisk(out: string, options: DiskOptions): Promise<WrittenDisk> {
  const { signature, partitions, grub, epoch = 0 } = options;
  if (!Number.isInteger(signature) || signature <= 0 || signature > 0xffffffff)
    throw new XlfsError('USAGE', `${String(signature)} cannot be a disk's signature: 32 bits, and not 0`);
  return await writeAtomic(out, async (temporary) => {
    const fd = openSync(temporary, 'wx', 0o644);
    try {
      const places: PartitionPlace[] = [];
      const written: WrittenPartition[] = [];
      let end = ALIGNMENT;
      for (const [index, partition] of partitions.entries()) {
        const { type, label, uuid = defaultPartitionUuid(signature, label) } = partition;
        const offset = end;
        const used = partition.type === 'ext4' ? await putExt4(temporary, offset, partition, uuid, epoch) : partition.size;
        if (partition.type === 'swap') put(fd, swapHeader(partition.size, { uuid, label }), offset);
        const size = Math.ceil(used / ALIGNMENT) * ALIGNMENT;
        end += size;
        const active = partition.type === 'ext4' && partition.active === true;
        places.push({ start: offset / SECTOR, count: size / SECTOR, type: TYPES[type], active });
        written.push({ type, label, uuid, partuuid: partitionUuid(signature, index + 1), offset, size });
      }
      const sector = partitionTable(places, signature);
      if (grub !== undefined) put(fd, embedGrub(sector, grub, ALIGNMENT / SECTOR - 1), SECTOR);
      put(fd, sector, 0);
      ftruncateSync(fd, end);
      return { path: out, size: end, partitions: written };
    } finally {
      closeSync(fd);
    }
  });
}

async function putExt4(path: string, offset: number, partition: Ext4Partition, uuid: string, epoch: number): Promise<number> {
  const { entries, label, size, free } = partition;
  const image = await writeExt4At(entries, path, offset, {
    ...(size === undefined ? {} : { size }),
    ...(free === undefined ? {} : { free }),
    label,
    uuid,
    epoch,
  });
  return image.size;
}

function put(fd: number, bytes: Uint8Array, offset: number): void {
  for (let done = 0; done < bytes.length;) done += writeSync(fd, bytes, done, bytes.length - done, offset + done);
}
