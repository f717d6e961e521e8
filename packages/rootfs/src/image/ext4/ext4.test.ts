import { createHash } from 'node:crypto';
import { execFileSync } from 'node:child_process';
import {
  mkdirSync,
  readFileSync,
  statSync,
  truncateSync,
  writeFileSync,
  copyFileSync,
  openSync,
  writeSync,
  closeSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { portrait } from '../../testing/compare.ts';
import { sampleTree } from '../../testing/sample-tree.ts';
import { oracle, scratchFolder } from '../../testing/scratch.ts';
import { directory, file, orderedEntries } from '../../tree/entry.ts';
import { Ext4Reader } from './read.ts';
import { writeExt4 } from './write.ts';

const scratch = scratchFolder();
const image = (name: string) => join(scratch, name);
const check = (path: string) => oracle('e2fsck', '-fn', path);

describe('an ext4 image', () => {
  it('keeps owners, modes, times, devices, attributes, hard links and odd names', async () => {
    const out = image('sample.ext4');
    await writeExt4(sampleTree(), out);
    check(out);
    using reader = new Ext4Reader(out);
    expect(await portrait(reader.tree().values())).toEqual(await portrait(sampleTree()));
  });

  it('is read by debugfs as it was meant', async () => {
    const out = image('debugfs.ext4');
    await writeExt4(sampleTree(), out);
    const ask = (request: string) => oracle('debugfs', '-R', request, out);
    expect(ask('cat /home/alice/notes')).toBe('remember\n');
    expect(ask('stat /home/alice/notes')).toMatch(/User:\s+100000\s+Group:\s+100001/);
    expect(ask('stat /dev/large')).toMatch(/major\/minor number: 300:70000/);
    expect(ask('stat /usr/bin/tool')).toMatch(/Links: 2/);
    expect(ask('ea_list /usr/bin/ping')).toMatch(/security\.capability \(20\)/);
    expect(ask('ea_list /usr/lib/many-attributes')).toMatch(/user\.b \(500\)/);
    expect(ask('stat /usr/long-link')).toMatch(/Size: 154/);
  });

  it('has the same bytes for the same tree in another order, and others for another tree', async () => {
    const digest = async (name: string, entries: Parameters<typeof writeExt4>[0]) => {
      await writeExt4(entries, image(name), { epoch: 1_700_000_000 });
      return createHash('sha256')
        .update(readFileSync(image(name)))
        .digest('hex');
    };
    const first = await digest('a.ext4', sampleTree());
    expect(await digest('b.ext4', sampleTree().reverse())).toBe(first);
    expect(await digest('c.ext4', [...sampleTree(), file('etc/more', '')])).not.toBe(first);
  });

  it('has holes where a file has zeros', async () => {
    const out = image('holes.ext4');
    await writeExt4([file('zeros', Buffer.alloc(64 << 20))], out);
    check(out);
    expect(statSync(out).blocks * 512).toBeLessThan(1 << 20);
  });

  it.each([1, 16, 100, 300, 1100])(
    'is clean with a given size of %i MiB, and the kernel format allows it to grow',
    async (mebibytes) => {
      const out = image(`size-${String(mebibytes)}.ext4`);
      await writeExt4([file('a', 'x'.repeat(10_000))], out, {
        size: mebibytes * 2 ** 20,
        label: 'root',
        uuid: '11111111-2222-4333-8444-555555555555',
      });
      expect(statSync(out).size).toBe(mebibytes * 2 ** 20);
      check(out);
      expect(oracle('dumpe2fs', '-h', out)).toMatch(
        /volume name:\s+root\nLast mounted[^\n]*\nFilesystem UUID:\s+11111111-2222-4333-8444-555555555555/,
      );
      truncateSync(out, mebibytes * 2 ** 21);
      oracle('resize2fs', out);
      check(out);
    },
  );

  it.each([1, 3, 340, 900])('is clean with a file in %i pieces', async (pieces) => {
    const out = image('pieces.ext4');
    const bytes = Buffer.alloc(pieces * 131_072);
    for (let piece = 0; piece < pieces; piece++) bytes.write(`piece ${String(piece)}`, piece * 131_072);
    await writeExt4([file('f', bytes)], out);
    check(out);
    using reader = new Ext4Reader(out);
    expect(reader.readFile('f')?.equals(bytes)).toBe(true);
  });

  it('is clean with thousands of names in one folder and folders in another', async () => {
    const out = image('many.ext4');
    const names = Array.from({ length: 5000 }, (_, index) =>
      file(`many/${'n'.repeat(index % 200)}${String(index)}`, String(index)),
    );
    const folders = Array.from({ length: 2000 }, (_, index) => directory(`folders/${String(index)}`));
    await writeExt4([...names, ...folders], out);
    check(out);
    using reader = new Ext4Reader(out);
    expect(reader.list('many')).toHaveLength(5000);
    expect(reader.readFile(names[4321]?.path ?? '')?.toString()).toBe('4321');
  });

  it('is clean when it spans several block groups', async () => {
    const out = image('groups.ext4');
    const bytes = Buffer.alloc(3 << 20, 'data ');
    const files = Array.from({ length: 90 }, (_, index) => file(`f${String(index)}`, bytes));
    await writeExt4(files, out);
    check(out);
    using reader = new Ext4Reader(out);
    expect(reader.readFile('f89')?.equals(bytes)).toBe(true);
    expect(reader.info.freeBytes).toBeLessThan(16 << 20);
  });

  it('refuses a size that the tree does not fit, and leaves no file', async () => {
    const out = image('small.ext4');
    await expect(writeExt4([file('a', Buffer.alloc(8 << 20, 1))], out, { size: 4 << 20 })).rejects.toMatchObject({
      code: 'USAGE',
    });
    expect(() => statSync(out)).toThrow('ENOENT');
  });

  it('is read when mke2fs made it: with 1 KiB blocks, without extents, with 64 bit', async () => {
    const folder = image('source');
    mkdirSync(join(folder, 'sub'), { recursive: true });
    writeFileSync(join(folder, 'sub/large'), Buffer.alloc(3_000_000, 'large '));
    writeFileSync(join(folder, 'small'), 'small');
    for (const options of [
      ['-t', 'ext2', '-b', '1024'],
      ['-t', 'ext3'],
      ['-t', 'ext4', '-O', '64bit'],
    ]) {
      const out = image(`mke2fs-${options.length.toString()}${options[1] ?? ''}`);
      writeFileSync(out, '');
      truncateSync(out, 32 << 20);
      oracle('mke2fs', '-q', '-F', ...options, '-d', folder, out);
      using reader = new Ext4Reader(out);
      expect(reader.readFile('sub/large')?.equals(readFileSync(join(folder, 'sub/large')))).toBe(true);
      expect([...reader.tree().keys()].sort()).toEqual(['', 'small', 'sub', 'sub/large']);
    }
  });
});

describe('a hostile image', () => {
  it('ends in an error or in data, never in a hang or a crash, whatever bytes are flipped', async () => {
    const good = image('good.ext4');
    await writeExt4(sampleTree(), good);
    const size = statSync(good).size;
    let seed = 42;
    const random = (below: number) => (seed = (seed * 1_103_515_245 + 12_345) % 2 ** 31) % below;
    for (let round = 0; round < 150; round++) {
      const bad = image('bad.ext4');
      copyFileSync(good, bad);
      const fd = openSync(bad, 'r+');
      for (let flips = 0; flips < 30; flips++)
        writeSync(fd, Buffer.from([random(256)]), 0, 1, random(round % 2 === 0 ? Math.min(size, 200_000) : 4096));
      closeSync(fd);
      try {
        using reader = new Ext4Reader(bad);
        for (const entry of orderedEntries(reader.tree().values()))
          if (entry.size < 1 << 22) reader.readFile(entry.path, 1 << 22);
      } catch (error) {
        expect(['ARCHIVE_INVALID', 'ARCHIVE_ESCAPES', 'ASSEMBLY_FAILED']).toContain((error as { code?: string }).code);
      }
    }
  });
});

describe('an image that the kernel mounts', () => {
  it('is the same through the kernel as it was written', () => {
    // debugfs's rdump stands in for a mount: it needs no rights.
    const out = image('sample.ext4');
    const target = image('dump');
    mkdirSync(target);
    execFileSync('/usr/sbin/debugfs', ['-R', `rdump /usr ${target}`, out], { stdio: 'pipe' });
    expect(readFileSync(join(target, 'usr/bin/ping'), 'utf8')).toBe('ping');
  });
});
