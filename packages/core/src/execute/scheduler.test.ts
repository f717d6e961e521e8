import { execFileSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { makePlan, type Plan } from '../plan/plan.ts';
import { defineRecipe } from '../recipe/define.ts';
import { defineRegistry } from '../recipe/registry.ts';
import { JOBSERVER_FD } from '../sandbox/environment.ts';
import { openJobserver, type Jobserver } from './jobserver.ts';
import { schedule, type ScheduleOptions } from './scheduler.ts';

let folder: string;
let jobserver: Jobserver;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'xlfs-schedule-'));
  jobserver = await openJobserver(join(folder, 'jobserver'), 2);
});
afterEach(async () => {
  jobserver.close();
  await rm(folder, { recursive: true });
});

/** `{ c: ['a'] }`: c needs a. */
function planOf(needs: Record<string, string[]>): Plan {
  const common = {
    version: '1',
    summary: 's',
    license: 'MIT',
    homepage: '',
    reference: 'r',
    weight: 1,
    phases: [{ name: 'install', run: 'true' }],
  };
  const recipes = Object.entries(needs).map(([name, list]) => defineRecipe({ ...common, name, needs: list }));
  return makePlan(defineRegistry({ name: 'test', root: 'host' }, recipes), Object.keys(needs));
}

function run(plan: Plan, work: ScheduleOptions['run'], more: Partial<ScheduleOptions> = {}): ReturnType<typeof schedule> {
  return schedule({
    plan,
    priority: () => 0,
    jobserver,
    run: work,
    onSkipped: () => undefined,
    keepGoing: false,
    signal: new AbortController().signal,
    ...more,
  });
}

test('never more steps at a time than there are slots, however many are ready', async () => {
  let now = 0;
  let most = 0;
  await run(planOf({ a: [], b: [], c: [], d: [], e: [] }), async (_step, slot) => {
    await slot();
    most = Math.max(most, ++now);
    await sleep(10);
    now--;
  });
  expect(most).toBe(2);
});

test('the step with the longest chain behind it goes first', async () => {
  const order: string[] = [];
  const length: Record<string, number> = { a: 1, b: 5, c: 3, d: 4 };
  await run(
    planOf({ a: [], b: [], c: [], d: [] }),
    async ({ name }, slot) => {
      await slot();
      order.push(name);
      await sleep(30);
    },
    { priority: ({ name }) => length[name] ?? 0 },
  );
  expect(order).toEqual(['b', 'd', 'c', 'a']);
});

test('a slot goes to what its step has freed, where that has the longer chain, though others have waited', async () => {
  const order: string[] = [];
  const length: Record<string, number> = { first: 9, long: 8, short: 1, other: 9, another: 1 };
  await run(
    planOf({ first: [], other: [], short: [], another: [], long: ['first'] }),
    async ({ name }, slot) => {
      // It looks into the store before it asks.
      await sleep(10);
      await slot();
      order.push(name);
      await sleep(name === 'other' ? 300 : 20);
    },
    { priority: ({ name }) => length[name] ?? 0 },
  );
  expect(order.slice(0, 3).sort()).toEqual(['first', 'long', 'other']);
});

test('a failure stops what depends on it; with keepGoing the rest is done', async () => {
  const done: string[] = [];
  const plan = planOf({ bad: [], behind: ['bad'], further: ['behind'], good: [], after: ['good'] });
  const { failures, skipped } = await run(
    plan,
    async ({ name }) => {
      await sleep(5);
      if (name === 'bad') throw new Error('no');
      done.push(name);
    },
    { keepGoing: true },
  );
  expect([...failures.keys()]).toEqual(['bad']);
  expect([...skipped]).toEqual([
    ['behind', 'bad'],
    ['further', 'bad'],
  ]);
  expect(done.sort()).toEqual(['after', 'good']);
});

test('two real makes share the tokens: together they never run more jobs than there are slots', async () => {
  const log = join(folder, 'log');
  const makefile = join(folder, 'Makefile');
  const jobs = Array.from({ length: 8 }, (_, i) => `j${String(i)}`).join(' ');
  await writeFile(makefile, `all: ${jobs}\n${jobs}:\n\t@echo + >> ${log}; sleep 0.1; echo - >> ${log}\n`);
  const auth = `-j2 --jobserver-auth=${String(JOBSERVER_FD)},${String(JOBSERVER_FD)}`;
  const one = `MAKEFLAGS='${auth}' make -f ${makefile} ${String(JOBSERVER_FD)}<>${jobserver.path}`;
  // Each make holds a slot for the job that it runs without asking, as a step does.
  await jobserver.acquire(new AbortController().signal);
  await jobserver.acquire(new AbortController().signal);
  execFileSync('sh', ['-c', `${one} & ${one}; wait`]);
  const { readFile } = await import('node:fs/promises');
  let now = 0;
  let most = 0;
  for (const line of (await readFile(log, 'utf8')).trim().split('\n')) most = Math.max(most, (now += line === '+' ? 1 : -1));
  expect(most).toBe(2);
});
