import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { lfsRecipes, userlandRecipes } from './index.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');
const examples = [...readme.matchAll(/```ts\n([^]*?)```/g)].map(([, code = '']) => code);

test.each(examples.map((code, i) => [i + 1, code] as const))('example %i of the README prints what it says', (_i, code) => {
  const printed = execFileSync(process.execPath, ['--input-type=module', '-e', code], { cwd: root, encoding: 'utf8' });
  expect(printed.trim()).toBe(/^\/\/ (.+)$/m.exec(code)?.[1]);
});

/** Cells of the rows of a table whose first cell is a name in backquotes. */
function rowsOf(text: string): string[][] {
  return [...text.matchAll(/^\| (`[^`]+`.*) \|$/gm)].map(([, row = '']) =>
    row.split('|').map((cell) => cell.trim().replaceAll('`', '')),
  );
}

const [before = '', after = ''] = readme.split('<!-- recipes -->');

test('the table of the host profile has every recipe, with its version and licence', () => {
  const rows = rowsOf(before).map(([name, version, license]) => ({ name, version, license }));
  const recipes = userlandRecipes.map(({ name, version, license }) => ({ name, version, license }));
  expect(rows).toEqual(expect.arrayContaining(recipes));
  expect(rows.length).toBe(recipes.length);
});

test('the table of the book has every recipe of lfs, in its order, with version, licence and section', () => {
  const rows = rowsOf(after).map(([name, version, license, reference]) => ({ name, version, license, reference }));
  expect(rows).toEqual(lfsRecipes().map(({ name, version, license, reference }) => ({ name, version, license, reference })));
});

test('no section of the book that installs a package is without a recipe', () => {
  const sections = new Set(
    lfsRecipes().flatMap(({ reference }) => [...reference.matchAll(/[,;] ([5-8]\.\d+)/g)].map(([, section = '']) => section)),
  );
  const range = (chapter: number, from: number, to: number): string[] =>
    Array.from({ length: to - from + 1 }, (_, i) => `${String(chapter)}.${String(from + i)}`);
  const wanted = [...range(5, 2, 6), ...range(6, 2, 18), ...range(7, 5, 12), ...range(8, 3, 82)];
  expect(wanted.filter((section) => !sections.has(section))).toEqual([]);
  expect([...sections].filter((section) => !wanted.includes(section) && !section.startsWith('8.5.'))).toEqual([]);
});
