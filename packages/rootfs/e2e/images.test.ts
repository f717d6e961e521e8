import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { withArchive } from '../src/archive/archive.ts';
import { writeImage, type ImageFormat } from '../src/image/image.ts';
import { portrait } from '../src/testing/compare.ts';
import { sampleTree } from '../src/testing/sample-tree.ts';
import { oracle, scratchFolder } from '../src/testing/scratch.ts';
import type { Entry } from '../src/tree/entry.ts';
import { mergeLayers } from '../src/tree/layers.ts';
import { walkTree } from '../src/tree/walk.ts';

const scratch = scratchFolder();
const at = (name: string) => join(scratch, name);
const root = process.getuid?.() === 0;
const digest = (path: string) => createHash('sha256').update(readFileSync(path)).digest('hex');

/** What any user can have made into an erofs image. */
const ordinary = (): Entry[] =>
  sampleTree()
    .filter(({ type }) => type !== 'char' && type !== 'block')
    .map(({ xattrs: _, ...entry }) => ({ ...entry, uid: process.getuid?.() ?? 0, gid: process.getgid?.() ?? 0 }));

describe('an image', () => {
  it.each<ImageFormat>(['ext4', 'squashfs', 'cpio', 'tar', 'qcow2', 'erofs'])(
    'in the format %s has the same bytes for the same tree, whenever it is made',
    async (format) => {
      const tree = format === 'erofs' ? ordinary() : sampleTree();
      await writeImage(tree, at(`a.${format}`), { format, epoch: 1_700_000_000 });
      await new Promise((done) => setTimeout(done, 1100));
      await writeImage([...tree].reverse(), at(`b.${format}`), { format, epoch: 1_700_000_000 });
      expect(digest(at(`b.${format}`))).toBe(digest(at(`a.${format}`)));
    },
  );

  it('squashfs: unsquashfs finds every entry with its owner, mode, device and attributes', async () => {
    await writeImage(sampleTree(), at('s.squashfs'), { format: 'squashfs' });
    const listing = oracle('unsquashfs', '-lln', at('s.squashfs'));
    expect(listing).toMatch(/crw-rw-rw-\s+0\/0\s+1,\s*3 .*\/dev\/null/);
    expect(listing).toMatch(/brw-rw----\s+0\/6\s+202,\s*0 .*\/dev\/xvda/);
    expect(listing).toMatch(/-rw-r-----\s+100000\/100001\s+9 .*\/home\/alice\/notes/);
    expect(listing).toMatch(/-rwsr-xr-x .*\/usr\/bin\/tool-alias/);
    expect(oracle('unsquashfs', '-cat', at('s.squashfs'), 'home/alice/notes')).toBe('remember\n');
    expect(oracle('unsquashfs', '-stat', at('s.squashfs'))).toContain('Compression zstd');
    if (root) {
      oracle('unsquashfs', '-d', at('unsquashed'), '-xattrs', at('s.squashfs'));
      const without = { without: ['nanoseconds'] as const };
      expect(await portrait((await walkTree(at('unsquashed'))).values(), without)).toEqual(await portrait(sampleTree(), without));
    }
  });

  it('erofs: fsck.erofs is content and extracts what went in', async () => {
    await writeImage(ordinary(), at('e.erofs'), { format: 'erofs' });
    oracle('fsck.erofs', at('e.erofs'));
    oracle('fsck.erofs', `--extract=${at('unerofs')}`, at('e.erofs'));
    expect(readFileSync(join(at('unerofs'), 'home/alice/notes'), 'utf8')).toBe('remember\n');
    expect(oracle('dump.erofs', '--path=/usr/bin/tool', at('e.erofs'))).toMatch(
      /Links: 2 [^]*Access: 0755\/rwxr-xr-x\nTimestamp: 2023-11-14/,
    );
  });

  it('cpio: GNU cpio lists it, and our reader finds what went in', async () => {
    await writeImage(sampleTree(), at('c.cpio'), { format: 'cpio', compression: 'none' });
    const listing = oracle('sh', '-c', `cpio -itv --quiet < ${at('c.cpio')}`);
    expect(listing).toMatch(/crw-------\s+1 root\s+root\s+5,\s*1 .* dev\/console/);
    const without = { without: ['xattrs', 'nanoseconds'] as const };
    await withArchive(at('c.cpio'), async (tree) =>
      expect(await portrait(tree.values(), without)).toEqual(await portrait(sampleTree(), without)),
    );
  });

  it.each(['gzip', 'xz', 'zstd', 'lz4'] as const)('cpio: compressed with %s it is what the kernel takes', async (compression) => {
    const { size, path } = await writeImage(sampleTree(), at(`c.${compression}`), { format: 'cpio', compression });
    expect(size).toBeLessThan(10_000);
    expect(oracle('sh', '-c', `${compression} -dc < ${path} | cpio -it --quiet`)).toContain('dev/console');
    // lib/decompress_unxz.c takes CRC32 only, lib/decompress_unlz4.c the legacy frame only.
    if (compression === 'xz') expect(oracle('xz', '-l', '--verbose', path)).toContain('CRC32');
    if (compression === 'lz4') expect(readFileSync(path).readUInt32LE(0)).toBe(0x184c2102);
  });

  it('tar: GNU tar lists it, and our reader finds everything that went in, to the nanosecond', async () => {
    await writeImage(sampleTree(), at('t.tar'), { format: 'tar', compression: 'none' });
    const listing = oracle('tar', '--numeric-owner', '-tvf', at('t.tar'));
    expect(listing).toMatch(/brw-rw---- 0\/6\s+202,0/);
    expect(listing).toMatch(/usr\/bin\/tool-alias link to \.\/usr\/bin\/tool/);
    await withArchive(at('t.tar'), async (tree) => expect(await portrait(tree.values())).toEqual(await portrait(sampleTree())));
  });

  it('qcow2: qemu-img finds no error, and the same disk as in the raw image', async () => {
    await writeImage(sampleTree(), at('q.qcow2'), { format: 'qcow2', size: 64 << 20 });
    await writeImage(sampleTree(), at('q.raw'), { format: 'ext4', size: 64 << 20 });
    oracle('qemu-img', 'check', at('q.qcow2'));
    expect(oracle('qemu-img', 'compare', at('q.raw'), at('q.qcow2'))).toContain('identical');
  });

  it('refuses a format that there is not', async () => {
    await expect(writeImage([], at('x'), { format: 'iso' as ImageFormat })).rejects.toMatchObject({ code: 'USAGE' });
  });
});

describe('layers', () => {
  it('are merged in order: later files win, removals take folders along, folders keep what lies in them', async () => {
    const layer = (files: Record<string, string>) => {
      const folder = mkdtempSync(at('layer-'));
      for (const [path, text] of Object.entries(files)) {
        mkdirSync(join(folder, path, '..'), { recursive: true });
        writeFileSync(join(folder, path), text);
      }
      return folder;
    };
    const tree = await mergeLayers([
      layer({ 'a/one': '1', 'a/two': '2', 'b/deep/x': 'x', 'c/y': 'y' }),
      { root: layer({ 'a/two': 'new', b2: 'file', c: 'now a file' }), removed: ['b'] },
      layer({ 'b/again': 'z' }),
    ]);
    expect([...tree.keys()].sort()).toEqual(['', 'a', 'a/one', 'a/two', 'b', 'b/again', 'b2', 'c']);
    expect(tree.get('c')?.type).toBe('file');
  });
});
