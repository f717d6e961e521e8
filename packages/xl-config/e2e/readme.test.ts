import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, test } from 'vitest';

const root = join(import.meta.dirname, '..');
const source = pathToFileURL(join(root, 'src/index.ts')).href;
const examples = [...readFileSync(join(root, 'README.md'), 'utf8').matchAll(/^## (.*)\n[^]*?```ts\n([^]*?)```/gm)].map(
  ([, title = '', code = '']) => ({ title, code }),
);

test('the README has examples', () => {
  expect(examples.map(({ title }) => title)).toEqual(['Read', 'Lint and fix', 'Write', 'Convert and compare']);
});

test.each(examples)('the example under «$title» runs', ({ code }) => {
  const run = spawnSync(
    process.execPath,
    ['--input-type=module-typescript', '--eval', code.replace("'@xlfs/xl-config'", JSON.stringify(source))],
    { encoding: 'utf8' },
  );
  expect({ status: run.status, stderr: run.stderr.replace(/.*ExperimentalWarning[^]*$/, '') }).toEqual({ status: 0, stderr: '' });
  expect(run.stdout.length).toBeGreaterThan(10);
});
