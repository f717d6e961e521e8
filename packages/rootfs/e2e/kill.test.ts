import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { collectRootfsGarbage } from '../src/fork/gc.ts';
import { listForks } from '../src/fork/record.ts';
import { fork } from '../src/fork/fork.ts';
import { writeExt4 } from '../src/image/ext4/write.ts';
import { makeKey, readTrustedKeys, requireSignature, trustedKeysPath } from '../src/signature/trust.ts';
import { removeSnapshot } from '../src/snapshot/remove.ts';
import { listSnapshots, takeSnapshot } from '../src/snapshot/snapshot.ts';
import { verifySnapshot } from '../src/snapshot/verify.ts';
import { openRootfsStore, type RootfsStore } from '../src/store/rootfs-store.ts';
import { oracle, removeTree, scratchFolder } from '../src/testing/scratch.ts';
import { file } from '../src/tree/entry.ts';
import { asOwner } from '../src/verbs/owner.ts';

/**
 * Each verb is run in a process of its own that is killed right before one of its changes to the file system: the first, one in the middle, the
 * last, and those before and behind the ones that put something in its place.
 */
const scratch = scratchFolder();
const tree = join(scratch, 'tree');
const later = join(scratch, 'later');
const base = join(scratch, 'base.ext4');
const key = join(scratch, 'key');
const library = new URL('../dist/index.js', import.meta.url).href;
const preload = new URL('../src/testing/kill-point.ts', import.meta.url).href;

beforeAll(async () => {
  mkdirSync(join(tree, 'etc'), { recursive: true });
  let seed = 1;
  const noise = () => Buffer.from(Uint8Array.from({ length: 20_000 }, () => (seed = (seed * 48_271) % 2_147_483_647) & 0xff));
  for (let index = 0; index < 8; index++) writeFileSync(join(tree, `file${String(index)}`), noise());
  writeFileSync(join(tree, 'etc/hostname'), 'parent\n');
  oracle('cp', '-a', tree, later);
  writeFileSync(join(later, 'etc/hostname'), 'child\n');
  await writeExt4([file('etc/hostname', 'parent\n'), file('data', Buffer.alloc(1 << 20, 'data'))], base, { free: 8 << 20 });
  await makeKey(key);
});

/** A verb that gives files to other owners goes on in a process that nobody counts, unless it is root from the start: of a namespace, for an ordinary user. */
function launcher(code: string): string[] {
  const isRoot = process.getuid?.() === 0 || !code.includes('rootfs.asOwner');
  return isRoot ? [process.execPath] : ['unshare', '--user', '--map-root-user', process.execPath];
}

type State = 'old' | 'new';

interface Case {
  /** What is there before. @default an empty folder */
  readonly prepare?: (place: string) => Promise<void> | void;
  readonly verb: (place: string) => string;
  readonly look: (place: string) => Promise<State> | State;
}

async function run(code: string, env: Record<string, string>): Promise<void> {
  const program = `import * as rootfs from ${JSON.stringify(library)}; ${code}; process.exit(0);`;
  const [command = '', ...first] = launcher(code);
  const child = spawn(command, [...first, '--import', preload, '--input-type=module', '-e', program], {
    stdio: ['ignore', 'ignore', 'pipe'],
    env: { ...process.env, NODE_NO_WARNINGS: '1', ...env },
  });
  let failed = '';
  child.stderr.on('data', (chunk: Buffer) => (failed += chunk.toString()));
  const [status, signal] = (await once(child, 'close')) as [number | null, string | null];
  if (status !== 0 && signal !== 'SIGKILL') throw new Error(failed);
}

async function place({ prepare = () => undefined }: Case): Promise<string> {
  const folder = mkdtempSync(join(scratch, 'place-'));
  await prepare(folder);
  return folder;
}

/** Where a verb is killed, as numbers of its changes to the file system. */
function killPoints(calls: readonly string[]): number[] {
  const publishing = calls.flatMap((name, index) => (/^(?:rename|link)/.test(name) ? [index, index + 1] : []));
  const chosen = [0, Math.floor(calls.length / 2), ...publishing.slice(0, 2), ...publishing.slice(-4), calls.length - 1];
  return [...new Set(chosen)].filter((index) => index < calls.length);
}

async function killed(one: Case): Promise<void> {
  const first = await place(one);
  const list = join(scratch, `${first.slice(-6)}.json`);
  await run(one.verb(first), { XLFS_KILL_LIST: list });
  expect(await one.look(first)).toBe('new');
  const points = killPoints(JSON.parse(readFileSync(list, 'utf8')) as string[]);
  expect(points.length).toBeGreaterThan(1);
  const states = new Map<number, State>();
  const worker = async () => {
    for (let point = points.shift(); point !== undefined; point = points.shift()) {
      const folder = await place(one);
      await run(one.verb(folder), { XLFS_KILL_AT: String(point) });
      states.set(point, await one.look(folder));
      await removeTree(folder);
    }
  };
  await Promise.all([worker(), worker()]);
  expect(states.get(0)).toBe('old');
}

const store = (folder: string): RootfsStore => openRootfsStore(join(folder, 'store'));
const text = (value: string) => JSON.stringify(value);
const opened = (folder: string) => `rootfs.openRootfsStore(${text(join(folder, 'store'))})`;
const digest = (path: string) => createHash('sha256').update(readFileSync(path)).digest('hex');
const same = (a: string, b: string) => expect(oracle('diff', '-r', a, b)).toBe('');

describe('SIGKILL in the middle of a verb leaves the old or the new state:', () => {
  it('snapshot', async () => {
    await killed({
      verb: (folder) => `await rootfs.takeSnapshot(${opened(folder)}, ${text(tree)}, { name: 'a' })`,
      look: async (folder) => {
        await collectRootfsGarbage(store(folder));
        const [found] = await listSnapshots(store(folder));
        expect(readdirSync(store(folder).packs)).toHaveLength(found === undefined ? 0 : 1);
        if (found !== undefined) expect((await verifySnapshot(store(folder), 'a')).damaged).toEqual([]);
        return found === undefined ? 'old' : 'new';
      },
    });
  });

  it('a later snapshot of the same name', async () => {
    await killed({
      prepare: async (folder) => {
        cpSync(tree, join(folder, 'tree'), { recursive: true });
        await takeSnapshot(store(folder), join(folder, 'tree'), { name: 'a' });
        writeFileSync(join(folder, 'tree/etc/hostname'), 'changed\n');
      },
      verb: (folder) =>
        `await rootfs.takeSnapshot(${opened(folder)}, ${text(join(folder, 'tree'))}, { name: 'a', replace: true })`,
      look: async (folder) => {
        await collectRootfsGarbage(store(folder));
        expect((await verifySnapshot(store(folder), 'a')).damaged).toEqual([]);
        await asOwner('restore', { store: join(folder, 'store'), name: 'a', folder: join(folder, 'out') });
        return readFileSync(join(folder, 'out/etc/hostname'), 'utf8') === 'parent\n' ? 'old' : 'new';
      },
    });
  });

  it('restore', async () => {
    const shared = mkdtempSync(join(scratch, 'shared-'));
    await takeSnapshot(store(shared), tree, { name: 'a' });
    await killed({
      verb: (folder) => `await rootfs.restoreSnapshot(${opened(shared)}, 'a', ${text(join(folder, 'out'))})`,
      look: (folder) => {
        if (!existsSync(join(folder, 'out'))) return 'old';
        same(tree, join(folder, 'out'));
        return 'new';
      },
    });
  });

  it.each(['copy', 'qcow2', 'overlay'])('fork by %s', async (strategy) => {
    const before = digest(base);
    await killed({
      verb: (folder) =>
        `await rootfs.fork(${opened(folder)}, ${text(base)}, { name: 'a', strategy: ${text(strategy)}, personality: { hostname: 'a' } })`,
      look: async (folder) => {
        await collectRootfsGarbage(store(folder));
        expect(digest(base)).toBe(before);
        const [found] = await listForks(store(folder));
        expect(readdirSync(store(folder).forks)).toEqual(found === undefined ? [] : ['a']);
        for (const [index, disk] of (found?.disks ?? []).entries()) {
          const raw = join(folder, `raw${String(index)}`);
          oracle('qemu-img', 'convert', '-f', disk.format, '-O', 'raw', disk.path, raw);
          oracle('e2fsck', '-fn', raw);
        }
        return found === undefined ? 'old' : 'new';
      },
    });
  });

  it('removal of a fork', async () => {
    await killed({
      prepare: async (folder) => void (await fork(store(folder), base, { name: 'a', strategy: 'qcow2' })),
      verb: (folder) => `await rootfs.removeFork(${opened(folder)}, 'a')`,
      look: async (folder) => {
        await collectRootfsGarbage(store(folder));
        const [found] = await listForks(store(folder));
        for (const disk of found?.disks ?? []) oracle('qemu-img', 'check', disk.path);
        expect(readdirSync(store(folder).forks)).toEqual(found === undefined ? [] : ['a']);
        return found === undefined ? 'new' : 'old';
      },
    });
  });

  it('gc', async () => {
    await killed({
      prepare: async (folder) => {
        await takeSnapshot(store(folder), tree, { name: 'kept' });
        await takeSnapshot(store(folder), later, { name: 'gone' });
        await removeSnapshot(store(folder), 'gone');
        writeFileSync(join(store(folder).packs, 'left.tmp-1-x'), 'left behind');
      },
      verb: (folder) => `await rootfs.collectRootfsGarbage(${opened(folder)})`,
      look: async (folder) => {
        expect((await verifySnapshot(store(folder), 'kept')).damaged).toEqual([]);
        const { removed } = await collectRootfsGarbage(store(folder));
        expect((await collectRootfsGarbage(store(folder))).removed).toEqual([]);
        expect((await verifySnapshot(store(folder), 'kept')).damaged).toEqual([]);
        return removed.length > 0 ? 'old' : 'new';
      },
    });
  });

  it.each(['ext4', 'squashfs', 'cpio', 'tar', 'qcow2', 'erofs'])('image in the format %s', async (format) => {
    await killed({
      prepare: (folder) => writeFileSync(join(folder, 'out'), 'old'),
      verb: (folder) =>
        `await rootfs.asOwner('image', { store: ${text(join(folder, 'store'))}, source: ${text(tree)}, out: ${text(join(folder, 'out'))}, format: ${text(format)}, replace: true })`,
      look: (folder) => (readFileSync(join(folder, 'out'), 'latin1') === 'old' ? 'old' : 'new'),
    });
  });

  it('patch make', async () => {
    await killed({
      verb: (folder) =>
        `await rootfs.asOwner('patchMake', { store: ${text(join(folder, 'store'))}, before: ${text(tree)}, after: ${text(later)}, out: ${text(join(folder, 'patch'))} })`,
      look: (folder) => {
        if (!existsSync(join(folder, 'patch'))) return 'old';
        oracle('zstd', '-qt', join(folder, 'patch'));
        return 'new';
      },
    });
  });

  it.each([
    ['apply', tree, later],
    ['revert', later, tree],
  ])('patch %s', async (direction, from, to) => {
    const patch = join(scratch, `${direction}.patch`);
    await asOwner('patchMake', { store: join(scratch, 'store'), before: tree, after: later, out: patch });
    await killed({
      verb: (folder) =>
        `await rootfs.asOwner('patchApply', { store: ${text(join(folder, 'store'))}, patch: ${text(patch)}, source: ${text(from)}, out: ${text(join(folder, 'out'))}, direction: ${text(direction)}, allowUnsigned: true })`,
      look: (folder) => {
        if (!existsSync(join(folder, 'out'))) return 'old';
        same(to, join(folder, 'out'));
        return 'new';
      },
    });
  });

  it('sign', async () => {
    await killed({
      prepare: (folder) => writeFileSync(join(folder, 'image'), 'content'),
      verb: (folder) => `await rootfs.signFiles([${text(join(folder, 'image'))}], ${text(key)})`,
      look: async (folder) => {
        if (!existsSync(join(folder, 'image.minisig'))) return 'old';
        await requireSignature(join(folder, 'image'), await readTrustedKeys(`${key}.pub`));
        return 'new';
      },
    });
  });

  it('trust in a key', async () => {
    await killed({
      prepare: (folder) => writeFileSync(trustedKeysPath(store(folder)), '# whom we trust\n'),
      verb: (folder) =>
        `await rootfs.trustKey(${text(trustedKeysPath(store(folder)))}, rootfs.parsePublicKey(${text(readFileSync(`${key}.pub`, 'utf8'))}), 'a colleague')`,
      look: async (folder) => {
        const path = trustedKeysPath(store(folder));
        expect(readFileSync(path, 'utf8')).toMatch(/^# whom we trust\n/);
        return (await readTrustedKeys(path)).length === 0 ? 'old' : 'new';
      },
    });
  });

  it('container file: all outputs or none, after the next run has cleaned up', async () => {
    await killed({
      prepare: (folder) => {
        writeFileSync(
          join(folder, 'domain'),
          `name = "a"\n[create ${tree} tree.cpio.gz][end]\n[image disk 20MB disk][end]\n[populate image disk / tree.cpio.gz][end]\n[fork ${base} guest strategy qcow2][end]\n`,
        );
        writeFileSync(join(folder, 'empty'), '');
      },
      verb: (folder) =>
        `await rootfs.buildContainer(${text(join(folder, 'domain'))}, { store: ${opened(folder)}, stripped: ${text(join(folder, 'config'))} })`,
      look: async (folder) => {
        await run(
          `await rootfs.buildContainer(${text(join(folder, 'empty'))}, { store: ${opened(folder)}, dir: ${text(folder)} })`,
          {},
        );
        await collectRootfsGarbage(store(folder));
        const outputs = ['config', 'disk', 'tree.cpio.gz', 'store/forks/guest'].filter((name) => existsSync(join(folder, name)));
        expect([0, 4]).toContain(outputs.length);
        expect(readdirSync(folder).filter((name) => name.includes('.tmp-') || name.includes('work'))).toEqual([]);
        return outputs.length === 4 ? 'new' : 'old';
      },
    });
  });
});
