import { createHash } from 'node:crypto';
import { closeSync, openSync, readFileSync, readSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { sampleTree } from '../../testing/sample-tree.ts';
import { oracle, scratchFolder } from '../../testing/scratch.ts';
import { file } from '../../tree/entry.ts';
import { embedGrub } from './grub.ts';
import { partitionTable } from './partition-table.ts';
import { writeDisk, type DiskOptions } from './write.ts';

const scratch = scratchFolder();
const image = (name: string) => join(scratch, name);
const MIB = 1 << 20;
const SIGNATURE = 0x1f5c0de;

function boot(): Buffer {
  const sector = Buffer.alloc(512, 0xb0);
  sector.writeUInt16LE(0xaa55, 510);
  return sector;
}

const options = (): DiskOptions => ({
  signature: SIGNATURE,
  epoch: 1_700_000_000,
  grub: { boot: boot(), core: Buffer.alloc(40_000, 0xc0) },
  partitions: [
    { type: 'ext4', label: 'boot', entries: [file('vmlinuz', 'kernel')], size: 32 * MIB, active: true },
    { type: 'ext4', label: 'root', entries: sampleTree(), free: 8 * MIB },
    { type: 'swap', label: 'swap', size: 16 * MIB },
  ],
});

function bytes(path: string, offset: number, length: number): Buffer {
  const fd = openSync(path, 'r');
  const buffer = Buffer.alloc(length);
  readSync(fd, buffer, 0, length, offset);
  closeSync(fd);
  return buffer;
}

describe('a disk image', () => {
  it('has the partitions that sfdisk sees, under the names that Linux gives them', async () => {
    const { partitions, size } = await writeDisk(image('table.img'), options());
    const { partitiontable } = JSON.parse(oracle('sfdisk', '--json', image('table.img'))) as {
      partitiontable: {
        label: string;
        id: string;
        partitions: { start: number; size: number; type: string; bootable?: boolean }[];
      };
    };
    expect(partitiontable).toMatchObject({ label: 'dos', id: '0x01f5c0de' });
    expect(partitiontable.partitions.map(({ start, size: sectors, type }) => [start * 512, sectors * 512, type])).toEqual(
      partitions.map(({ offset, size: length, type }) => [offset, length, type === 'swap' ? '82' : '83']),
    );
    expect(partitiontable.partitions.map(({ bootable }) => bootable === true)).toEqual([true, false, false]);
    expect(partitions.map(({ partuuid }) => partuuid)).toEqual(['01f5c0de-01', '01f5c0de-02', '01f5c0de-03']);
    const last = partitions.at(-1);
    expect(size).toBe((last?.offset ?? 0) + (last?.size ?? 0));
    expect(oracle('sfdisk', '--verify', image('table.img'))).toContain('No errors detected');
  });

  it('has file systems that e2fsck finds nothing in, and swap that blkid knows by label and uuid', async () => {
    const { partitions } = await writeDisk(image('systems.img'), options());
    for (const { type, offset, size, label, uuid } of partitions) {
      if (type === 'ext4') oracle('e2fsck', '-fn', `${image('systems.img')}?offset=${String(offset)}`);
      const probed = oracle('blkid', '-p', '-o', 'export', '-O', String(offset), '-S', String(size), image('systems.img'));
      expect(probed).toContain(`LABEL=${label}\n`);
      expect(probed).toContain(`UUID=${uuid}\n`);
      expect(probed).toContain(`TYPE=${type}\n`);
    }
  });

  it('takes no room for what is empty, and has the same bytes each time', async () => {
    await writeDisk(image('a.img'), options());
    await writeDisk(image('b.img'), options());
    const digest = (name: string) =>
      createHash('sha256')
        .update(readFileSync(image(name)))
        .digest('hex');
    expect(digest('b.img')).toBe(digest('a.img'));
    expect(statSync(image('a.img')).blocks * 512).toBeLessThan(statSync(image('a.img')).size / 4);
  });

  it("keeps the partition table and the disk's signature when GRUB is put before it", async () => {
    const { partitions } = await writeDisk(image('grub.img'), options());
    const without = options();
    delete (without as { grub?: unknown }).grub;
    await writeDisk(image('plain.img'), without);
    expect(bytes(image('grub.img'), 440, 72)).toEqual(bytes(image('plain.img'), 440, 72));
    expect(bytes(image('grub.img'), 0, 2)).toEqual(Buffer.from([0xb0, 0xb0]));
    const core = bytes(image('grub.img'), 512, Math.ceil(40_000 / 512) * 512);
    expect(core.subarray(512, 40_000).equals(Buffer.alloc(40_000 - 512, 0xc0))).toBe(true);
    // The block list of the first sector: the rest, from sector 2 on, to 0x8200.
    expect([core.readBigUInt64LE(500), core.readUInt16LE(508), core.readUInt16LE(510)]).toEqual([2n, 78, 0x820]);
    expect(partitions[0]?.offset).toBe(MIB);
  });
});

describe('GRUB', () => {
  it('is refused when it does not fit before the first partition, or is something else', () => {
    const sector = partitionTable([], SIGNATURE);
    expect(() => embedGrub(sector, { boot: boot(), core: Buffer.alloc(2 * MIB) }, 2047)).toThrow(/4096 sectors.* 2047/);
    expect(() => embedGrub(sector, { boot: Buffer.alloc(512), core: Buffer.alloc(2048) }, 2047)).toThrow(/boot\.img/);
    expect(() => embedGrub(sector, { boot: boot(), core: Buffer.alloc(512) }, 2047)).toThrow(/core\.img/);
  });
});

describe('a partition table', () => {
  it('refuses what it cannot name', () => {
    const place = { start: 2048, count: 2048, type: 0x83, active: false };
    expect(() => partitionTable([place, place, place, place, place], 1)).toThrow(/four/);
    expect(() => partitionTable([{ ...place, count: 2 ** 32 }], 1)).toThrow(/2 TiB/);
  });
});
