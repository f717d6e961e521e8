import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, it } from 'vitest';
import { scratchFolder } from '../testing/scratch.ts';
import { halfOf, withApart } from './apart.ts';
import { orderedEntries } from './entry.ts';
import { parseListing } from './listing.ts';
import { listTree } from './walk.ts';

const root = scratchFolder();

beforeAll(() => {
  for (const [folder, files] of [
    ['usr/lib/large', 900],
    ['usr/lib/small', 300],
    ['usr/-delete', 500],
    ['usr/share [a]*', 500],
    ['etc', 300],
  ] as const) {
    mkdirSync(join(root, folder), { recursive: true });
    for (let index = 0; index < files; index++) writeFileSync(join(root, folder, String(index)), '');
  }
});

it('a large tree is listed by two processes, and the listing is the same', async () => {
  const whole = await listTree(root);
  const entries = orderedEntries(parseListing(whole, root));
  const apart = halfOf(entries);
  expect(apart.length).toBeGreaterThan(0);
  // What find would take for a part of its expression is no starting point.
  expect(apart).not.toContain('usr/-delete');
  const below = entries.filter(({ path }) => apart.some((folder) => path.startsWith(`${folder}/`))).length;
  expect(below / entries.length).toBeGreaterThan(0.25);
  const both = await listTree(root, { apart, oneFileSystem: true });
  expect(both.equals(withApart(whole, apart))).toBe(true);
  expect([...parseListing(both, root)].map(({ path }) => path).sort()).toEqual(entries.map(({ path }) => path).sort());
});

it('folders that are left out stay so on both sides', async () => {
  const options = { prune: ['etc', 'usr/lib/small', 'usr/share [a]*'] };
  const apart = ['usr/lib'];
  const both = await listTree(root, { ...options, apart });
  expect(both.equals(withApart(await listTree(root, options), apart))).toBe(true);
  const paths = [...parseListing(both, root)].map(({ path }) => path);
  expect(paths).toEqual(expect.arrayContaining(['etc', 'usr/lib/small', 'usr/share [a]*', 'usr/lib/large/1', 'usr/-delete/1']));
  expect(paths.filter((path) => /^(?:etc|usr\/lib\/small|usr\/share \[a\]\*)\//.test(path))).toEqual([]);
});

it('a folder to list apart that is gone is no error', async () => {
  expect((await listTree(root, { apart: ['gone'] })).equals(await listTree(root))).toBe(true);
});
