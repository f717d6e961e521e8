import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { lfsRecipes } from './index.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');
const examples = [...readme.matchAll(/```ts\n([^]*?)```/g)].map(([, code = '']) => code);

test.each(examples.map((code, i) => [i + 1, code] as const))('example %i of the README prints what it says', (_i, code) => {
  const printed = execFileSync(process.execPath, ['--input-type=module', '-e', code], { cwd: root, encoding: 'utf8' });
  expect(printed.trim()).toBe(/^\/\/ (.+)$/m.exec(code)?.[1]);
});

test('the table of the README has every recipe, with its version and licence', () => {
  const rows = [...readme.matchAll(/^\| `([^`]+)`\s*\| (\S+)\s*\| ([^|]+?)\s*\|/gm)].map(([, name, version, license]) => ({
    name,
    version,
    license,
  }));
  expect(rows).toEqual(lfsRecipes().map(({ name, version, license }) => ({ name, version, license })));
});
