import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { once } from 'node:events';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { collectRootfsGarbage } from '../src/fork/gc.ts';
import { listForks } from '../src/fork/record.ts';
import { listSnapshots, takeSnapshot } from '../src/snapshot/snapshot.ts';
import { verifySnapshot } from '../src/snapshot/verify.ts';
import { openRootfsStore, type RootfsStore } from '../src/store/rootfs-store.ts';
import { oracle, scratchFolder } from '../src/testing/scratch.ts';
import { writeExt4 } from '../src/image/ext4/write.ts';
import { editExt4 } from '../src/image/ext4/edit.ts';
import { file } from '../src/tree/entry.ts';

/** Moments at which each verb is killed, as parts of its time. */
const MOMENTS = [0.15, 0.5, 0.85];
const scratch = scratchFolder();
const tree = join(scratch, 'tree');
const base = join(scratch, 'base.ext4');
const library = new URL('../dist/index.js', import.meta.url).href;

beforeAll(async () => {
  mkdirSync(join(tree, 'etc'), { recursive: true });
  let seed = 1;
  const noise = () => Buffer.from(Uint8Array.from({ length: 100_000 }, () => (seed = (seed * 48_271) % 2_147_483_647) & 0xff));
  for (let index = 0; index < 20; index++) writeFileSync(join(tree, `file${String(index)}`), noise());
  writeFileSync(join(tree, 'etc/hostname'), 'parent\n');
  await writeExt4([file('etc/hostname', 'parent\n'), file('data', Buffer.alloc(8 << 20, 'data'))], base, { free: 8 << 20 });
});

/** Runs a verb in a process of its own. Resolves with the milliseconds from its start, or the kill. */
async function run(code: string, killAfter?: number): Promise<number> {
  const program = `import * as rootfs from ${JSON.stringify(library)}; process.stdout.write('go'); const started = performance.now(); ${code}; process.stdout.write(' ' + (performance.now() - started));`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', program], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, NODE_NO_WARNINGS: '1' },
  });
  let said = '';
  let failed = '';
  child.stderr.on('data', (chunk: Buffer) => (failed += chunk.toString()));
  const ended = once(child, 'close') as Promise<[number | null]>;
  child.stdout.on('data', (chunk: Buffer) => {
    const first = said === '';
    said += chunk.toString();
    if (first && killAfter !== undefined) setTimeout(() => child.kill('SIGKILL'), killAfter);
  });
  const [status] = await ended;
  if (killAfter === undefined && status !== 0) throw new Error(failed);
  return Number(said.split(' ')[1] ?? NaN);
}

/** Kill a verb at several moments, each in a fresh place, and look at what is left. */
async function killedAt(
  prepare: () => Promise<string> | string,
  verb: (place: string) => string,
  look: (place: string) => Promise<'old' | 'new'>,
): Promise<string[]> {
  const first = await prepare();
  const duration = await run(verb(first));
  expect(await look(first)).toBe('new');
  const states: string[] = [];
  for (const moment of MOMENTS) {
    const place = await prepare();
    await run(verb(place), duration * moment);
    states.push(await look(place));
  }
  return states;
}

const place = () => mkdtempSync(join(scratch, 'place-'));
const store = (folder: string): RootfsStore => openRootfsStore(join(folder, 'store'));
const text = (value: string) => JSON.stringify(value);
const digest = (path: string) => createHash('sha256').update(readFileSync(path)).digest('hex');

describe('SIGKILL in the middle of a verb leaves the old or the new state', () => {
  it('snapshot', async () => {
    const states = await killedAt(
      place,
      (folder) =>
        `await rootfs.takeSnapshot(rootfs.openRootfsStore(${text(join(folder, 'store'))}), ${text(tree)}, { name: 'a' })`,
      async (folder) => {
        await collectRootfsGarbage(store(folder));
        const [found] = await listSnapshots(store(folder));
        if (found === undefined) return 'old';
        expect((await verifySnapshot(store(folder), 'a')).damaged).toEqual([]);
        expect(readdirSync(store(folder).packs)).toHaveLength(1);
        return 'new';
      },
    );
    expect(states).toContain('old');
  });

  it('restore', async () => {
    const shared = place();
    await takeSnapshot(store(shared), tree, { name: 'a' });
    const states = await killedAt(
      place,
      (folder) =>
        `await rootfs.restoreSnapshot(rootfs.openRootfsStore(${text(join(shared, 'store'))}), 'a', ${text(join(folder, 'out'))})`,
      async (folder) => {
        if (!existsSync(join(folder, 'out'))) return 'old';
        expect(oracle('diff', '-r', tree, join(folder, 'out'))).toBe('');
        return 'new';
      },
    );
    expect(states).toContain('old');
  });

  it.each(['copy', 'qcow2', 'overlay'])('fork by %s', async (strategy) => {
    const before = digest(base);
    await killedAt(
      place,
      (folder) =>
        `await rootfs.fork(rootfs.openRootfsStore(${text(join(folder, 'store'))}), ${text(base)}, { name: 'a', strategy: ${text(strategy)}, personality: { hostname: 'a' } })`,
      async (folder) => {
        await collectRootfsGarbage(store(folder));
        expect(digest(base)).toBe(before);
        const [found] = await listForks(store(folder));
        expect(readdirSync(store(folder).forks)).toEqual(found === undefined ? [] : ['a']);
        for (const disk of found?.disks ?? []) {
          const raw = join(folder, 'raw');
          oracle('qemu-img', 'convert', '-f', disk.format, '-O', 'raw', disk.path, raw);
          oracle('e2fsck', '-fn', raw);
        }
        return found === undefined ? 'old' : 'new';
      },
    );
  });

  it.each(['ext4', 'squashfs', 'cpio', 'tar', 'qcow2', 'erofs'])('image in the format %s', async (format) => {
    const states = await killedAt(
      () => {
        const folder = place();
        writeFileSync(join(folder, 'out'), 'old');
        return folder;
      },
      (folder) =>
        `await rootfs.asOwner('image', { store: ${text(join(folder, 'store'))}, source: ${text(tree)}, out: ${text(join(folder, 'out'))}, format: ${text(format)}, replace: true })`,
      async (folder) => (readFileSync(join(folder, 'out')).length === 3 ? 'old' : 'new'),
    );
    expect(states).toContain('old');
  });

  it('patch', async () => {
    const [one, two] = [place(), place()];
    oracle('cp', '-a', `${tree}/.`, one);
    oracle('cp', '-a', `${tree}/.`, two);
    writeFileSync(join(two, 'etc/hostname'), 'child\n');
    const patch = join(place(), 'patch');
    await run(`await rootfs.asOwner('patchMake', { before: ${text(one)}, after: ${text(two)}, out: ${text(patch)} })`);
    await killedAt(
      place,
      (folder) =>
        `await rootfs.asOwner('patchApply', { patch: ${text(patch)}, source: ${text(one)}, out: ${text(join(folder, 'out'))} })`,
      async (folder) => {
        expect(readFileSync(join(one, 'etc/hostname'), 'utf8')).toBe('parent\n');
        if (!existsSync(join(folder, 'out'))) return 'old';
        expect(oracle('diff', '-r', two, join(folder, 'out'))).toBe('');
        return 'new';
      },
    );
  });

  it('container file: all outputs or none, after the next run has cleaned up', async () => {
    const states = await killedAt(
      () => {
        const folder = place();
        writeFileSync(
          join(folder, 'domain'),
          `name = "a"\n[create ${tree} tree.cpio.gz][end]\n[image disk 50MB disk][end]\n[populate image disk / tree.cpio.gz][end]\n`,
        );
        return folder;
      },
      (folder) =>
        `await rootfs.buildContainer(${text(join(folder, 'domain'))}, { store: rootfs.openRootfsStore(${text(join(folder, 'store'))}), stripped: ${text(join(folder, 'config'))} })`,
      async (folder) => {
        writeFileSync(join(folder, 'empty'), '');
        await run(
          `await rootfs.buildContainer(${text(join(folder, 'empty'))}, { store: rootfs.openRootfsStore(${text(join(folder, 'store'))}), dir: ${text(folder)} })`,
        );
        const outputs = ['config', 'disk', 'tree.cpio.gz'].filter((name) => existsSync(join(folder, name)));
        expect([0, 3]).toContain(outputs.length);
        expect(readdirSync(folder).filter((name) => name.includes('.tmp-') || name.includes('work'))).toEqual([]);
        return outputs.length === 3 ? 'new' : 'old';
      },
    );
    expect(states).toContain('old');
  });

  it('the edit of an image is made in a copy where the image must survive', async () => {
    // What `fork --strategy copy` does: a half-edited copy has no name yet.
    const folder = place();
    oracle('cp', '--sparse=always', base, join(folder, 'copy'));
    await editExt4(join(folder, 'copy'), { put: [file('etc/hostname', 'edited\n')] });
    expect(digest(join(folder, 'copy'))).not.toBe(digest(base));
    oracle('e2fsck', '-fn', join(folder, 'copy'));
  });
});
