import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { makePlan } from '../plan/plan.ts';
import { defineRecipe } from '../recipe/define.ts';
import { defineRegistry } from '../recipe/registry.ts';
import { openStore, type Store } from '../store/store.ts';
import { findConflicts } from '../upkeep/conflicts.ts';
import { readFinishedRoot } from '../upkeep/finished-root.ts';
import { build } from './build.ts';
import type { Executor } from './executor.ts';
import { localExecutor } from './local.ts';
import { rebuild, type RebuildOptions } from './rebuild.ts';

let folder: string;
let store: Store;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'xlfs-core-'));
  store = await openStore(join(folder, 'store'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

function recipe(name: string, run: string, needs: string[] = []): ReturnType<typeof defineRecipe> {
  const phases = [{ name: 'install', run: `mkdir -p "$DESTDIR/usr"\n${run}` }];
  return defineRecipe({
    name,
    version: '1',
    summary: 's',
    license: 'MIT',
    homepage: '',
    reference: 'r',
    weight: 0.01,
    needs,
    phases,
  });
}

const fetch = () => Promise.reject(new Error('no sources here'));
const lock = { lockVersion: 1, sources: {} } as const;

function planOf(recipes: ReturnType<typeof defineRecipe>[]) {
  const registry = defineRegistry({ name: 'test', root: 'host' }, recipes);
  return { registry, plan: makePlan(registry, [...registry.recipes.keys()]) };
}

test('a step that comes out the same has no differences, one that does not has its files named', async () => {
  const same = recipe('same', 'echo always > "$DESTDIR/usr/same"');
  const other = recipe('other', 'cat /proc/sys/kernel/random/uuid > "$DESTDIR/usr/id"; touch "$DESTDIR/usr/fixed"', ['same']);
  const { plan } = planOf([same, other]);
  await build(plan, { store, lock, fetch });
  const report = await rebuild(plan, ['same', 'other'], { store, lock, fetch });
  expect(report.map(({ step, differences }) => ({ step, differences }))).toEqual([
    { step: 'same', differences: [] },
    { step: 'other', differences: [{ path: 'usr/id', what: ['sha256'] }] },
  ]);
  expect(report[0]?.first).toBe(report[0]?.second);
  expect((await build(plan, { store, lock, fetch })).built).toEqual([]);
});

test('each comparison is told when it is known, and a step that does not build again hides none of the others', async () => {
  const same = recipe('same', 'echo always > "$DESTDIR/usr/same"');
  const { plan } = planOf([same, recipe('once', 'true')]);
  await build(plan, { store, lock, fetch });
  const events: string[] = [];
  const failing: RebuildOptions['executor'] = (context) => {
    const local = localExecutor(context);
    const run: Executor['run'] = (job, hooks) =>
      job.step.name === 'once' ? Promise.reject(new Error('not again')) : local.run(job, hooks);
    return { ...local, run };
  };
  const onEvent: RebuildOptions['onEvent'] = (event) => {
    if (event.type === 'step-compared') events.push(`${event.step} ${String(event.first === event.second)}`);
    if (event.type === 'step-failed') events.push(`${event.step} failed`);
  };
  await expect(rebuild(plan, ['once', 'same'], { store, lock, fetch, onEvent, executor: failing })).rejects.toThrow('not again');
  expect(events.sort()).toEqual(['once failed', 'same true']);
});

test('what was never built has nothing to be compared with', async () => {
  const { plan } = planOf([recipe('same', 'true')]);
  await expect(rebuild(plan, ['same'], { store, lock, fetch })).rejects.toMatchObject({ code: 'STEP_FAILED' });
});

test('two layers that have one path are reported unless one comes before the other', async () => {
  const first = recipe('first', 'touch "$DESTDIR/usr/kill" "$DESTDIR/usr/first"');
  const beside = recipe('beside', 'touch "$DESTDIR/usr/kill"');
  const above = recipe('above', 'echo more > "$DESTDIR/usr/first"', ['first']);
  const { registry, plan } = planOf([first, beside, above]);
  const { actions } = await build(plan, { store, lock, fetch });
  const root = await readFinishedRoot(store, registry, plan, actions);
  expect(findConflicts(root)).toEqual([{ path: 'usr/kill', steps: ['first', 'beside'] }]);
});
