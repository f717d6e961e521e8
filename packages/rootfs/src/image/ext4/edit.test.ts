import {
  closeSync,
  copyFileSync,
  existsSync,
  linkSync,
  mkdirSync,
  openSync,
  readFileSync,
  statSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { portrait } from '../../testing/compare.ts';
import { sampleTree } from '../../testing/sample-tree.ts';
import { oracle, scratchFolder } from '../../testing/scratch.ts';
import { device, directory, file, symlink, treeOf, type Entry, type Tree } from '../../tree/entry.ts';
import { removePaths } from '../../tree/layers.ts';
import { editExt4, planExt4Edits } from './edit.ts';
import { Ext4Reader } from './read.ts';
import { writeExt4 } from './write.ts';

const scratch = scratchFolder();
const image = (name: string) => join(scratch, name);
const check = (path: string) => oracle('e2fsck', '-fn', path);
const UUID = '99999999-2222-4333-8444-555555555555';
let made = 0;
let seed = 7;
const random = (below: number) => (seed = (seed * 48_271) % 2_147_483_647) % below;

/** File systems as they are met. */
const KINDS: [string, (out: string) => void][] = [
  ['as mke2fs makes them', (out) => mke2fs(out)],
  ['with narrow descriptors', (out) => mke2fs(out, '-O', '^64bit')],
  ['without checksums', (out) => mke2fs(out, '-O', '^metadata_csum')],
  ['with checksums from a seed', (out) => mke2fs(out, '-O', 'metadata_csum_seed')],
  [
    'with indexed folders',
    (out) => {
      mke2fs(out);
      // 1: it has changed something, as it was asked to.
      execFileSync('sh', ['-c', `PATH=$PATH:/usr/sbin; e2fsck -fyD ${out} > ${out}.log 2>&1 || [ $? -eq 1 ]`]);
      expect(oracle('debugfs', '-R', 'htree /many', out)).toContain('Number of entries');
    },
  ],
];

describe('editing an image', () => {
  it('replaces, adds and removes files and leaves a clean file system', async () => {
    const out = image('edit.ext4');
    await writeExt4(sampleTree(), out, { free: 4 << 20 });
    await editExt4(out, {
      put: [
        file('etc/machine-id', 'new\n', { mode: 0o444 }),
        file('opt/deep/er/file "quoted"', 'deep', { uid: 100_005, mtime: 1_600_000_000 }),
        symlink('etc/localtime', '../usr/share/zoneinfo/UTC'),
        device('dev/tty9', 'char', 4, 9, { mode: 0o620 }),
        file('bin/added', 'through the symlink', { mode: 0o755, xattrs: { 'user.note': Buffer.from('hi') } }),
      ],
      remove: ['home', 'usr/bin/tool', 'not/there'],
      uuid: '99999999-2222-4333-8444-555555555555',
    });
    check(out);
    using reader = new Ext4Reader(out);
    expect(reader.info.uuid).toBe('99999999-2222-4333-8444-555555555555');
    const tree = reader.tree();
    expect(tree.get('etc/machine-id')).toMatchObject({ mode: 0o444, size: 4 });
    expect(reader.readFile('opt/deep/er/file "quoted"')?.toString()).toBe('deep');
    expect(tree.get('opt/deep/er/file "quoted"')).toMatchObject({ uid: 100_005, mtime: 1_600_000_000 });
    expect(tree.get('etc/localtime')?.target).toBe('../usr/share/zoneinfo/UTC');
    expect(tree.get('dev/tty9')).toMatchObject({ type: 'char', device: { major: 4, minor: 9 } });
    expect(Buffer.from(tree.get('usr/bin/added')?.xattrs?.['user.note'] ?? []).toString()).toBe('hi');
    expect([...tree.keys()].filter((path) => path.startsWith('home'))).toEqual([]);
    expect(reader.readFile('usr/bin/tool-alias')?.length).toBe(70_000);
    expect(tree.get('usr/bin/tool-alias')?.link).toBeUndefined();
  });

  it('says so when the image is full', async () => {
    const out = image('full.ext4');
    await writeExt4([file('a', 'x')], out);
    await expect(editExt4(out, { put: [file('b', Buffer.alloc(64 << 20, 1))] })).rejects.toMatchObject({
      code: 'ASSEMBLY_FAILED',
    });
  });

  it('never lets a name become a command', async () => {
    const out = image('injection.ext4');
    await writeExt4([file('keep', 'kept')], out, { free: 1 << 20 });
    const names = ['a\nrm keep', '"; rm keep "'];
    await editExt4(out, { put: names.map((name) => file(name, 'x')) });
    check(out);
    using reader = new Ext4Reader(out);
    expect(reader.readFile('keep')?.toString()).toBe('kept');
    for (const name of names) expect(reader.readFile(name)?.toString()).toBe('x');
    // Where debugfs has to do it, a line is a command: a name with a line break in it cannot be said.
    const old = image('injection.ext3');
    oracle('mke2fs', '-q', '-F', '-t', 'ext3', old, '8M');
    await expect(editExt4(old, { put: [file('a\nrm keep', 'x')] })).rejects.toMatchObject({ code: 'USAGE' });
    await editExt4(old, { put: [file('"; rm keep "', 'x')] });
    check(old);
  });

  it.each(KINDS)('leaves a clean file system that holds what was asked for, time and again: %s', async (_, make) => {
    const out = image(`random-${String(++made)}.ext4`);
    make(out);
    const model = treeOf(readTree(out).values());
    for (let round = 0; round < 3; round++) {
      const edits = randomEdits(model);
      await editExt4(out, edits);
      check(out);
      expect(await portrait(readTree(out).values()), `round ${String(round)}`).toEqual(await portrait(model.values()));
      using reader = new Ext4Reader(out);
      expect(reader.info.uuid).toBe(edits.uuid);
    }
  });

  it('goes on in groups that mke2fs has left for later', async () => {
    const out = image('lazy.ext4');
    oracle(
      'mke2fs',
      '-q',
      '-F',
      '-t',
      'ext4',
      '-I',
      '256',
      '-b',
      '4096',
      '-g',
      '8192',
      '-N',
      '2048',
      '-d',
      manyFiles(),
      out,
      '100M',
    );
    expect(oracle('dumpe2fs', out)).toMatch(/BLOCK_UNINIT/);
    const model = treeOf(readTree(out).values());
    const put = [
      ...Array.from({ length: 5 }, (_, index) => file(`large${String(index)}`, Buffer.alloc(14 << 20, String(index)))),
      ...Array.from({ length: 900 }, (_, index) => file(`small/${String(index)}`, 'x')),
    ];
    for (const one of [put.slice(0, 1), put.slice(1, 2), put.slice(2, 3), put.slice(3, 4), put.slice(4)]) {
      expect(await planExt4Edits(out, { put: one })).toBeDefined();
      await editExt4(out, { put: one });
      check(out);
    }
    model.set('small', directory('small', { mtime: 1 }));
    for (const entry of put) model.set(entry.path, entry);
    expect(await portrait(readTree(out).values())).toEqual(await portrait(model.values()));
  });

  it('of an ext3 file system is left to debugfs, and cannot be planned', async () => {
    const out = image('old.ext3');
    oracle('mke2fs', '-q', '-F', '-t', 'ext3', '-d', manyFiles(), out, '24M');
    const edits = {
      put: [file('etc/hostname', 'old\n'), file('large', Buffer.alloc(500_000, 'x'))],
      remove: ['many/0-large', 'many/3'],
    };
    expect(await planExt4Edits(out, edits)).toBeUndefined();
    await editExt4(out, edits);
    check(out);
    const tree = readTree(out);
    expect(tree.get('large')?.size).toBe(500_000);
    expect([tree.has('many/0-large'), tree.has('many/0-linked'), tree.has('etc/hostname')]).toEqual([false, true, true]);
  });

  it('gives back every block and inode', async () => {
    const out = image('back.ext4');
    await writeExt4([file('keep', 'kept')], out, { free: 8 << 20 });
    const free = () => oracle('dumpe2fs', '-h', out).match(/Free (?:blocks|inodes): +[0-9]+/g);
    const before = free();
    const put = Array.from({ length: 40 }, (_, index) =>
      file(`d${String(index)}/${'x'.repeat(40)}`, Buffer.alloc(index * 1500, 7)),
    );
    await editExt4(out, { put });
    expect(free()).not.toEqual(before);
    await editExt4(out, { remove: put.map((_, index) => `d${String(index)}`) });
    expect(free()).toEqual(before);
    check(out);
  });

  it('overwrites what a small file held when it goes', async () => {
    const out = image('scrub.ext4');
    await writeExt4([file('etc/ssh/ssh_host_ed25519_key', 'only the parent may know this'), file('etc/issue', '')], out, {
      free: 1 << 20,
    });
    expect(readFileSync(out).includes('only the parent may know this')).toBe(true);
    await editExt4(out, { remove: ['etc/ssh/ssh_host_ed25519_key'] });
    expect(readFileSync(out).includes('only the parent may know this')).toBe(false);
    expect(readFileSync(out).includes('ssh_host_ed25519_key')).toBe(false);
  });

  it('changes nothing but a few blocks, and says which without writing them', async () => {
    const out = image('few.ext4');
    await writeExt4([...sampleTree(), file('large', Buffer.alloc(20 << 20, 'large'))], out, { free: 4 << 20 });
    const before = readFileSync(out);
    const blocks = await planExt4Edits(out, { put: [file('etc/hostname', 'a\n')], remove: ['root/.bash_history'], uuid: UUID });
    expect(readFileSync(out).equals(before)).toBe(true);
    expect(blocks?.size).toBeLessThan(20);
    for (const [block, bytes] of blocks ?? []) bytes.copy(before, block * 4096);
    await editExt4(out, { put: [file('etc/hostname', 'a\n')], remove: ['root/.bash_history'], uuid: UUID });
    expect(readFileSync(out).equals(before)).toBe(true);
    check(out);
  });

  it('of a damaged image ends in an error or a clean refusal, and writes nothing outside of the image', async () => {
    const good = image('damaged-good.ext4');
    await writeExt4(sampleTree(), good, { free: 1 << 20 });
    const size = statSync(good).size;
    for (let round = 0; round < 120; round++) {
      const bad = image('damaged.ext4');
      copyFileSync(good, bad);
      const fd = openSync(bad, 'r+');
      for (let flips = 0; flips < 20; flips++)
        writeSync(fd, Buffer.from([random(256)]), 0, 1, random(round % 2 === 0 ? Math.min(size, 200_000) : 8192));
      closeSync(fd);
      try {
        const blocks = await planExt4Edits(bad, {
          put: [file('etc/hostname', 'a\n'), file('new/f', 'b')],
          remove: ['home', 'root'],
          uuid: UUID,
        });
        for (const block of blocks?.keys() ?? []) expect(block * 4096).toBeLessThan(size);
      } catch (error) {
        expect(['ARCHIVE_INVALID', 'ARCHIVE_ESCAPES', 'ASSEMBLY_FAILED']).toContain((error as { code?: string }).code);
      }
    }
  });
});

/** A list of changes, and the model of what they lead to. */
function randomEdits(model: Tree): { put: Entry[]; remove: string[]; uuid: string } {
  const folders = [...model.values()].filter(({ type }) => type === 'directory').map(({ path }) => path);
  const remove = [...model.keys()].filter((path) => path !== '' && path !== 'lost+found' && random(12) === 0);
  removePaths(model, remove);
  const put: Entry[] = [];
  const add = (entry: Entry) => {
    const before = model.get(entry.path)?.type;
    if (before === 'directory' && entry.type !== 'directory') return;
    if (before !== undefined && before !== 'directory' && entry.type === 'directory') return;
    const above = entry.path
      .split('/')
      .slice(0, -1)
      .map((_, at, parts) => parts.slice(0, at + 1).join('/'));
    if (above.some((path) => (model.get(path)?.type ?? 'directory') !== 'directory')) return;
    for (const path of above) if (!model.has(path)) model.set(path, directory(path, { mtime: 1 }));
    const old = model.get(entry.path);
    const { link: _, ...kept } = old ?? {};
    const xattrs = before === 'directory' && old?.xattrs !== undefined ? { xattrs: { ...old.xattrs, ...entry.xattrs } } : {};
    model.set(entry.path, before === 'directory' ? { ...kept, ...entry, ...xattrs } : entry);
    put.push(entry);
  };
  for (let count = 0; count < 25; count++) {
    const folder = folders[random(folders.length)] ?? '';
    const path = `${folder === '' ? '' : `${folder}/`}${'n'.repeat(random(60))}${String(random(1000))}`;
    const base = {
      uid: random(2 ** 20),
      gid: random(2 ** 17),
      mode: random(0o10000),
      mtime: random(2 ** 31),
      nanoseconds: random(1e9),
    };
    const xattrs = { 'user.short': Buffer.from('x'), 'user.long': Buffer.alloc(random(2000), 3) };
    const bytes = Buffer.alloc(random(5) * random(40_000), String(count));
    switch (random(6)) {
      case 0:
        add(directory(path, { ...base, ...(random(2) === 0 ? { xattrs } : {}) }));
        break;
      case 1:
        add(symlink(path, 't'.repeat(1 + random(200)), { ...base, mode: 0o777 }));
        break;
      case 2:
        add(device(path, random(2) === 0 ? 'char' : 'block', random(400), random(70_000), base));
        break;
      case 3:
        add(file(`${path}/deep/er`, bytes, base));
        break;
      default:
        add(file(path, bytes, { ...base, ...(random(2) === 0 ? { xattrs } : {}) }));
    }
  }
  const uuid = `99999999-2222-4333-8444-5555${String(random(1e8)).padStart(8, '0')}`;
  // A name that was put twice counts once, as it is in the end.
  const last = new Map(put.map((entry) => [entry.path, entry]));
  return { put: [...last.values()], remove, uuid };
}

function readTree(path: string): Tree {
  const reader = new Ext4Reader(path);
  onTestFinished(() => reader.close());
  return reader.tree();
}

/** A folder with thousands of names, so that mke2fs and e2fsck -D have something to index. */
function manyFiles(): string {
  const folder = image('source');
  if (existsSync(folder)) return folder;
  mkdirSync(join(folder, 'many'), { recursive: true });
  for (let index = 0; index < 700; index++)
    writeFileSync(join(folder, 'many', `${'name'.repeat(index % 20)}${String(index)}`), String(index % 7));
  writeFileSync(join(folder, 'many/0-large'), Buffer.alloc(300_000, 'large'));
  linkSync(join(folder, 'many/0-large'), join(folder, 'many/0-linked'));
  return folder;
}

function mke2fs(out: string, ...options: readonly string[]): void {
  oracle('mke2fs', '-q', '-F', '-t', 'ext4', '-I', '256', '-b', '4096', ...options, '-d', manyFiles(), out, '24M');
}
