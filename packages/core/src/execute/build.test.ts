import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { BuildEvent } from '../events/events.ts';
import { makePlan } from '../plan/plan.ts';
import { defineRecipe } from '../recipe/define.ts';
import type { RecipeInput } from '../recipe/recipe.ts';
import { defineRegistry } from '../recipe/registry.ts';
import { openStore, type Store } from '../store/store.ts';
import { build, type BuildOptions, type BuildResult } from './build.ts';

let folder: string;
let store: Store;
let events: BuildEvent[];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'xlfs-core-'));
  store = await openStore(join(folder, 'store'));
  events = [];
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const base = { version: '1', summary: 'a test', license: 'MIT', homepage: '', reference: 'none', weight: 0.01 };

function recipe(name: string, run: string, more: Partial<RecipeInput> = {}): ReturnType<typeof defineRecipe> {
  return defineRecipe({ ...base, name, phases: [{ name: 'install', run }], ...more });
}

function buildAll(
  recipes: ReturnType<typeof defineRecipe>[],
  targets: string[],
  more: Partial<Pick<BuildOptions, 'keepGoing' | 'jobs' | 'signal' | 'onEvent'>> = {},
): Promise<BuildResult> {
  const registry = defineRegistry({ name: 'test', root: 'host' }, recipes);
  return build(makePlan(registry, targets), {
    store,
    lock: { lockVersion: 1, sources: {} },
    fetch: () => Promise.reject(new Error('no sources here')),
    onEvent: (event) => events.push(event),
    ...more,
  });
}

const ran = (): string[] => events.flatMap((event) => (event.type === 'step-started' ? [event.step] : []));

const hello = recipe('hello', 'mkdir -p "$DESTDIR/usr/share"; echo hi > "$DESTDIR/usr/share/hello"');

test('a step installs below the target root and what it added becomes its layer', async () => {
  const { actions } = await buildAll([hello], ['hello']);
  const layer = actions.get('hello')?.layer ?? '';
  expect(await readFile(join(store.layerRoot(layer), 'usr/share/hello'), 'utf8')).toBe('hi\n');
  expect((await store.readManifest(layer)).map(({ path }) => path)).toEqual(['usr', 'usr/share', 'usr/share/hello']);
});

test('a second build runs nothing', async () => {
  await buildAll([hello], ['hello']);
  events = [];
  const { built } = await buildAll([hello], ['hello']);
  expect(built).toEqual([]);
  expect(ran()).toEqual([]);
});

test('a step sees what it needs, and only that', async () => {
  const reader = recipe('reader', 'cat "$DESTDIR/usr/share/hello" > "$DESTDIR/usr/share/copy"', { needs: ['hello'] });
  const { actions } = await buildAll([hello, reader], ['reader']);
  const manifest = await store.readManifest(actions.get('reader')?.layer ?? '');
  expect(manifest.map(({ path }) => path)).toEqual(['usr', 'usr/share', 'usr/share/copy']);
  const undeclared = recipe('undeclared', 'cat "$DESTDIR/usr/share/hello"');
  await expect(buildAll([hello, undeclared], ['hello', 'undeclared'])).rejects.toMatchObject({ code: 'STEP_FAILED' });
});

test('what waits for its turn when the build is interrupted has not failed', async () => {
  const controller = new AbortController();
  const onEvent = (event: BuildEvent): void => {
    events.push(event);
    if (event.type === 'phase-started') controller.abort();
  };
  const slow = ['one', 'two', 'three'].map((name) => recipe(name, 'sleep 60'));
  const interrupted = buildAll(slow, ['one', 'two', 'three'], { jobs: 1, signal: controller.signal, onEvent });
  await expect(interrupted).rejects.toMatchObject({ code: 'INTERRUPTED' });
  expect(events.filter(({ type }) => type === 'step-failed')).toEqual([]);
});

test('a rebuilt layer with the same content stops the rebuild there', async () => {
  const reader = recipe('reader', 'cp "$DESTDIR/usr/share/hello" "$DESTDIR/usr/share/copy"', { needs: ['hello'] });
  await buildAll([hello, reader], ['reader']);
  events = [];
  const reworded = recipe('hello', 'mkdir -p "$DESTDIR/usr/share" && printf "hi\\n" > "$DESTDIR/usr/share/hello"');
  const { built } = await buildAll([reworded, reader], ['reader']);
  expect(built).toEqual(['hello']);
});

test('removing a file of an input is part of the layer', async () => {
  const remover = recipe('remover', 'rm "$DESTDIR/usr/share/hello"', { needs: ['hello'] });
  const after = recipe('after', 'test ! -e "$DESTDIR/usr/share/hello" && mkdir -p "$DESTDIR/usr" && touch "$DESTDIR/usr/gone"', {
    needs: ['hello', 'remover'],
  });
  const { actions } = await buildAll([hello, remover, after], ['after']);
  const manifest = await store.readManifest(actions.get('remover')?.layer ?? '');
  expect(manifest.find(({ path }) => path === 'usr/share/hello')?.type).toBe('removed');
});

test('a failed step names its last lines, and what depends on it is skipped while the rest is built', async () => {
  const broken = recipe('broken', 'echo the reason; exit 3');
  const behind = recipe('behind', 'true', { needs: ['broken'] });
  await expect(buildAll([hello, broken, behind], ['behind', 'hello'], { keepGoing: true })).rejects.toMatchObject({
    code: 'STEP_FAILED',
    message: expect.stringContaining('the reason') as string,
  });
  expect(events).toContainEqual({ type: 'step-skipped', step: 'behind', because: 'broken' });
  expect(events.some((event) => event.type === 'step-finished' && event.step === 'hello')).toBe(true);
});
