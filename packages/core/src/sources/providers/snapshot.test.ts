import { createHash, randomBytes } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { BuildEvent } from '../../events/events.ts';
import type { XlfsError } from '../../errors.ts';
import { fetchSource } from '../fetch.ts';
import type { DebianPin, LockedSource } from '../lock.ts';
import { fileServer, type Answer, type FileServer } from '../testing/file-server.ts';
import { sourceProviders } from './default-providers.ts';
import { snapshotProvider } from './snapshot.ts';
import { upstreamProvider } from './upstream.ts';

const content = randomBytes(50_000);
const file = 'thing_1.0.orig.tar.xz';
const transfer = { retries: 2, pause: 5, idleTimeout: 400 };
const seen = '20261231T235959Z';
const atTheTime = `/20261231T235959Z/pool/main/t/thing/${file}`;
const nextDay = `/20270101T235959Z/pool/main/t/thing/${file}`;

let sources: string;
let server: FileServer;
beforeEach(() => void (sources = mkdtempSync(join(tmpdir(), 'xlfs-snapshot-'))));
afterEach(async () => {
  await server.close();
  rmSync(sources, { recursive: true, force: true });
});

const locked = (pin: Partial<DebianPin> = {}): LockedSource => ({
  version: '1.0',
  providers: {
    debian: {
      package: 'thing',
      version: '1.0',
      directory: 'pool/main/t/thing',
      seen,
      file,
      sha256: createHash('sha256').update(content).digest('hex'),
      size: content.length,
      ...pin,
    },
  },
});

async function start(answers: Readonly<Record<string, Buffer | Answer>>): Promise<string> {
  server = await fileServer(answers);
  return server.url;
}

async function failure(source: LockedSource, base: string): Promise<XlfsError> {
  const providers = [upstreamProvider(transfer), snapshotProvider({ base, transfer })];
  return fetchSource('thing', source, { sources, providers }).then(
    () => Promise.reject(new Error('it was fetched')),
    (error: unknown) => error as XlfsError,
  );
}

const kept = (): string[] => readdirSync(sources, { recursive: true, encoding: 'utf8' }).filter((path) => path.endsWith(file));

test('a tarball that upstream and Debian have no more is found in the archive of the day when it was pinned', async () => {
  const base = await start({ [atTheTime]: content });
  const events: BuildEvent[] = [];
  const upstream = { url: `${base}gone.tar.xz`, sha256: 'a'.repeat(64) };
  const { version, providers } = locked();
  const got = await fetchSource(
    'thing',
    { version, providers: { ...providers, upstream } },
    {
      sources,
      providers: [upstreamProvider(transfer), snapshotProvider({ base, transfer })],
      onEvent: (event) => events.push(event),
    },
  );
  expect(got.provider).toBe('snapshot');
  expect(readFileSync(got.path).equals(content)).toBe(true);
  expect(events.at(-1)).toMatchObject({ type: 'source-progress', provider: 'snapshot', bytes: content.length });
});

test('what was new when it was pinned is found in the archive of the next day', async () => {
  const base = await start({ [nextDay]: content });
  const providers = [snapshotProvider({ base, transfer })];
  expect((await fetchSource('thing', locked(), { sources, providers })).provider).toBe('snapshot');
});

test('the redirect from a time to the snapshot before it is followed', async () => {
  const before = `/20261231T210000Z/pool/main/t/thing/${file}`;
  const base = await start({
    [atTheTime]: (_request, response) => void response.writeHead(302, { location: before }).end(),
    [before]: content,
  });
  const providers = [snapshotProvider({ base, transfer })];
  expect((await fetchSource('thing', locked(), { sources, providers })).provider).toBe('snapshot');
});

test("Debian's inner tarball is remembered", async () => {
  const base = await start({ [atTheTime]: content });
  const providers = [snapshotProvider({ base, transfer })];
  const got = await fetchSource('thing', locked({ nested: 'thing-*.tar.xz' }), { sources, providers });
  expect(got.nested).toBe('thing-*.tar.xz');
});

test('another file under that name is refused with both digests, and not kept', async () => {
  const other = randomBytes(content.length);
  const error = await failure(locked(), await start({ [atTheTime]: other }));
  expect(error.code).toBe('SOURCE_DIGEST');
  expect(error.message).toMatch(/thing from snapshot \(http:.*expected sha256 [0-9a-f]{64}, got [0-9a-f]{64}/);
  expect(kept()).toEqual([]);
});

test('when it is gone there as well, the error names the place, and the hint what to type', async () => {
  const error = await failure(locked(), await start({}));
  expect(error).toMatchObject({ code: 'SOURCE_UNAVAILABLE', exitCode: 1 });
  expect(error.message).toMatch(new RegExp(`snapshot: http:.*${atTheTime}: the server said 404`));
  expect(error.hint).toBe(
    `give a folder or URL that has ${file} with --mirror, or pin a version that is still published: xlfs sources lock --set thing=VERSION thing (with the same --profile)`,
  );
});

test('a place that could not be asked may have it: the hint says to try again first', async () => {
  const base = await start({ [atTheTime]: (_request, response) => void response.writeHead(503).end() });
  expect((await failure(locked(), base)).hint).toMatch(/^see that the network works and try again; else give a folder/);
});

test('a pin that does not say where and when is told from one that is gone', async () => {
  const { providers } = locked();
  const { directory: _directory, seen: _seen, ...bare } = providers.debian as DebianPin;
  const error = await failure({ version: '1.0', providers: { debian: bare } }, await start({}));
  expect(error.message).toMatch(/snapshot: the lock file does not say where .*sources lock/);
  expect(server.requests).toEqual([]);
});

test('the environment names another archive of snapshots for an ordinary run', async () => {
  process.env['XLFS_DEBIAN_SNAPSHOT'] = await start({ [atTheTime]: content });
  try {
    const providers = sourceProviders({ sources, order: ['upstream', 'snapshot'], transfer });
    expect((await fetchSource('thing', locked(), { sources, providers })).provider).toBe('snapshot');
  } finally {
    delete process.env['XLFS_DEBIAN_SNAPSHOT'];
  }
});
