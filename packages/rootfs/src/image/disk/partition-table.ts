import { XlfsError } from '@xlfs/core';

export const SECTOR = 512;

/** Where the table lies in the first sector, and what ends that sector. */
const SIGNATURE_AT = 440;
const ENTRIES_AT = 446;
const ENTRY_SIZE = 16;
const MOST_ENTRIES = 4;
/** The geometry that firmware assumes for a disk addressed by blocks. */
const HEADS = 255;
const TRACK = 63;

/** One primary partition; sectors. */
export interface PartitionPlace {
  readonly start: number;
  readonly count: number;
  readonly type: number;
  /** Marked as the one to boot from. */
  readonly active: boolean;
}

/**
 * The first sector of a disk with an MBR partition table, but for its boot code. `signature` is the disk's identity: Linux calls partition 2
 * of it `PARTUUID=<signature>-02`.
 * @throws USAGE for more than four partitions, or one that ends behind the 2 TiB that the table can name.
 */
export function partitionTable(places: readonly PartitionPlace[], signature: number): Buffer {
  if (places.length > MOST_ENTRIES) throw new XlfsError('USAGE', 'an MBR partition table has four entries');
  const sector = Buffer.alloc(SECTOR);
  sector.writeUInt32LE(signature >>> 0, SIGNATURE_AT);
  places.forEach(({ start, count, type, active }, index) => {
    if (start + count > 2 ** 32) throw new XlfsError('USAGE', 'an MBR partition table ends at 2 TiB');
    const entry = sector.subarray(ENTRIES_AT + index * ENTRY_SIZE, ENTRIES_AT + (index + 1) * ENTRY_SIZE);
    entry[0] = active ? 0x80 : 0;
    cylinderHeadSector(start).copy(entry, 1);
    entry[4] = type;
    cylinderHeadSector(start + count - 1).copy(entry, 5);
    entry.writeUInt32LE(start, 8);
    entry.writeUInt32LE(count, 12);
  });
  sector.writeUInt16LE(0xaa55, 510);
  return sector;
}

/** `PARTUUID` of a partition, counted from 1. */
export function partitionUuid(signature: number, number: number): string {
  return `${signature.toString(16).padStart(8, '0')}-${number.toString(16).padStart(2, '0')}`;
}

/** The three bytes of the old kind of address; the highest one stands for everything behind it. */
function cylinderHeadSector(sector: number): Buffer {
  const cylinder = Math.floor(sector / (HEADS * TRACK));
  if (cylinder > 1023) return Buffer.from([HEADS - 1, 0xc0 | TRACK, 0xff]);
  const head = Math.floor(sector / TRACK) % HEADS;
  return Buffer.from([head, ((cylinder >> 2) & 0xc0) | ((sector % TRACK) + 1), cylinder & 0xff]);
}
