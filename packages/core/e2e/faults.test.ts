import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { BuildEvent } from '../src/events/events.ts';
import { spawnAsNamespaceRoot } from '../src/sandbox/namespace.ts';
import { openStore } from '../src/store/store.ts';
import { verifyStore } from '../src/upkeep/verify.ts';
import { collectGarbage } from '../src/upkeep/gc.ts';

const SCRIPT = fileURLToPath(new URL('./one-build.ts', import.meta.url));

let folder: string;
let storeDir: string;
let mark: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'xlfs-faults-'));
  storeDir = join(folder, 'store');
  mark = `xlfs-mark-${Math.random().toString(36).slice(2)}`;
});
afterEach(() => rm(folder, { recursive: true, force: true }));

interface Running {
  readonly child: ChildProcess;
  readonly events: (BuildEvent | { type: 'error'; code: string })[];
  readonly exit: Promise<number | null>;
  until(type: string, step?: string): Promise<void>;
}

function startBuild(seconds: string): Running {
  const child = spawn(process.execPath, [SCRIPT, storeDir, seconds, mark], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, NODE_NO_WARNINGS: '1' },
  });
  const events: Running['events'] = [];
  const lines = createInterface({ input: child.stdout });
  lines.on('line', (line) => events.push(JSON.parse(line) as BuildEvent));
  const exit = new Promise<number | null>((done) => child.once('close', done));
  const until = async (type: string, step?: string): Promise<void> => {
    for (const deadline = Date.now() + 30_000; Date.now() < deadline; await sleep(20)) {
      if (events.some((event) => event.type === type && (step === undefined || ('step' in event && event.step === step)))) return;
    }
    throw new Error(`no ${type} within 30 s; saw ${events.map((event) => event.type).join(' ')}`);
  };
  return { child, events, exit, until };
}

/** Processes of the step, found by the mark in their command line. */
async function markedProcesses(): Promise<string[]> {
  const found: string[] = [];
  for (const pid of (await readdir('/proc')).filter((name) => /^\d+$/.test(name))) {
    const command = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
    if (command.includes(mark) && !command.includes('one-build')) found.push(command);
  }
  return found;
}

async function noMarkedProcesses(): Promise<void> {
  for (const deadline = Date.now() + 5000; Date.now() < deadline; await sleep(50))
    if ((await markedProcesses()).length === 0) return;
  expect(await markedProcesses()).toEqual([]);
}

async function mountsBelow(path: string): Promise<string[]> {
  return (await readFile('/proc/self/mountinfo', 'utf8')).split('\n').filter((line) => line.includes(path));
}

async function layerOf(step: string): Promise<string | undefined> {
  const actions = await (await openStore(storeDir)).allActions();
  return actions.findLast((action) => action.step === step)?.layer;
}

async function buildOnce(): Promise<Running> {
  const build = startBuild('0');
  expect(await build.exit).toBe(0);
  return build;
}

test('SIGKILL in the middle of a step loses that step only, and the next build gives the same digests', async () => {
  const killed = startBuild('300');
  await killed.until('phase-started', 'slow');
  killed.child.kill('SIGKILL');
  await killed.exit;
  await noMarkedProcesses();
  expect(await mountsBelow(folder)).toEqual([]);
  const again = await buildOnce();
  expect(again.events.some((event) => event.type === 'step-started' && event.step === 'first')).toBe(false);
  const digest = await layerOf('slow');
  expect((await verifyStore(await openStore(storeDir))).bad).toEqual([]);
  expect((await readdir(join(storeDir, 'work'))).length).toBe(0);
  // The same from an empty store, undisturbed.
  await rm(storeDir, { recursive: true });
  await buildOnce();
  expect(await layerOf('slow')).toBe(digest);
});

test('Ctrl-C in the middle of a step ends with 130, and leaves no process, mount or working folder', async () => {
  const build = startBuild('300');
  await build.until('phase-started', 'slow');
  build.child.kill('SIGINT');
  expect(await build.exit).toBe(130);
  expect(build.events.at(-1)).toEqual({ type: 'error', code: 'INTERRUPTED' });
  await noMarkedProcesses();
  expect(await mountsBelow(folder)).toEqual([]);
  expect(await readdir(join(storeDir, 'work'))).toEqual([]);
});

test('of two builds at once, one builds a step and the other waits for it', async () => {
  const one = startBuild('2');
  await one.until('phase-started', 'slow');
  const two = startBuild('2');
  expect(await one.exit).toBe(0);
  expect(await two.exit).toBe(0);
  expect(two.events.some((event) => event.type === 'step-waiting' && event.step === 'slow')).toBe(true);
  expect([...one.events, ...two.events].filter((event) => event.type === 'step-finished' && event.step === 'slow')).toHaveLength(
    1,
  );
});

test('GC refuses while somebody builds', async () => {
  const build = startBuild('300');
  await build.until('phase-started', 'slow');
  await expect(collectGarbage(await openStore(storeDir))).rejects.toMatchObject({ code: 'STORE_UNUSABLE' });
  build.child.kill('SIGINT');
  await build.exit;
});

test('GC removes what no root names, and nothing else', async () => {
  await buildOnce();
  const store = await openStore(storeDir);
  const [kept] = await store.allActions();
  const { keepAsRoot } = await import('../src/store/roots.ts');
  await keepAsRoot(store, 'test', ['first'], kept === undefined ? [] : [kept]);
  const report = await collectGarbage(store);
  expect(report.layers).toHaveLength(1);
  expect((await (await openStore(storeDir)).allActions()).map(({ step }) => step)).toEqual(['first']);
});

test('a layer that was changed on disk is found, put aside and built again', async () => {
  await buildOnce();
  const digest = (await layerOf('slow')) ?? '';
  const store = await openStore(storeDir);
  await writeFile(join(store.layerRoot(digest), 'usr/slow'), 'CONTENT\n');
  const report = await verifyStore(store);
  expect(report.bad).toEqual([{ kind: 'layer', name: digest, why: 'its tree was changed' }]);
  const again = await buildOnce();
  expect(again.events.some((event) => event.type === 'step-finished' && event.step === 'slow')).toBe(true);
  expect(await layerOf('slow')).toBe(digest);
});

test('a half-written action record counts as none', async () => {
  await buildOnce();
  for (const file of await readdir(join(storeDir, 'actions'))) await truncate(join(storeDir, 'actions', file), 10);
  const again = await buildOnce();
  expect(again.events.filter((event) => event.type === 'step-finished')).toHaveLength(2);
});

/** Runs a shell line as root of a namespace, and a build after it in the same place. */
async function buildInNamespace(prepare: string, target: string): Promise<{ status: number | null; events: Running['events'] }> {
  const build = `exec ${process.execPath} ${SCRIPT} ${storeDir} 0 ${mark} ${target}`;
  const child = await spawnAsNamespaceRoot(['sh', '-euc', `${prepare}; ${build}`], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, NODE_NO_WARNINGS: '1' },
  });
  const events: Running['events'] = [];
  if (child.stdout === null) throw new Error('no pipe');
  createInterface({ input: child.stdout }).on('line', (line) => events.push(JSON.parse(line) as BuildEvent));
  const status = await new Promise<number | null>((done) => child.once('close', done));
  return { status, events };
}

test('a disk that fills up in a step is named as such, and what was finished stays valid', async () => {
  const onSmallDisk = `mkdir -p ${storeDir}; mount -t tmpfs -o size=64m small ${storeDir}`;
  const { status, events } = await buildInNamespace(onSmallDisk, 'fill');
  expect(status).toBe(1);
  expect(events.find((event) => event.type === 'step-failed')).toMatchObject({ step: 'fill', code: 'NO_SPACE' });
  expect(events.find((event) => event.type === 'step-finished')).toMatchObject({ step: 'first' });
});

test('without user namespaces the error says what to enable', async () => {
  const { status, events } = await buildInNamespace('echo 0 > /proc/sys/user/max_user_namespaces', 'first');
  expect(status).toBe(1);
  expect(events.at(-1)).toEqual({ type: 'error', code: 'SANDBOX_UNAVAILABLE' });
});

test('a store that cannot be written says so, and what to do', async () => {
  const file = join(folder, 'file');
  await writeFile(file, '');
  await expect(openStore(join(file, 'store'))).rejects.toMatchObject({ code: 'STORE_UNUSABLE', exitCode: 1 });
});
