/** `.ci/run` around stand-ins for `npm test` that end in every way it can end. */
import { spawnSync } from 'node:child_process';
import { copyFile, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { scratchFolder, workspace } from './projects.ts';

let scratch: string;
beforeAll(async () => {
  scratch = await scratchFolder('ci-run');
});
afterAll(() => rm(scratch, { recursive: true, force: true }));

async function ciRun(npmTest: string): Promise<{ status: number | null; last: string | undefined }> {
  const folder = await mkdtemp(join(scratch, 'case-'));
  await mkdir(join(folder, '.ci'));
  await copyFile(join(workspace, '.ci/run'), join(folder, '.ci/run'));
  await writeFile(join(folder, 'package.json'), JSON.stringify({ name: 'case', scripts: { test: 'sh test.sh' } }));
  await writeFile(join(folder, 'test.sh'), npmTest);
  const { status, stdout } = spawnSync('sh', ['.ci/run'], { cwd: folder, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
  return { status, last: stdout.trimEnd().split('\n').at(-1) };
}

test('all passed: exit 0, and the totals alone are the last line', async () => {
  const script = 'echo "12 passed, 0 failed"; echo "npm had more to say"';
  expect(await ciRun(script)).toEqual({ status: 0, last: '12 passed, 0 failed' });
});

test('a failure is a failure, also when npm test ends with 0', async () => {
  expect(await ciRun('echo "12 passed, 1 failed"; exit 1')).toEqual({ status: 1, last: '12 passed, 1 failed' });
  expect(await ciRun('echo "12 passed, 10 failed"')).toEqual({ status: 1, last: '12 passed, 10 failed' });
});

test('an exit code other than 0 is a failure, also when no test failed', async () => {
  expect(await ciRun('echo "12 passed, 0 failed"; exit 3')).toEqual({ status: 3, last: '12 passed, 0 failed' });
});

test('a set-up that fails, or a run without a single test, is a failure with totals', async () => {
  expect(await ciRun('echo "set-up: npm is missing"; exit 2')).toEqual({ status: 2, last: '0 passed, 1 failed' });
  expect(await ciRun('true')).toEqual({ status: 1, last: '0 passed, 1 failed' });
  expect(await ciRun('echo "0 passed, 0 failed"')).toMatchObject({ status: 1 });
});

test('there is neither a terminal nor input', async () => {
  expect(await ciRun('if [ -t 0 ] || [ -t 1 ] || read -r line; then exit 9; fi; echo "1 passed, 0 failed"')).toMatchObject({
    status: 0,
  });
});
