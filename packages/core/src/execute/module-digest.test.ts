import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { moduleDigest } from './module-digest.ts';

let folder: string;
let count = 0;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'xlfs-module-'));
});
afterEach(() => rm(folder, { recursive: true }));

/** Digest of an entry over the given files; a new folder each time, as digests are remembered by URL. */
async function digestOf(files: Record<string, string>): Promise<string> {
  const place = await mkdtemp(join(folder, `${String(count++)}-`));
  for (const [name, text] of Object.entries(files)) await writeFile(join(place, name), text);
  return moduleDigest(pathToFileURL(join(place, 'entry.js')).href);
}

const entry = 'import {\n  a,\n  b\n} from "./a.js";\nimport x from "node:fs";\nexport { c } from "./c.js";\n';
const base = {
  'entry.js': entry,
  'a.js': 'import "./deep.js";export const a = 1, b = 2;',
  'c.js': 'export const c = 3;',
  'deep.js': '',
};

test('the same code in another folder has the same digest', async () => {
  expect(await digestOf(base)).toBe(await digestOf(base));
});

test.each(['a.js', 'c.js', 'deep.js'])('a change in %s, which the entry only reaches, changes the digest', async (file) => {
  expect(await digestOf({ ...base, [file]: `${base[file as 'a.js']}\n// changed` })).not.toBe(await digestOf(base));
});
