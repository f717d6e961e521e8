import { execFileSync } from 'node:child_process';
import {
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { craftedTar, headerBlock, rawHeader, withChecksum, type CraftedEntry } from './testing/crafted-tar.ts';
import { unpack, type UnpackOptions } from './unpack.ts';

let scratch: string;
let room: string;
let count = 0;

beforeAll(() => void (scratch = mkdtempSync(join(tmpdir(), 'xlfs-unpack-'))));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

/** A room of its own per test: `room/outside` must never change, `room/place` is where things are unpacked. */
beforeEach(() => {
  room = join(scratch, String(count++));
  mkdirSync(join(room, 'outside'), { recursive: true });
  writeFileSync(join(room, 'outside', 'precious'), 'untouched');
});

function archive(bytes: Buffer): string {
  const path = join(scratch, `archive-${String(count)}`);
  writeFileSync(path, bytes);
  return path;
}

const unpacked = (): string => join(room, 'place', 'src');
const unpackHere = async (bytes: Buffer, options?: UnpackOptions): Promise<void> => unpack(archive(bytes), unpacked(), options);

const folder: CraftedEntry = { path: 'pkg/', type: 'Directory', mode: 0o755 };
const file = (path: string, content = 'hello'): CraftedEntry => ({ path, content });
const symlink = (path: string, linkpath: string): CraftedEntry => ({ path, type: 'SymbolicLink', linkpath });
const hardlink = (path: string, linkpath: string): CraftedEntry => ({ path, type: 'Link', linkpath });

describe('what a source tarball is made of', () => {
  test('the top folder is dropped, modes and owners are plain, mtimes are kept', async () => {
    await unpackHere(
      craftedTar([
        folder,
        { ...file('pkg/a.c'), mode: 0o600 },
        { ...file('pkg/configure'), mode: 0o4777 },
        symlink('pkg/link', 'a.c'),
        hardlink('pkg/again', 'pkg/a.c'),
      ]),
    );
    expect(readdirSync(unpacked()).sort()).toEqual(['a.c', 'again', 'configure', 'link']);
    const { mode, mtimeMs, uid, ino } = statSync(join(unpacked(), 'a.c'));
    expect([mode & 0o7777, mtimeMs, uid]).toEqual([0o644, 1_700_000_000_000, process.getuid?.()]);
    expect(statSync(join(unpacked(), 'configure')).mode & 0o7777).toBe(0o755);
    expect(readlinkSync(join(unpacked(), 'link'))).toBe('a.c');
    expect(statSync(join(unpacked(), 'again')).ino).toBe(ino);
  });

  test('an archive without a folder around it, or with `strip: false`, is kept as it is', async () => {
    await unpackHere(craftedTar([file('a'), file('b')]));
    expect(readdirSync(unpacked()).sort()).toEqual(['a', 'b']);
    await unpack(archive(craftedTar([folder, file('pkg/a')])), join(room, 'whole'), { strip: false });
    expect(readdirSync(join(room, 'whole'))).toEqual(['pkg']);
  });

  test('names too long for a plain header, in pax and in GNU form, and names that are not ASCII', async () => {
    const long = `pkg/${'d'.repeat(120)}/${'f'.repeat(200)}`;
    await unpackHere(craftedTar([folder, { ...file('short', 'pax'), pax: { path: long } }, file('pkg/größe.txt')]));
    expect(readFileSync(join(unpacked(), long.slice(4)), 'utf8')).toBe('pax');
    expect(readdirSync(unpacked())).toContain('größe.txt');
    const gnu = Buffer.concat([rawHeader('L', '././@LongLink', Buffer.from(`${long}\0`)), craftedTar([file('cut-off', 'gnu')])]);
    await unpack(archive(gnu), join(room, 'gnu'));
    expect(readFileSync(join(room, 'gnu', long.slice(4)), 'utf8')).toBe('gnu');
  });

  test('a name that GNU tar cut off behind a slash is still that of a file', async () => {
    // 100 characters fit into a header: the last of them is the slash.
    const path = `pkg/${'d'.repeat(95)}/file`;
    const tree = join(room, 'tree');
    mkdirSync(join(tree, dirname(path)), { recursive: true });
    writeFileSync(join(tree, path), 'content');
    await unpackHere(execFileSync('tar', ['--format=gnu', '-cf', '-', '-C', tree, 'pkg']));
    expect(readFileSync(join(unpacked(), path.slice(4)), 'utf8')).toBe('content');
  });

  test.each([
    ['xz', ['xz', '-c']],
    ['bzip2', ['bzip2', '-c']],
    ['zstd', ['zstd', '-cq']],
    ['lz4', ['lz4', '-cq']],
    ['gzip', ['gzip', '-c']],
  ] as const)('%s, told by its content', async (_name, [program, ...args]) => {
    const tar = craftedTar([folder, file('pkg/a', 'x'.repeat(100_000))]);
    await unpackHere(execFileSync(program, args, { input: tar, maxBuffer: 1 << 26 }));
    expect(statSync(join(unpacked(), 'a')).size).toBe(100_000);
  });

  test('what GNU tar packed comes out as GNU tar unpacks it', async () => {
    const tree = join(room, 'tree', 'pkg-1.0');
    mkdirSync(join(tree, 'a', 'b'), { recursive: true });
    for (let i = 0; i < 300; i++) writeFileSync(join(tree, 'a', 'b', `file-${String(i)}`), `${String(i)}\n`.repeat(i));
    execFileSync('ln', ['-s', '../b/file-1', join(tree, 'a', 'b', 'link')]);
    execFileSync('ln', [join(tree, 'a', 'b', 'file-2'), join(tree, 'hard')]);
    for (const format of ['gnu', 'pax', 'ustar', 'oldgnu', 'v7']) {
      const tar = join(room, `${format}.tar`);
      execFileSync('tar', ['--format', format, '-C', join(room, 'tree'), '-cf', tar, 'pkg-1.0']);
      await unpack(tar, join(room, format));
      execFileSync('diff', ['-r', '--no-dereference', tree, join(room, format)]);
    }
  });

  test('a tarball inside a tarball, found by its glob', async () => {
    const inner = gzipSync(craftedTar([folder, file('pkg/inner.c')]));
    const outer = craftedTar([
      { path: 'gcc-14/', type: 'Directory' },
      file('gcc-14/README'),
      { path: 'gcc-14/gcc-14.2.0-dfsg.tar.gz', content: inner },
    ]);
    await unpackHere(outer, { nested: 'gcc-*.tar.gz' });
    expect(readdirSync(unpacked())).toEqual(['inner.c']);
    await expect(unpack(archive(outer), join(room, 'none'), { nested: 'glibc-*.tar.*' })).rejects.toMatchObject({
      code: 'ARCHIVE_INVALID',
    });
  });

  test('a link that only points outside is kept as text', async () => {
    await unpackHere(craftedTar([folder, symlink('pkg/null', '/dev/null'), symlink('pkg/up', '../../outside')]));
    expect(readlinkSync(join(unpacked(), 'null'))).toBe('/dev/null');
    expect(lstatSync(join(unpacked(), 'up')).isSymbolicLink()).toBe(true);
  });

  test('an abort leaves nothing behind', async () => {
    const many = craftedTar([folder, ...Array.from({ length: 20_000 }, (_, i) => file(`pkg/${String(i)}`))]);
    await expect(unpackHere(many, { signal: AbortSignal.timeout(30) })).rejects.toMatchObject({ code: 'INTERRUPTED' });
    expect(readdirSync(join(room, 'place'))).toEqual([]);
  });
});

const paxPath = (path: string): CraftedEntry => ({ path: 'innocent', content: 'x', rawPax: [['path', path]] });
const damagedChecksum = (): Buffer => {
  const bytes = craftedTar([file('pkg/a')]);
  bytes[0] = 0x71;
  return bytes;
};
const sizeOf = (octal: string): Buffer => {
  const block = headerBlock({ path: 'pkg/a', mode: 0o644, size: 0, mtime: new Date(0), type: 'File' });
  block.write(octal, 124, 'latin1');
  return Buffer.concat([withChecksum(block), Buffer.alloc(1024)]);
};
const negativeSize = (): Buffer => {
  const block = headerBlock({ path: 'pkg/a', mode: 0o644, size: 0, mtime: new Date(0), type: 'File' });
  block.fill(0xff, 124, 136);
  return Buffer.concat([withChecksum(block), Buffer.alloc(1024)]);
};

const escaping: readonly [string, Buffer][] = [
  ['a name that climbs', craftedTar([folder, file('../outside/precious')])],
  ['a name that climbs after going down', craftedTar([folder, file('pkg/a/../../../outside/precious')])],
  ['an absolute name', craftedTar([file('/tmp/xlfs-evil')])],
  ['an absolute name of a folder', craftedTar([{ path: '/tmp/xlfs-evil/', type: 'Directory' }])],
  ['a pax name that climbs behind an innocent one', craftedTar([folder, paxPath('pkg/../../outside/precious')])],
  [
    'a GNU long name that climbs',
    Buffer.concat([rawHeader('L', '././@LongLink', Buffer.from('../outside/precious\0')), craftedTar([file('pkg/a')])]),
  ],
  ['a prefix that is absolute', craftedTar([file(`/${'a'.repeat(60)}/${'b'.repeat(60)}`)])],
  [
    'a file behind a link to a folder outside',
    craftedTar([folder, symlink('pkg/out', '../../../outside'), file('pkg/out/precious')]),
  ],
  ['a file behind an absolute link', craftedTar([folder, symlink('pkg/out', '/tmp'), file('pkg/out/xlfs-evil')])],
  [
    'a file behind a link behind a link',
    craftedTar([folder, symlink('pkg/a', '.'), symlink('pkg/a/b', '..'), file('pkg/a/b/evil')]),
  ],
  [
    'a folder put over a link',
    craftedTar([
      folder,
      symlink('pkg/out', '../../../outside'),
      { path: 'pkg/out/', type: 'Directory' },
      file('pkg/out/precious'),
    ]),
  ],
  [
    'a file written over a link to a file outside',
    craftedTar([folder, symlink('pkg/out', '../../../outside/precious'), file('pkg/out', 'changed')]),
  ],
  ['a hard link to a name that climbs', craftedTar([folder, hardlink('pkg/mine', '../outside/precious')])],
  ['a hard link to an absolute name', craftedTar([folder, hardlink('pkg/mine', '/etc/passwd')])],
  ['a hard link to a symbolic link', craftedTar([folder, symlink('pkg/out', '/etc/passwd'), hardlink('pkg/mine', 'pkg/out')])],
  [
    'a hard link through a symbolic link',
    craftedTar([folder, symlink('pkg/out', '/etc'), hardlink('pkg/mine', 'pkg/out/passwd')]),
  ],
  ['a link in place of the top folder', craftedTar([symlink('pkg', '../../outside'), file('pkg/precious', 'changed')])],
];

const unusable: readonly [string, Buffer][] = [
  ['a character device', craftedTar([folder, { path: 'pkg/null', type: 'CharacterDevice', devmaj: 1, devmin: 3 }])],
  ['a block device', craftedTar([folder, { path: 'pkg/sda', type: 'BlockDevice', devmaj: 8, devmin: 0 }])],
  ['a pipe', craftedTar([folder, { path: 'pkg/pipe', type: 'FIFO' }])],
  ['a GNU sparse file', Buffer.concat([rawHeader('S', 'pkg/sparse'), Buffer.alloc(1024)])],
  [
    'a pax sparse file',
    craftedTar([
      {
        ...file('pkg/sparse'),
        rawPax: [
          ['GNU.sparse.major', '1'],
          ['GNU.sparse.realsize', '99999999999'],
        ],
      },
    ]),
  ],
  ['a volume header', Buffer.concat([rawHeader('V', 'volume'), Buffer.alloc(1024)])],
  ['a multi-volume part', Buffer.concat([rawHeader('M', 'pkg/part'), Buffer.alloc(1024)])],
  ['a header with a wrong checksum', damagedChecksum()],
  ['a negative size', negativeSize()],
  ['a size beyond all reason', sizeOf('\x80\x00\x00\x00\x7f\xff\xff\xff\xff\xff\xff\xff')],
  [
    'a global header that renames every entry',
    Buffer.concat([rawHeader('g', 'global', Buffer.from('19 path=../outside\n')), craftedTar([file('pkg/a')])]),
  ],
  ['an extended header of a gigabyte', Buffer.concat([withSize(rawHeader('x', 'pax'), 1 << 30), Buffer.alloc(1024)])],
  ['a name with a newline', craftedTar([file('pkg/a\nb')])],
  ['a name with an escape sequence', craftedTar([file('pkg/\u001b[2Ja')])],
  ['a name that is not UTF-8', craftedTar([{ path: 'pkg/' }]).fill(0xe4, 4, 5)],
  ['a name of 300 bytes', craftedTar([{ ...file('x'), pax: { path: `pkg/${'n'.repeat(300)}` } }])],
  ['an empty name', craftedTar([file('')])],
  ['a link to nothing', craftedTar([folder, { path: 'pkg/link', type: 'SymbolicLink', linkpath: '' }])],
  ['a hard link to a file that is not there', craftedTar([folder, hardlink('pkg/mine', 'pkg/yours')])],
  ['a file below a file', craftedTar([folder, file('pkg/a'), file('pkg/a/b')])],
  ['a name that is first a file and then a folder', craftedTar([folder, file('pkg/a'), { path: 'pkg/a/', type: 'Directory' }])],
  ['no entries', craftedTar([])],
  ['an empty file', Buffer.alloc(0)],
  ['random bytes', Buffer.from(Array.from({ length: 4096 }, (_, i) => (i * 7919 + 13) % 251))],
  ['an archive that breaks off in a file', craftedTar([folder, file('pkg/a', 'x'.repeat(5000))]).subarray(0, 3000)],
  ['an archive that breaks off in a header', craftedTar([folder, file('pkg/a')]).subarray(0, 700)],
  ['a gzip file that breaks off', gzipSync(craftedTar([folder, file('pkg/a', 'x'.repeat(9000))])).subarray(0, 80)],
  [
    'an xz file that breaks off',
    execFileSync('xz', ['-c'], { input: craftedTar([folder, file('pkg/a', 'x'.repeat(9000))]) }).subarray(0, 80),
  ],
];

function withSize(header: Buffer, size: number): Buffer {
  const block = header.subarray(0, 512);
  block.write(`${size.toString(8).padStart(11, '0')}\0`, 124, 'latin1');
  return withChecksum(block);
}

describe('hostile archives are refused, and nothing outside or inside is left of them', () => {
  const nothingHappened = (): void => {
    expect(readFileSync(join(room, 'outside', 'precious'), 'utf8')).toBe('untouched');
    expect(readdirSync(join(room, 'outside'))).toEqual(['precious']);
    expect(readdirSync(join(room, 'place'))).toEqual([]);
    expect(readdirSync(tmpdir()).filter((name) => name.startsWith('xlfs-evil'))).toEqual([]);
  };

  test.each(escaping)('%s', async (_name, bytes) => {
    await expect(unpackHere(bytes)).rejects.toMatchObject({ name: 'XlfsError', code: 'ARCHIVE_ESCAPES' });
    nothingHappened();
  });

  test.each(unusable)('%s', async (_name, bytes) => {
    await expect(unpackHere(bytes)).rejects.toMatchObject({ name: 'XlfsError', code: 'ARCHIVE_INVALID' });
    nothingHappened();
  });

  test('a bomb: more content, or more entries, than allowed', async () => {
    const zeros = gzipSync(craftedTar([{ path: 'pkg/zeros', content: Buffer.alloc(4 << 20) }]));
    await expect(unpackHere(zeros, { maxBytes: 1 << 20 })).rejects.toMatchObject({ code: 'ARCHIVE_INVALID' });
    const many = craftedTar(Array.from({ length: 200 }, (_, i) => file(`pkg/${String(i)}`)));
    await expect(unpackHere(many, { maxEntries: 100 })).rejects.toMatchObject({ code: 'ARCHIVE_INVALID' });
    nothingHappened();
  });

  test('the error names the archive and the entry', async () => {
    await expect(unpackHere(craftedTar([file('../outside/precious')]))).rejects.toThrow(
      /archive-\d+: .*"\.\.\/outside\/precious" climbs out/,
    );
  });
});
