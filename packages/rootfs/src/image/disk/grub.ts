import { XlfsError } from '@xlfs/core';
import { SECTOR } from './partition-table.ts';

/** GRUB's two files for BIOS firmware: its boot sector, and what `grub-mkimage -O i386-pc` makes. */
export interface GrubImages {
  readonly boot: Uint8Array;
  readonly core: Uint8Array;
}

// Places in boot.img (grub: include/grub/i386/pc/boot.h).
const PARAMETERS = { from: 0x03, to: 0x5a } as const;
const KERNEL_SECTOR = 0x5c;
const BOOT_DRIVE = 0x64;
const DRIVE_CHECK = 0x66;
const PARTITION_DATA = 0x1b8;
/** The drive that the firmware names when it starts the boot sector. */
const FIRMWARE_DRIVE = 0xff;
const NO_OPERATION = 0x90;

// The block list at the end of core.img's first sector grows downwards: start (8 bytes), count, segment to load to.
const FIRST_BLOCKS = SECTOR - 12;
/** One sector less than what a BIOS loads first, in paragraphs above 0x8000. */
const LOAD_SEGMENT = 0x820;
const CORE_SECTOR = 1;

/**
 * What `grub-install` does to a disk, on buffers: `sector` is the disk's first one with its partition table, which stays. The core lies
 * behind it in one stretch, in the gap before the first partition.
 * @returns the bytes of the core, to be written from sector 1 on.
 * @throws ASSEMBLY_FAILED when the files are not GRUB's, or the gap is too small.
 */
export function embedGrub(sector: Buffer, { boot, core }: GrubImages, gapSectors: number): Buffer {
  if (boot.length !== SECTOR || Buffer.from(boot).readUInt16LE(SECTOR - 2) !== 0xaa55)
    throw new XlfsError('ASSEMBLY_FAILED', "this is not GRUB's boot.img: it has to be one sector that ends in 55 aa");
  const sectors = Math.ceil(core.length / SECTOR);
  if (sectors < 2) throw new XlfsError('ASSEMBLY_FAILED', "this is not GRUB's core.img: it has a sector at most");
  if (sectors > gapSectors) {
    throw new XlfsError(
      'ASSEMBLY_FAILED',
      `GRUB's core.img takes ${String(sectors)} sectors, and the gap before the first partition has ${String(gapSectors)}`,
      { hint: 'give grub-mkimage fewer modules' },
    );
  }
  const parameters = Buffer.from(sector.subarray(PARAMETERS.from, PARAMETERS.to));
  Buffer.from(boot).copy(sector, 0, 0, PARTITION_DATA);
  parameters.copy(sector, PARAMETERS.from);
  sector.writeBigUInt64LE(BigInt(CORE_SECTOR), KERNEL_SECTOR);
  sector[BOOT_DRIVE] = FIRMWARE_DRIVE;
  // Some firmware names a wrong drive; on a hard disk the check for that is switched off, as grub-install does.
  sector.fill(NO_OPERATION, DRIVE_CHECK, DRIVE_CHECK + 2);

  const embedded = Buffer.alloc(sectors * SECTOR);
  embedded.set(core);
  embedded.writeBigUInt64LE(BigInt(CORE_SECTOR + 1), FIRST_BLOCKS);
  embedded.writeUInt16LE(sectors - 1, FIRST_BLOCKS + 8);
  embedded.writeUInt16LE(LOAD_SEGMENT, FIRST_BLOCKS + 10);
  // The entry before it ends the list.
  embedded.fill(0, FIRST_BLOCKS - 12, FIRST_BLOCKS);
  return embedded;
}
