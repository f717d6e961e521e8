import { execFileSync } from 'node:child_process';
import {
  appendFileSync,
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  writeFileSync,
  utimesSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { collectRootfsGarbage } from '../src/fork/gc.ts';
import { compareTrees } from '../src/snapshot/compare.ts';
import { withSnapshotTree } from '../src/snapshot/open.ts';
import { removeSnapshot } from '../src/snapshot/remove.ts';
import { restoreSnapshot } from '../src/snapshot/restore.ts';
import { listSnapshots, takeSnapshot } from '../src/snapshot/snapshot.ts';
import { verifySnapshot } from '../src/snapshot/verify.ts';
import { openRootfsStore } from '../src/store/rootfs-store.ts';
import { portrait } from '../src/testing/compare.ts';
import { sampleTree } from '../src/testing/sample-tree.ts';
import { oracle, scratchFolder } from '../src/testing/scratch.ts';
import { orderedEntries } from '../src/tree/entry.ts';
import { materialise } from '../src/tree/materialise.ts';
import { walkTree } from '../src/tree/walk.ts';

const scratch = scratchFolder();
const root = process.getuid?.() === 0;
const fresh = (name: string) => mkdtempSync(join(scratch, `${name}-`));
const newStore = () => openRootfsStore(fresh('store'));

/** What this user can put on a disk: no devices without root, no other owners, no privileged attributes. */
function possible(): ReturnType<typeof sampleTree> {
  if (root) return sampleTree();
  const own = { uid: process.getuid?.() ?? 0, gid: process.getgid?.() ?? 0 };
  // With the folders that only exist for what lies in them: they are ours, too.
  return orderedEntries(sampleTree())
    .filter(({ type }) => type !== 'char' && type !== 'block')
    .map((entry) => {
      const xattrs = Object.fromEntries(Object.entries(entry.xattrs ?? {}).filter(([name]) => name.startsWith('user.')));
      return { ...entry, ...own, mode: entry.mode & 0o1777, xattrs };
    });
}

async function sample(name = 'tree'): Promise<string> {
  const folder = join(fresh(name), 'root');
  await materialise(possible(), folder, { devices: root });
  return folder;
}

describe('a snapshot', () => {
  it('comes back entry by entry: owners, modes, times, attributes, links, holes, devices', async () => {
    const [store, folder] = [newStore(), await sample()];
    expect(await portrait((await walkTree(folder)).values())).toEqual(await portrait(possible()));
    await takeSnapshot(store, folder, { name: 'base', mountPoints: false });
    const out = join(fresh('out'), 'root');
    await restoreSnapshot(store, 'base', out, { devices: root });
    expect(await portrait((await walkTree(out)).values())).toEqual(await portrait((await walkTree(folder)).values()));
    const holes = (path: string) => Number(execFileSync('stat', ['-c', '%b', path], { encoding: 'utf8' }));
    expect(holes(join(out, 'var/lib/holey'))).toBeLessThan(1024);
    expect(await verifySnapshot(store, 'base')).toMatchObject({ damaged: [] });
  });

  it('leaves out what the hint leaves out, keeps the folders as mount points, and takes more patterns', async () => {
    const [store, folder] = [newStore(), fresh('live')];
    for (const path of [
      'proc/1',
      'sys/x',
      'tmp',
      'dev',
      'run',
      'mnt/a',
      'media',
      'boot',
      'lost+found',
      'var/lost+found',
      'var/cache/apt',
      'usr/src/a',
      'etc',
    ])
      mkdirSync(join(folder, path), { recursive: true });
    for (const path of [
      'proc/1/status',
      'tmp/x',
      'boot/vmlinuz',
      'var/cache/apt/a.deb',
      'usr/src/a/a.o',
      'usr/src/a/a.c',
      'etc/passwd',
    ])
      writeFileSync(join(folder, path), 'x');
    await takeSnapshot(store, folder, { name: 'live', exclude: ['*.o', '/var/cache/**'] });
    const [snapshot] = await listSnapshots(store);
    await withSnapshotTree(store, snapshot?.digest ?? '', async (entries) => {
      expect(entries.map(({ path }) => path)).toEqual([
        '',
        'boot',
        'dev',
        'etc',
        'etc/passwd',
        'media',
        'mnt',
        'proc',
        'run',
        'sys',
        'tmp',
        'usr',
        'usr/src',
        'usr/src/a',
        'usr/src/a/a.c',
        'var',
        'var/cache',
      ]);
    });
  });

  it('does not contain the store when that lies in the tree', async () => {
    const folder = await sample();
    const store = openRootfsStore(join(folder, 'var/backups/xlfs'));
    await takeSnapshot(store, folder, { name: 'a', mountPoints: false });
    const again = await takeSnapshot(store, folder, { name: 'b', mountPoints: false });
    const [first] = await listSnapshots(store);
    expect(again.digest).toBe(first?.digest);
  });

  it('is the same for the same tree in another place, and reads nothing twice', async () => {
    const [store, folder] = [newStore(), await sample()];
    const first = await takeSnapshot(store, folder, { name: 'a', mountPoints: false });
    await new Promise((done) => setTimeout(done, 100));
    const settled = await takeSnapshot(store, folder, { name: 'b', mountPoints: false });
    const second = await takeSnapshot(store, folder, { name: 'c', mountPoints: false });
    expect(second).toMatchObject({ digest: first.digest, unchanged: true, read: 0, newBytes: 0 });
    expect(settled.newBytes).toBe(0);
    const elsewhere = await takeSnapshot(newStore(), await sample(), { name: 'a', mountPoints: false });
    const parts = await withSnapshotTree(store, first.digest, async (entries) => entries.map(({ path }) => path));
    expect(parts.length).toBe(elsewhere.entries);
    expect(elsewhere.digest).toBe(first.digest);
  });

  it('sees every change: content, mode, time, a new name, one that is gone, even a write that puts the time back', async () => {
    const [store, folder] = [newStore(), await sample()];
    const take = (name: string) => takeSnapshot(store, folder, { name, mountPoints: false });
    let before = (await take('s0')).digest;
    const changes: (() => void)[] = [
      () => appendFileSync(join(folder, 'etc/passwd'), 'more'),
      () => chmodSync(join(folder, 'etc/passwd'), 0o600),
      () => writeFileSync(join(folder, 'etc/new'), ''),
      () => rmSync(join(folder, 'usr/bin/tool')),
      () => {
        writeFileSync(join(folder, 'etc/passwd'), readFileSync(join(folder, 'etc/passwd'), 'utf8').replace('root', 'toor'));
        utimesSync(join(folder, 'etc/passwd'), 1_700_000_000, 1_700_000_000);
      },
      () => oracle('setfattr', '-n', 'user.x', '-v', 'y', join(folder, 'etc/passwd')),
    ];
    for (const [index, change] of changes.entries()) {
      change();
      const { digest, read } = await take(`s${String(index + 1)}`);
      expect(digest, String(change)).not.toBe(before);
      expect(read).toBeLessThan(30);
      before = digest;
    }
    const [a, b] = [(await listSnapshots(store))[0]?.digest ?? '', before];
    const differences = await withSnapshotTree(store, a, (old) => withSnapshotTree(store, b, (now) => compareTrees(old, now)));
    expect(differences.map(({ path, change }) => `${change} ${path}`)).toEqual(
      ['changed etc/group', 'changed etc/passwd', 'added etc/new', 'removed usr/bin/tool', 'changed usr/bin/tool-alias']
        .filter((line) => !line.includes('group'))
        .sort((x, y) => (x.split(' ')[1] ?? '').localeCompare(y.split(' ')[1] ?? '')),
    );
    expect((await verifySnapshot(store, 's6')).damaged).toEqual([]);
  });

  it('keeps a content once, whatever folder it comes from', async () => {
    const [store, folder] = [newStore(), await sample()];
    await takeSnapshot(store, folder, { name: 'a', mountPoints: false });
    const copy = join(fresh('copy'), 'root');
    await restoreSnapshot(store, 'a', copy, { devices: root });
    expect(await takeSnapshot(store, copy, { name: 'b', mountPoints: false })).toMatchObject({ newBytes: 0 });
    writeFileSync(join(copy, 'new'), 'not seen before');
    expect((await takeSnapshot(store, copy, { name: 'c', mountPoints: false })).newBytes).toBeGreaterThan(0);
    rmSync(folder, { recursive: true });
    expect((await verifySnapshot(store, 'c')).damaged).toEqual([]);
  });

  it('is whole again when the tree is read once more after damage', async () => {
    const [store, folder] = [newStore(), await sample()];
    await takeSnapshot(store, folder, { name: 'a', mountPoints: false });
    writeFileSync(join(folder, 'later'), 'later');
    await takeSnapshot(store, folder, { name: 'b', mountPoints: false });
    for (const pack of readdirSync(store.packs)) {
      const bytes = readFileSync(join(store.packs, pack));
      bytes[20] = (bytes[20] ?? 0) ^ 0xff;
      writeFileSync(join(store.packs, pack), bytes);
    }
    expect((await verifySnapshot(store, 'b')).damaged.length).toBeGreaterThan(0);
    await takeSnapshot(store, folder, { name: 'b', mountPoints: false, reread: true });
    expect((await verifySnapshot(store, 'b')).damaged).toEqual([]);
  });

  it('names what is damaged when a pack has a flipped byte, and does not restore it', async () => {
    const [store, folder] = [newStore(), await sample()];
    await takeSnapshot(store, folder, { name: 'a', mountPoints: false });
    const [pack] = readdirSync(store.packs);
    const path = join(store.packs, pack ?? '');
    const bytes = readFileSync(path);
    bytes[40] = (bytes[40] ?? 0) ^ 0xff;
    writeFileSync(path, bytes);
    const { damaged } = await verifySnapshot(store, 'a');
    expect(damaged.length).toBeGreaterThan(0);
    const out = join(fresh('out'), 'root');
    await expect(restoreSnapshot(store, 'a', out)).rejects.toMatchObject({ code: 'STORE_CORRUPT' });
    expect(existsSync(out)).toBe(false);
  });

  it('can be read with zstd alone', async () => {
    const [store, folder] = [newStore(), await sample()];
    await takeSnapshot(store, folder, { name: 'a', mountPoints: false });
    const [pack] = readdirSync(store.packs);
    expect(oracle('zstd', '-dcq', join(store.packs, pack ?? ''))).toContain('remember\n');
  });

  it('keeps its name, and is not restored over something', async () => {
    const [store, folder] = [newStore(), await sample()];
    await takeSnapshot(store, folder, { name: 'a', mountPoints: false });
    writeFileSync(join(folder, 'new'), '');
    await expect(takeSnapshot(store, folder, { name: 'a', mountPoints: false })).rejects.toMatchObject({ code: 'USAGE' });
    await takeSnapshot(store, folder, { name: 'a', mountPoints: false, replace: true });
    await expect(restoreSnapshot(store, 'a', folder)).rejects.toMatchObject({ code: 'USAGE' });
    await expect(restoreSnapshot(store, 'none', join(scratch, 'x'))).rejects.toThrow(/no snapshot none/);
    for (const name of ['../a', 'a/b', '', '.hidden', 'a.tmp-b'])
      await expect(takeSnapshot(store, folder, { name })).rejects.toMatchObject({ code: 'USAGE' });
  });

  it('shares contents with its successors, and gc keeps what they need', async () => {
    const [store, folder] = [newStore(), await sample()];
    await takeSnapshot(store, folder, { name: 'old', mountPoints: false });
    writeFileSync(join(folder, 'new'), 'new content');
    await takeSnapshot(store, folder, { name: 'new', mountPoints: false });
    expect(readdirSync(store.packs)).toHaveLength(2);
    await removeSnapshot(store, 'old');
    await collectRootfsGarbage(store);
    expect((await verifySnapshot(store, 'new')).damaged).toEqual([]);
    await removeSnapshot(store, 'new');
    expect((await collectRootfsGarbage(store, { dryRun: true })).removed.length).toBeGreaterThan(2);
    await collectRootfsGarbage(store);
    expect([...readdirSync(store.packs), ...readdirSync(store.manifests)]).toEqual([]);
  });
});
