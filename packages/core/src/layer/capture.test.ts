import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, stat, symlink, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { captureLayer, type CapturedLayer } from './capture.ts';
import { parseManifest } from './manifest.ts';
import { manifestPath } from './layer-state.ts';

const EPOCH = 1_700_000_000;
let folder: string;
let layers: string;
let count = 0;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'xlfs-capture-'));
  layers = join(folder, 'layers');
  await mkdir(layers);
  await mkdir(join(folder, 'quarantine'));
});
afterEach(() => rm(folder, { recursive: true }));

async function capture(fill: (upper: string) => Promise<void>): Promise<CapturedLayer> {
  const upper = join(folder, `upper${String(count++)}`);
  await mkdir(upper);
  await fill(upper);
  return captureLayer({ upper, layers, quarantine: join(folder, 'quarantine'), sourceDateEpoch: EPOCH });
}

const oneFile = async (upper: string): Promise<void> => {
  await mkdir(join(upper, 'usr'));
  await writeFile(join(upper, 'usr/a'), 'a');
};

test('the same content has the same digest, whatever the time', async () => {
  const first = await capture(oneFile);
  const second = await capture(async (upper) => {
    await oneFile(upper);
    await utimes(join(upper, 'usr/a'), 1, 1);
  });
  expect(second.digest).toBe(first.digest);
});

test.each([
  ['content', 'echo b > usr/a'],
  ['mode', 'chmod 4755 usr/a'],
  ['a name', 'mv usr/a usr/b'],
  ['a link instead of a file', 'ln -sf b usr/a'],
  ['an extended attribute', 'setfattr -n user.note -v x usr/a'],
  ['one more folder', 'mkdir usr/c'],
])('another digest for another %s', async (_what, change) => {
  const first = await capture(oneFile);
  const second = await capture(async (upper) => {
    await oneFile(upper);
    execFileSync('sh', ['-c', change], { cwd: upper });
  });
  expect(second.digest).not.toBe(first.digest);
});

test('times after the epoch are set to it, earlier ones stay', async () => {
  const { digest } = await capture(async (upper) => {
    await oneFile(upper);
    await writeFile(join(upper, 'usr/old'), '');
    await utimes(join(upper, 'usr/old'), 1000, 1000);
  });
  const root = join(layers, digest, 'root');
  expect((await stat(join(root, 'usr/a'))).mtimeMs / 1000).toBe(EPOCH);
  expect((await stat(join(root, 'usr'))).mtimeMs / 1000).toBe(EPOCH);
  expect((await stat(join(root, 'usr/old'))).mtimeMs / 1000).toBe(1000);
});

test('scratch and indices that are made anew at assembly are nobody’s content', async () => {
  const { digest } = await capture(async (upper) => {
    await mkdir(join(upper, 'tmp'));
    await writeFile(join(upper, 'tmp/scratch'), '');
    await mkdir(join(upper, 'etc'));
    await writeFile(join(upper, 'etc/ld.so.cache'), '');
    await writeFile(join(upper, 'etc/kept'), '');
  });
  const manifest = await readFile(manifestPath(join(layers, digest)) ?? '', 'utf8');
  expect(parseManifest(manifest).map(({ path }) => path)).toEqual(['etc', 'etc/kept', 'tmp']);
});

test('names with newlines, backslashes and non-ASCII letters are kept, with their attributes', async () => {
  const name = 'new\nline\\ü';
  const { digest } = await capture(async (upper) => {
    await writeFile(join(upper, name), '');
    await symlink('nowhere', join(upper, 'link'));
    execFileSync('setfattr', ['-n', 'user.note', '-v', 'x', join(upper, name)]);
  });
  const entries = parseManifest(await readFile(manifestPath(join(layers, digest)) ?? '', 'utf8'));
  expect(entries.find(({ path }) => path === name)?.xattrs).toEqual({ 'user.note': Buffer.from('x').toString('base64') });
  expect(entries.find(({ path }) => path === 'link')).toMatchObject({ type: 'symlink', target: 'nowhere' });
});
