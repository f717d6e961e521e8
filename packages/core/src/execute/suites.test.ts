/** A recipe's own tests: steps that go on in its build folder. */
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { BuildEvent } from '../events/events.ts';
import { makePlan, type Plan } from '../plan/plan.ts';
import { defineRecipe } from '../recipe/define.ts';
import type { Recipe, RecipeInput } from '../recipe/recipe.ts';
import { defineRegistry } from '../recipe/registry.ts';
import { openStore, type Store } from '../store/store.ts';
import { collectGarbage } from '../upkeep/gc.ts';
import { build, type BuildOptions, type BuildResult } from './build.ts';
import { rebuild } from './rebuild.ts';
import { openShell } from './shell.ts';

let folder: string;
let store: Store;
let events: BuildEvent[] = [];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'xlfs-suites-'));
  store = await openStore(join(folder, 'store'));
  events = [];
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const about = { version: '1', summary: 's', license: 'MIT', homepage: '', reference: 'none', weight: 0.01 };
const recipe = (name: string, run: string, more: Partial<RecipeInput> = {}): Recipe =>
  defineRecipe({ ...about, name, phases: [{ name: 'install', run }], ...more });

const helper = recipe('helper', 'mkdir -p "$DESTDIR/usr/share"; echo helps > "$DESTDIR/usr/share/helper"');
const MADE = 'echo made > made; mkdir -p "$DESTDIR/usr/share"; echo installed > "$DESTDIR/usr/share/program"';

/** A program with tests, and the plan that has them run. */
function planOf(
  tests: RecipeInput['tests'],
  more: Partial<RecipeInput> = {},
  policy: 'targets' | 'none' = 'targets',
  target = 'program',
): Plan {
  const program = recipe('program', MADE, { tests, ...more });
  return makePlan(defineRegistry({ name: 'test', root: 'host' }, [helper, program]), [target], policy);
}

const common = (): Pick<BuildOptions, 'store' | 'lock' | 'fetch' | 'onEvent'> => ({
  store,
  lock: { lockVersion: 1, sources: {} },
  fetch: () => Promise.reject(new Error('no sources here')),
  onEvent: (event) => events.push(event),
});
const run = (plan: Plan): Promise<BuildResult> => build(plan, common());
const outcomes = (): unknown[] => events.flatMap((event) => (event.type === 'step-finished' && event.tests ? [event.tests] : []));

/** Prints the results that a file of the build folder has. */
const RESULTS = 'cat results';
const said = (...lines: string[]): string => `printf '%s\\n' ${lines.map((line) => `'${line}'`).join(' ')} > results`;

test('tests go on where the build ended, with what it installed and what they need besides', async () => {
  const look = 'cat made; cat "$DESTDIR/usr/share/program" "$DESTDIR/usr/share/helper"; touch "$DESTDIR/usr/share/litter"';
  const { built, actions } = await run(planOf({ run: look }, { needs: { test: ['helper'] } }));
  expect(new Set(built)).toEqual(new Set(['helper', 'program', 'program-tests']));
  expect(await store.readManifest(actions.get('program-tests')?.layer ?? '')).toEqual([]);
  expect(await readdir(store.paths.built)).toEqual([]);
});

test('what is built is the same step with tests and without', async () => {
  await run(planOf({ run: 'true' }, { needs: { test: ['helper'] } }, 'none'));
  expect((await run(planOf(undefined))).built).toEqual([]);
});

test('tests of what was built long ago have it built again, for its build folder', async () => {
  await run(planOf({ run: 'cat made' }, {}, 'none'));
  expect((await run(planOf({ run: 'cat made' }))).built).toEqual(['program', 'program-tests']);
  expect((await run(planOf({ run: 'cat made' }))).built).toEqual([]);
});

test('tests that fail are named, and their folder is kept for a shell', async () => {
  const plan = planOf({
    run: `${said('PASS: one', 'FAIL: two', 'FAIL: three')}; exit 2`,
    results: RESULTS,
    known: { three: 'a reason' },
  });
  await expect(run(plan)).rejects.toMatchObject({
    code: 'TESTS_FAILED',
    message: 'program-tests: 1 tests failed that are not known to (1 passed)\n  two',
    hint: expect.stringContaining('xlfs shell --profile test program-tests') as string,
  });
  expect(events).toContainEqual(
    expect.objectContaining({ type: 'step-failed', code: 'TESTS_FAILED', log: expect.any(String) as string }),
  );
  const command = ['sh', '-c', 'test -e made && test -e results && test -c /dev/ptmx && exit 7'];
  expect(await openShell(plan, 'program-tests', { ...common(), command })).toBe(7);
});

test('tests that failed run again, alone; and pass without a run when what failed is known to', async () => {
  const tests = { run: `${said('PASS: one', 'FAIL: two')}; exit 2`, results: RESULTS };
  const again = { run: 'test -e made; exit 2' };
  await expect(run(planOf(tests))).rejects.toMatchObject({ code: 'TESTS_FAILED' });
  events = [];
  await expect(run(planOf(tests))).rejects.toMatchObject({ code: 'TESTS_FAILED' });
  expect(events.flatMap((event) => (event.type === 'step-started' ? [event.step] : []))).toEqual(['program-tests']);
  expect((await run(planOf({ ...tests, known: { two: 'a reason' } }))).built).toEqual([]);
  // A list that shrank does not find the old success any more.
  await expect(run(planOf({ ...tests, known: {} }))).rejects.toMatchObject({ code: 'TESTS_FAILED' });
  await expect(run(planOf(again))).rejects.toMatchObject({
    code: 'TESTS_FAILED',
    message: expect.stringContaining('status 2') as string,
  });
});

test('known failures are no failure, and are told', async () => {
  const known = { two: 'a reason', other: 'passes here' };
  await run(planOf({ run: `${said('PASS: one', 'FAIL: two', 'XFAIL: x')}; exit 1`, results: RESULTS, known }));
  expect(outcomes()).toEqual([{ passed: 1, failed: ['two'] }]);
});

test('a run that broke off is no success, though all that failed is known to', async () => {
  const tests = { run: `${said('PASS: one', 'FAIL: two')}; exit 1`, results: RESULTS, known: { two: 'a reason' }, least: 2 };
  await expect(run(planOf(tests))).rejects.toMatchObject({
    code: 'TESTS_FAILED',
    message: expect.stringContaining('only 1 tests passed, and 2 must: its script ended with status 1\n') as string,
  });
});

test('a run that finds no test is no success', async () => {
  await expect(run(planOf({ run: said('0 tests'), results: RESULTS }))).rejects.toMatchObject({
    code: 'TESTS_FAILED',
    message: expect.stringContaining('no test passed, and 1 must: its script ended with status 0\n') as string,
  });
});

test('a command of a suite that fails ends the suite', async () => {
  const failure = { code: 'TESTS_FAILED', message: expect.stringContaining('status 1\n==> test\n+ echo the reason') as string };
  await expect(run(planOf({ run: 'echo the reason; false; true' }))).rejects.toMatchObject(failure);
});

test('a suite that passed is kept when another fails', async () => {
  const suites = (second: string): RecipeInput['tests'] => ({
    suites: [
      { name: 'one', run: 'test ! -e theirs; touch mine' },
      { name: 'two', run: `test ! -e mine; touch theirs; ${second}` },
    ],
  });
  await expect(build(planOf(suites('exit 1')), { ...common(), keepGoing: true })).rejects.toMatchObject({ code: 'TESTS_FAILED' });
  expect(await readdir(store.paths.built)).toHaveLength(1);
  expect((await run(planOf(suites('exit 0')))).built).toEqual(['program-tests-two']);
  expect(await readdir(store.paths.built)).toEqual([]);
});

test('suites asked for one by one share one build', async () => {
  const tests = { suites: ['one', 'two'].map((name) => ({ name, run: 'test -e made' })) };
  const only = (suite: string): Promise<BuildResult> => run(planOf(tests, {}, 'none', `program-tests-${suite}`));
  expect((await only('one')).built).toEqual(['program', 'program-tests-one']);
  expect((await only('two')).built).toEqual(['program-tests-two']);
  expect(await readdir(store.paths.built)).toHaveLength(1);
});

test('an interruption loses the suite in flight, and neither the build nor a suite that had passed', async () => {
  const suites = (second: string): RecipeInput['tests'] => ({
    suites: [
      { name: 'one', run: 'test -e made' },
      { name: 'two', run: second },
    ],
  });
  const controller = new AbortController();
  const stop: BuildOptions['onEvent'] = (event) => {
    events.push(event);
    if (event.type === 'step-finished' && event.step === 'program-tests-one') controller.abort();
  };
  const interrupted = build(planOf(suites('sleep 60')), { ...common(), onEvent: stop, signal: controller.signal, jobs: 1 });
  await expect(interrupted).rejects.toMatchObject({ code: 'INTERRUPTED' });
  expect((await run(planOf(suites('test -e made')))).built).toEqual(['program-tests-two']);
});

test('tests of another build are other tests, though it made the same', async () => {
  const tests = { run: 'cat made' };
  await run(planOf(tests));
  const phases = [{ name: 'install', run: `${MADE}; :` }];
  expect((await run(planOf(tests, { phases }))).built).toEqual(['program', 'program-tests']);
});

test('garbage collection takes build folders; a shell then says what makes them', async () => {
  const plan = planOf({ run: 'exit 1' });
  await expect(run(plan)).rejects.toMatchObject({ code: 'TESTS_FAILED' });
  await rm(store.paths.failed, { recursive: true });
  await collectGarbage(await openStore(join(folder, 'store')));
  expect(await readdir(store.paths.built)).toEqual([]);
  await expect(openShell(plan, 'program-tests', common())).rejects.toMatchObject({
    code: 'STEP_FAILED',
    hint: 'xlfs build --profile test program-tests',
  });
});

test('tests make nothing that a second build could be compared with', async () => {
  const plan = planOf({ run: 'true' });
  await run(plan);
  await expect(rebuild(plan, ['program-tests'], common())).rejects.toMatchObject({
    code: 'USAGE',
    hint: 'name program, whose tests they are',
  });
});
