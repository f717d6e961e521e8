import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { projects, scratchFolder, workspace } from './projects.ts';
import { countChecks, countTests, lastLine, outcomes, sum, type Totals } from './totals.ts';

const run = promisify(execFile);

/** Runs vitest itself over the files given and counts what it reports. */
async function totalsOf(files: Record<string, string>): Promise<Totals> {
  const folder = await mkdtemp(join(scratch, 'case-'));
  for (const [name, content] of Object.entries(files)) await writeFile(join(folder, name), content);
  const args = ['run', '--config', join(workspace, 'vitest.config.ts'), '--root', folder];
  const succeeded = await run(join(workspace, 'node_modules/.bin/vitest'), args, { cwd: folder }).then(
    () => true,
    () => false,
  );
  return countTests('p', await readFile(join(folder, '.test-results/vitest.json'), 'utf8'), succeeded);
}

let scratch: string;
beforeAll(async () => {
  scratch = await scratchFolder('totals');
});
afterAll(() => rm(scratch, { recursive: true, force: true }));

const PASSES = `import { expect, test } from 'vitest';\ntest('one', () => expect(1).toBe(1));\ntest('two', () => expect(2).toBe(2));\n`;

test('passed tests are counted one by one', async () => {
  const totals = await totalsOf({ 'a.test.ts': PASSES, 'b.test.ts': PASSES });
  expect(totals).toEqual({ passed: 4, failed: 0, failures: [] });
});

test('a failed test is counted and named', async () => {
  const totals = await totalsOf({ 'a.test.ts': PASSES.replace('toBe(2)', 'toBe(3)') });
  expect(totals).toMatchObject({ passed: 1, failed: 1, failures: [expect.stringContaining('two')] });
});

test('a test file that does not load counts as failed', async () => {
  const totals = await totalsOf({ 'a.test.ts': PASSES, 'b.test.ts': `import './no-such-file.ts';\n` });
  expect(totals).toMatchObject({ passed: 2, failed: 1, failures: [expect.stringContaining('b.test.ts')] });
});

test('a test file without tests counts as failed', async () => {
  const totals = await totalsOf({ 'a.test.ts': PASSES, 'b.test.ts': 'export {};\n' });
  expect(totals).toMatchObject({ passed: 2, failed: 1 });
});

test('a hook that throws counts as failed', async () => {
  const hook = `import { afterAll } from 'vitest';\nafterAll(() => { throw new Error('left a mount'); });\n`;
  const totals = await totalsOf({ 'a.test.ts': hook + PASSES });
  expect(totals).toMatchObject({ passed: 2, failed: 1, failures: [expect.stringContaining('a.test.ts')] });
});

test('an error outside of any test counts as failed', async () => {
  const stray = `setTimeout(() => { throw new Error('stray'); }, 0);\n`;
  const waits = `test('waits', () => new Promise((resolve) => setTimeout(resolve, 100)));\n`;
  const totals = await totalsOf({ 'a.test.ts': PASSES + waits + stray });
  expect(totals).toMatchObject({ passed: 3, failed: 1 });
});

test('a skipped and an unwritten test count as failed', async () => {
  const totals = await totalsOf({ 'a.test.ts': `${PASSES}test.skip('left out', () => {});\ntest.todo('later');\n` });
  expect(totals).toMatchObject({ passed: 2, failed: 2 });
});

test('a report that is missing, cut short or of another shape counts as failed', () => {
  for (const text of [undefined, '{"success": tr', '{"success": true}', '{"success":true,"testResults":[]}']) {
    expect(countTests('p', text, true)).toMatchObject({ passed: 0, failed: 1 });
  }
});

const record = (status: number) =>
  JSON.stringify({
    run: { startTime: '2026-01-01T10:00:00.000Z' },
    tasks: [
      { projectName: 'p', target: 'lint', status },
      { projectName: 'p', target: 'test', status: 0 },
    ],
  });
const asked = [
  { project: 'p', target: 'lint' },
  { project: 'p', target: 'publint' },
];

test('a check that failed and one that Nx never reached count as failed', () => {
  const totals = countChecks(asked, outcomes(record(1), new Date('2026-01-01T09:59:59Z')));
  expect(totals).toEqual({ passed: 0, failed: 2, failures: ['p: lint failed', 'p: publint did not run'] });
});

test('a record of an earlier run proves nothing', () => {
  expect(countChecks(asked, outcomes(record(0), new Date('2026-01-01T10:00:01Z')))).toMatchObject({ passed: 0, failed: 2 });
  expect(countChecks(asked, outcomes(record(0), new Date('2026-01-01T10:00:00Z')))).toMatchObject({ passed: 1, failed: 1 });
});

test('the last line sums all groups', () => {
  const part = { passed: 20, failed: 1, failures: ['x'] };
  expect(lastLine(sum([part, part]))).toBe('40 passed, 2 failed');
});

test('every package of the workspace is counted', () => {
  expect(projects().map(({ name }) => name)).toEqual(expect.arrayContaining(['@xlfs/core', '@xlfs/cli', '@xlfs/tools']));
});
