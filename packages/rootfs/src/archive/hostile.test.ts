import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync, zstdCompressSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { pax, rawCpio, rawTar, type RawMember } from '../testing/raw-archives.ts';
import { oracle, scratchFolder } from '../testing/scratch.ts';
import { materialise } from '../tree/materialise.ts';
import { withArchive } from './archive.ts';

const scratch = scratchFolder();

/** A folder with a canary beside the one that an archive is unpacked to. */
function arena(): { target: string; canary: string; archive: (bytes: Buffer) => string } {
  const folder = mkdtempSync(join(scratch, 'arena-'));
  mkdirSync(join(folder, 'outside'));
  const canary = join(folder, 'outside/canary');
  writeFileSync(canary, 'alive');
  return {
    target: join(folder, 'target'),
    canary,
    archive: (bytes) => {
      writeFileSync(join(folder, 'archive'), bytes);
      return join(folder, 'archive');
    },
  };
}

async function unpack(path: string, target: string, limit?: number): Promise<void> {
  await withArchive(
    path,
    (tree) => materialise(tree.values(), target),
    limit === undefined ? {} : { maxUnpacked: limit, maxBytes: limit },
  );
}

const escape: Record<string, readonly RawMember[]> = {
  'a path with ..': [{ path: '../outside/canary', data: 'dead' }],
  'a path with .. inside': [{ path: 'a/../../outside/canary', data: 'dead' }],
  'a path with many ..': [{ path: `${'../'.repeat(40)}tmp/xlfs-escaped`, data: 'dead' }],
  'an absolute path': [{ path: '/tmp/xlfs-escaped', data: 'dead' }],
  'an absolute path with two slashes': [{ path: '//tmp/xlfs-escaped', data: 'dead' }],
  'a folder that is ..': [{ path: '..', type: '5', mode: 0o777 }],
  'a symlink, and a file below it': [
    { path: 'link', type: '2', target: '../outside' },
    { path: 'link/canary', data: 'dead' },
  ],
  'an absolute symlink, and a file below it': [
    { path: 'link', type: '2', target: '/tmp' },
    { path: 'link/xlfs-escaped', data: 'dead' },
  ],
  'a file below a symlink that comes later': [
    { path: 'link/canary', data: 'dead' },
    { path: 'link', type: '2', target: '../outside' },
  ],
  'two symlinks, and a file below both': [
    { path: 'a', type: '2', target: 'b' },
    { path: 'b', type: '2', target: '../outside' },
    { path: 'a/canary', data: 'dead' },
  ],
  'a symlink in a folder, and a file through it': [
    { path: 'd', type: '5' },
    { path: 'd/up', type: '2', target: '../../outside' },
    { path: 'd/up/canary', data: 'dead' },
  ],
  'a symlink to itself, and a file below': [
    { path: 'me', type: '2', target: 'me' },
    { path: 'me/x', data: 'dead' },
  ],
  'a folder below a symlink': [
    { path: 'link', type: '2', target: '../outside' },
    { path: 'link/new', type: '5' },
  ],
  'a folder, then a symlink of its name, then a file': [
    { path: 'd', type: '5' },
    { path: 'd', type: '2', target: '../outside' },
    { path: 'd/canary', data: 'dead' },
  ],
  'a file, and a file below it': [
    { path: 'f', data: 'x' },
    { path: 'f/g', data: 'y' },
  ],
  'a device, and a file below it': [
    { path: 'f', type: '3', device: [1, 3] },
    { path: 'f/g', data: 'y' },
  ],
  'a file twice': [
    { path: 'f', data: 'one' },
    { path: 'f', data: 'two' },
  ],
  'a file twice in two spellings': [
    { path: 'f', data: 'one' },
    { path: './f', data: 'two' },
  ],
  'a symlink twice': [
    { path: 'f', type: '2', target: 'a' },
    { path: 'f', type: '2', target: '../outside/canary' },
  ],
  'a symlink, then a file of its name': [
    { path: 'f', type: '2', target: '../outside/canary' },
    { path: 'f', data: 'dead' },
  ],
  'a symlink without a target': [{ path: 'f', type: '2', target: '' }],
  'a member without a name': [{ path: '', data: 'x' }],
  'a root that is a file': [{ path: '.', data: 'x' }],
  'a root that is a symlink': [{ path: '.', type: '2', target: '../outside' }],
  'a file that is longer than the archive': [{ path: 'f', data: 'short', size: 1_000_000 }],
  'a size of 8 GiB without data': [{ path: 'f', data: '', size: 0o77777777777 }],
};

const tarOnly: Record<string, readonly RawMember[]> = {
  'a hard link out through ..': [{ path: 'f', type: '1', target: '../outside/canary' }],
  'a hard link to an absolute path': [{ path: 'f', type: '1', target: '/etc/passwd' }],
  'a hard link to nothing': [{ path: 'f', type: '1', target: 'missing' }],
  'a hard link to itself': [{ path: 'f', type: '1', target: 'f' }],
  'a hard link to a folder': [
    { path: 'd', type: '5' },
    { path: 'f', type: '1', target: 'd' },
  ],
  'a hard link through a symlink': [
    { path: 'l', type: '2', target: '../outside' },
    { path: 'f', type: '1', target: 'l/canary' },
  ],
  'a size that is no number': [{ path: 'f', data: 'x', sizeField: '99999999999\0' }],
  'a size below zero': [{ path: 'f', data: 'x', sizeField: '\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff' }],
  'a size beyond all numbers': [{ path: 'f', data: 'x', sizeField: '\x80\x7f\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff' }],
  'a wrong checksum': [{ path: 'f', data: 'x', checksum: '000001\0 ' }],
  'a pax path with ..': [pax({ path: '../outside/canary' }), { path: 'f', data: 'dead' }],
  'a pax path that is absolute': [pax({ path: '/tmp/xlfs-escaped' }), { path: 'f', data: 'dead' }],
  'a pax link out of the archive': [pax({ linkpath: '../outside/canary' }), { path: 'f', type: '1', target: 'x' }],
  'a pax size that is a lie': [pax({ size: '9999999999' }), { path: 'f', data: 'x' }],
  'a pax size below zero': [pax({ size: '-1' }), { path: 'f', data: 'x' }],
  'a pax owner that is a name': [pax({ uid: 'root' }), { path: 'f', data: 'x' }],
  'a pax time that is none': [pax({ mtime: 'never' }), { path: 'f', data: 'x' }],
  'a pax record with a wrong length': [
    { path: 'p', type: 'x', data: '99 path=x\n' },
    { path: 'f', data: 'x' },
  ],
  'a pax record that has no end': [
    { path: 'p', type: 'x', data: '12 path=../x' },
    { path: 'f', data: 'x' },
  ],
  'a pax header of a gigabyte': [{ path: 'p', type: 'x', data: '', size: 1 << 30 }],
  'a pax name with a NUL': [pax({ path: 'a\0b' }), { path: 'f', data: 'x' }],
  'a pax name that is too long': [pax({ path: 'n'.repeat(256) }), { path: 'f', data: 'x' }],
  'a pax path that is too long': [pax({ path: 'long/'.repeat(1000) }), { path: 'f', data: 'x' }],
  'a sparse file with pieces outside of it': [
    pax({ 'GNU.sparse.major': '1', 'GNU.sparse.minor': '0', 'GNU.sparse.realsize': '10' }),
    { path: 'f', data: Buffer.concat([Buffer.from('1\n1000\n5\n'.padEnd(512, '\0')), Buffer.from('hello')]) },
  ],
  'a sparse file with overlapping pieces': [
    pax({ 'GNU.sparse.major': '1', 'GNU.sparse.minor': '0', 'GNU.sparse.realsize': '100' }),
    { path: 'f', data: Buffer.concat([Buffer.from('2\n0\n5\n3\n5\n'.padEnd(512, '\0')), Buffer.from('hellohello')]) },
  ],
  'a sparse file that lists more than it has': [
    pax({ 'GNU.sparse.major': '1', 'GNU.sparse.minor': '0', 'GNU.sparse.realsize': '100000' }),
    { path: 'f', data: Buffer.concat([Buffer.from('1\n0\n90000\n'.padEnd(512, '\0')), Buffer.from('hello')]) },
  ],
  'a sparse file without a list': [
    pax({ 'GNU.sparse.major': '1', 'GNU.sparse.minor': '0', 'GNU.sparse.realsize': '100' }),
    { path: 'f', data: 'no list' },
  ],
  'a type that is unknown': [{ path: 'f', type: 'Z', data: 'x' }],
  'a GNU multi-volume member': [{ path: 'f', type: 'M', data: 'x' }],
};

const cpioOnly: Record<string, readonly RawMember[]> = {
  'a name of 300 bytes': [{ path: `d/${'n'.repeat(300)}`, data: 'x' }],
  'a name length that is a lie': [{ path: 'f', data: 'x', nameSize: 4000 }],
  'a name length of zero': [{ path: 'f', data: 'x', nameSize: 0 }],
  'a name without its end': [{ path: 'abcdef', data: 'x', nameSize: 3 }],
  'a name with a NUL': [{ path: Buffer.from('a\0b'), data: 'x' }],
  'a size that is no number': [{ path: 'f', data: 'x', sizeField: 'zzzzzzzz' }],
  'a folder with content': [{ path: 'd', type: '5', data: 'content' }],
  'a symlink of a megabyte': [{ path: 'l', type: '2', target: 'x'.repeat(1 << 20) }],
  'two contents for one file': [
    { path: 'a', data: 'one', inode: 7, nlink: 2 },
    { path: 'b', data: 'three', inode: 7, nlink: 2 },
  ],
  'a type of its own': [{ path: 'f', type: '9', data: 'x' }],
};

describe('a hostile archive is refused, and nothing outside of the target is touched', () => {
  const cases = [
    ...Object.entries(escape).flatMap(([what, members]) => [
      [`tar: ${what}`, rawTar(members)] as const,
      [`cpio: ${what}`, rawCpio(members)] as const,
    ]),
    ...Object.entries(tarOnly).map(([what, members]) => [`tar: ${what}`, rawTar(members)] as const),
    ...Object.entries(cpioOnly).map(([what, members]) => [`cpio: ${what}`, rawCpio(members)] as const),
    ['tar: an end in the middle of a file', rawTar([{ path: 'f', data: Buffer.alloc(5000, 1) }]).subarray(0, 3000)] as const,
    ['cpio: an end in the middle of a file', rawCpio([{ path: 'f', data: Buffer.alloc(5000, 1) }]).subarray(0, 3000)] as const,
    ['nothing', Buffer.alloc(0)] as const,
    ['noise', Buffer.from('this is no archive at all, whatever its name may say. '.repeat(40))] as const,
    [
      'gzip: an end in the middle',
      gzipSync(rawTar([{ path: 'f', data: Buffer.alloc(100_000, 'noise') }])).subarray(0, 200),
    ] as const,
    ['zstd: flipped bytes', damaged(zstdCompressSync(rawTar([{ path: 'f', data: Buffer.alloc(100_000, 'noise') }])))] as const,
  ];
  it.each(cases)('%s', async (_, bytes) => {
    const { target, canary, archive } = arena();
    await expect(unpack(archive(bytes), target)).rejects.toMatchObject({
      code: expect.stringMatching(/^ARCHIVE_(INVALID|ESCAPES)$/) as string,
    });
    expect(existsSync(target)).toBe(false);
    expect(readFileSync(canary, 'utf8')).toBe('alive');
    expect(existsSync('/tmp/xlfs-escaped')).toBe(false);
  });

  it.each([
    ['gzip', gzipSync],
    ['zstd', zstdCompressSync],
  ] as const)('%s: a bomb is cut off, and leaves nothing', async (_, compress) => {
    const { target, archive } = arena();
    const path = archive(compress(rawTar([{ path: 'zeros', data: Buffer.alloc(64 << 20) }])));
    expect(statSync(path).size).toBeLessThan(200_000);
    await expect(unpack(path, target, 8 << 20)).rejects.toMatchObject({ code: 'ARCHIVE_INVALID' });
    expect(existsSync(target)).toBe(false);
  });

  it('tar: a sparse bomb is refused by what it would become', async () => {
    const { target, archive } = arena();
    const list = Buffer.from('1\n0\n1\n'.padEnd(512, '\0'));
    const path = archive(
      rawTar([
        pax({ 'GNU.sparse.major': '1', 'GNU.sparse.minor': '0', 'GNU.sparse.realsize': String(2 ** 45) }),
        { path: 'f', data: Buffer.concat([list, Buffer.from('x')]) },
      ]),
    );
    await expect(unpack(path, target)).rejects.toMatchObject({ code: 'ARCHIVE_INVALID' });
  });
});

describe('an archive that is only odd', () => {
  it('does not bring devices or sockets to the disk unless asked', async () => {
    const { target, archive } = arena();
    const path = archive(
      rawTar([
        { path: 'dev/sda', type: '4', device: [8, 0], mode: 0o666 },
        { path: 'dev/mem', type: '3', device: [1, 1] },
        { path: 'ok', data: 'x' },
      ]),
    );
    const { skipped } = await withArchive(path, (tree) => materialise(tree.values(), target));
    expect(skipped).toEqual(['dev/sda', 'dev/mem']);
    expect(readdirSync(target)).toEqual(['ok']);
  });

  it('keeps names with line breaks, quotes, dashes and bytes that are no UTF-8', async () => {
    const { target, archive } = arena();
    const names = ['-rf', 'a\nb', '"q\'', '$(touch x)', '*', ' lead', 'tab\t', '\u001b[31m']
      .map((name) => Buffer.from(name))
      .concat(Buffer.from([0xff, 0xfe, 0x41]));
    await unpack(archive(rawTar(names.map((path) => ({ path, data: 'x' })))), target);
    expect(
      readdirSync(target, { encoding: 'buffer' })
        .map((name) => name.toString('hex'))
        .sort(),
    ).toEqual(names.map((name) => name.toString('hex')).sort());
  });

  it('is read as GNU tar and GNU cpio wrote it', async () => {
    const { target, archive } = arena();
    const source = mkdtempSync(join(scratch, 'source-'));
    mkdirSync(join(source, 'd'.repeat(120)));
    writeFileSync(join(source, 'd'.repeat(120), 'file'), 'deep');
    oracle('truncate', '-s', '5M', join(source, 'holes'));
    oracle('ln', join(source, 'd'.repeat(120), 'file'), join(source, 'second'));
    for (const command of [
      `tar -C ${source} --format=gnu -cf - .`,
      `tar -C ${source} --format=pax -S -cf - .`,
      `cd ${source} && find . | cpio -o -H newc --quiet`,
    ]) {
      const path = archive(Buffer.alloc(0));
      oracle('sh', '-c', `(${command}) > ${path}`);
      const out = `${target}-${String(command.length)}`;
      await unpack(path, out);
      expect(oracle('diff', '-r', source, out)).toBe('');
      expect(statSync(join(out, 'second')).nlink).toBe(2);
    }
  });
});

function damaged(bytes: Buffer): Buffer {
  const copy = Buffer.from(bytes);
  for (let at = 12; at < Math.min(copy.length, 30); at++) copy[at] = (copy[at] ?? 0) ^ 0xff;
  return copy;
}
