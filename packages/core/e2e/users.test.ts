import { chmod, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { BuildEvent } from '../src/events/events.ts';
import { build } from '../src/execute/build.ts';
import { makePlan } from '../src/plan/plan.ts';
import { openStore } from '../src/store/store.ts';
import { runAsOrdinaryUser } from './ordinary-user.ts';
import { slowRegistry } from './slow-registry.ts';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'xlfs-users-'));
  await mkdir(join(folder, 'shared'));
  // Whoever it is that builds there.
  await chmod(folder, 0o755);
  await chmod(join(folder, 'shared'), 0o777);
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const SCRIPT = 'packages/core/e2e/one-build.ts';

test('an ordinary user gets the same layers as the one who runs the tests', async () => {
  const { status, stdout, stderr } = await runAsOrdinaryUser(SCRIPT, [join(folder, 'shared/store'), '0', 'mark', 'owners']);
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  const events = stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as BuildEvent);
  const theirs = events.flatMap((event) => (event.type === 'step-finished' ? [[event.step, event.layer]] : []));
  const { actions } = await build(makePlan(slowRegistry('0', ''), ['owners']), {
    store: await openStore(join(folder, 'own')),
    lock: { lockVersion: 1, sources: {} },
    fetch: () => Promise.reject(new Error('no sources here')),
  });
  expect(theirs).toEqual([...actions].map(([step, { layer }]) => [step, layer]));
});
