import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { checkSources, type SourcePlace } from './check-sources.ts';
import type { Lock } from './lock.ts';
import { mirrorProvider } from './providers/mirror.ts';
import { snapshotProvider } from './providers/snapshot.ts';
import { upstreamProvider } from './providers/upstream.ts';
import { fileServer, type Answer, type FileServer } from './testing/file-server.ts';

const content = Buffer.alloc(10_000, 'x');
const transfer = { retries: 1, pause: 5, idleTimeout: 400 };
const file = 'thing_1.0.orig.tar.xz';
const digest = 'a'.repeat(64);

let server: FileServer;
let folder: string;
beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), 'xlfs-check-'))));
afterEach(async () => {
  await server.close();
  rmSync(folder, { recursive: true, force: true });
});

const lockAt = (url: string): Lock => ({
  lockVersion: 1,
  sources: {
    other: { version: '2', providers: { upstream: { url: `${url}other-2.tar`, sha256: digest } } },
    thing: {
      version: '1.0',
      providers: {
        upstream: { url: `${url}thing-1.0.tar`, sha256: digest, size: content.length },
        debian: {
          package: 'thing',
          version: '1.0',
          directory: 'pool/main/t/thing',
          seen: '20261121T091544Z',
          file,
          sha256: digest,
          size: content.length,
        },
      },
    },
  },
});

async function check(answers: Readonly<Record<string, Buffer | Answer>>, only?: string[]): Promise<SourcePlace[]> {
  server = await fileServer(answers);
  const providers = [
    mirrorProvider(folder),
    upstreamProvider(transfer),
    snapshotProvider({ base: `${server.url}snapshots`, transfer }),
  ];
  return checkSources(lockAt(server.url), { providers, ...(only === undefined ? {} : { only }) });
}

const brief = (places: readonly SourcePlace[]): string[] =>
  places.map(({ source, provider, state }) => `${source} ${provider} ${state}`);

test('each place of each source is told apart: there, absent, no answer', async () => {
  writeFileSync(join(folder, file), content);
  const places = await check({
    '/thing-1.0.tar': (_request, response) => void response.writeHead(503).end(),
    '/other-2.tar': content,
  });
  expect(brief(places)).toEqual([
    'other mirror absent',
    'other upstream there',
    'thing mirror absent',
    'thing mirror there',
    'thing upstream unknown',
    'thing snapshot absent',
  ]);
  expect(places.at(-1)?.reason).toMatch(/20261121T091544Z.*the server said 404/);
});

test('one byte is asked for, not the file', async () => {
  const past = `/snapshots/20261121T091544Z/pool/main/t/thing/${file}`;
  const places = await check({ [past]: content, '/thing-1.0.tar': content }, ['thing']);
  expect(brief(places)).toContain('thing snapshot there');
  expect(server.requests).toHaveLength(2);
  expect(server.requests.every(({ range }) => range === 'bytes=0-0')).toBe(true);
});

test.each(['with ranges', 'without ranges'])('a server %s that has another file by now is found out by its size', async (how) => {
  const shorter = content.subarray(1);
  const whole: Answer = (_request, response) => void response.writeHead(200, { 'content-length': shorter.length }).end(shorter);
  const places = await check({ '/thing-1.0.tar': how === 'with ranges' ? shorter : whole }, ['thing']);
  const upstream = places.find(({ provider }) => provider === 'upstream');
  expect(upstream).toMatchObject({ state: 'absent' });
  expect(upstream?.reason).toMatch(/another file: 9999 bytes instead of 10000/);
});

test('a name that the lock does not have is refused', async () => {
  await expect(check({}, ['nothing'])).rejects.toMatchObject({ code: 'SOURCE_NOT_LOCKED' });
});
