import { createHash } from 'node:crypto';
import { cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Lock } from '@xlfs/core';
import { BUILT_IN_LOCK } from '../src/profiles.ts';
import { jsonLines, xlfs } from './xlfs.ts';

let folder: string;
let mirror: string;
let cwd: string;
let server: Server | undefined;
/** Snapshots that do not have it either. */
const nowhere = { XLFS_DEBIAN_SNAPSHOT: '/nonexistent' };

/** Only zlib, and only from a mirror: nobody else has it. */
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'xlfs-sources-'));
  [mirror, cwd] = [join(folder, 'mirror'), await mkdtemp(join(folder, 'project-'))];
  const lock = JSON.parse(await readFile(BUILT_IN_LOCK, 'utf8')) as { sources: Record<string, unknown> };
  await writeFile(join(cwd, 'xlfs.lock.json'), JSON.stringify({ ...lock, sources: { zlib: lock.sources['zlib'] } }));
  // The user's own store may have it; else it is fetched as a user would.
  const made = await xlfs(['sources', 'mirror', mirror], { cwd });
  if (made.status !== 0) throw new Error(made.stderr);
}, 300_000);
afterAll(async () => {
  server?.close();
  await rm(folder, { recursive: true, force: true });
});

const tarball = async (): Promise<string> => (await readdir(mirror)).find((name) => name !== 'SHA256SUMS') ?? '';

/** A lock whose pins lead nowhere but to a mirror. */
async function unreachable(): Promise<string> {
  const project = await mkdtemp(join(folder, 'offline-'));
  const text = await readFile(join(cwd, 'xlfs.lock.json'), 'utf8');
  await writeFile(
    join(project, 'xlfs.lock.json'),
    text
      .replaceAll('https://', 'https://unreachable.invalid/')
      .replace('"package":"zlib"', '"package":"no-such-package"')
      .replace('pool/main/z/zlib', 'pool/main/n/no-such-package'),
  );
  return project;
}

test('a mirror made by one store serves another that can reach nothing else', async () => {
  const { status, stdout } = await xlfs(
    ['sources', 'fetch', 'zlib', '--json', '--mirror', mirror, '--store', join(folder, 'store-a')],
    { cwd: await unreachable(), env: nowhere },
  );
  expect(status).toBe(0);
  expect(jsonLines(stdout).at(-1)).toMatchObject({ fetched: [{ source: 'zlib', provider: 'mirror' }] });
});

test('a mirror over HTTP with a truncated file is named, and nothing is kept', async () => {
  const name = await tarball();
  const whole = await readFile(join(mirror, name));
  server = createServer((request, response) => {
    if (request.url === `/${encodeURIComponent(name)}`) response.end(whole.subarray(0, 1000));
    else response.writeHead(404).end();
  }).listen(0, '127.0.0.1');
  await new Promise((done) => server?.once('listening', done));
  const base = `http://127.0.0.1:${String((server.address() as AddressInfo).port)}/`;
  const store = join(folder, 'store-b');
  const { status, stderr } = await xlfs(['sources', 'fetch', 'zlib', '--json', '--mirror', base, '--store', store], {
    cwd: await unreachable(),
    env: nowhere,
  });
  expect(status).toBe(1);
  expect(JSON.parse(stderr)).toMatchObject({
    code: 'SOURCE_UNAVAILABLE',
    message: expect.stringContaining('truncated') as string,
  });
  expect(await readdir(join(store, 'sources', 'sha256')).catch(() => [])).toEqual([]);
}, 120_000);

test('a mirror with another file under that name is refused with both digests', async () => {
  const bad = join(folder, 'bad-mirror');
  await cp(mirror, bad, { recursive: true });
  const name = await tarball();
  const content = await readFile(join(bad, name));
  content[content.length >> 1] = (content[content.length >> 1] ?? 0) ^ 1;
  await rm(join(bad, name));
  await writeFile(join(bad, name), content);
  const { status, stderr } = await xlfs(['sources', 'fetch', 'zlib', '--mirror', bad, '--store', join(folder, 'store-c')], {
    cwd: await unreachable(),
    env: nowhere,
  });
  expect(status).toBe(1);
  expect(stderr).toMatch(/expected sha256 [0-9a-f]{64}, got [0-9a-f]{64}/);
}, 120_000);

test('what upstream and Debian have no more is found among the snapshots, and the events say so', async () => {
  const project = await unreachable();
  const lock = JSON.parse(await readFile(join(project, 'xlfs.lock.json'), 'utf8')) as Lock;
  const pin = lock.sources['zlib']?.providers.debian;
  const snapshots = join(folder, 'snapshots');
  const past = join(snapshots, pin?.seen ?? '', pin?.directory ?? '');
  await mkdir(past, { recursive: true });
  const content = await readFile(join(mirror, await tarball()));
  await writeFile(join(past, pin?.file ?? ''), content);
  const moved = { ...pin, sha256: createHash('sha256').update(content).digest('hex'), size: content.length };
  await writeFile(
    join(project, 'xlfs.lock.json'),
    JSON.stringify({ ...lock, sources: { zlib: { version: '1.3.1', providers: { debian: moved } } } }),
  );
  const options = { cwd: project, env: { XLFS_DEBIAN_SNAPSHOT: snapshots } };
  const store = ['--store', join(folder, 'store-e')];
  const checked = await xlfs(['sources', 'check', '--json', ...store], options);
  expect(checked.status).toBe(0);
  expect(JSON.parse(checked.stdout)).toMatchObject({
    places: [
      { provider: 'debian', state: 'absent' },
      { provider: 'snapshot', state: 'there' },
    ],
    nowhere: [],
  });
  const { status, stdout } = await xlfs(['sources', 'fetch', 'zlib', '--json', ...store], options);
  expect(status).toBe(0);
  const lines = jsonLines(stdout);
  expect(lines).toContainEqual(expect.objectContaining({ type: 'source-progress', provider: 'snapshot' }));
  expect(lines.at(-1)).toMatchObject({ fetched: [{ source: 'zlib', provider: 'snapshot' }] });
}, 120_000);

test('a source that is nowhere fails the check, with what to do', async () => {
  const project = await unreachable();
  const { status, stdout } = await xlfs(['sources', 'check', '--store', join(folder, 'store-e')], { cwd: project, env: nowhere });
  expect(status).toBe(1);
  expect(stdout).toMatch(/zlib 1\.3\.1, snapshot: absent: no file /);
  expect(stdout).toMatch(/found nowhere: zlib\n→ .*sources lock --set/);
}, 120_000);

test('a mirror that is not there is named, with what to do', async () => {
  const { status, stderr } = await xlfs(
    ['sources', 'fetch', 'zlib', '--mirror', join(folder, 'nowhere'), '--store', join(folder, 'store-d')],
    { cwd: await unreachable(), env: nowhere },
  );
  expect(status).toBe(1);
  expect(stderr).toMatch(/nowhere/);
  expect(stderr).toMatch(/→ .*--mirror/);
}, 120_000);
