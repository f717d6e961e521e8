import { spawn, spawnSync } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { BuildEvent } from '../events/events.ts';
import { fetchSource, sourcePath, type VerifiedSource } from './fetch.ts';
import type { LockedSource } from './lock.ts';
import { mirrorProvider } from './providers/mirror.ts';
import type { Provider } from './providers/provider.ts';
import { upstreamProvider } from './providers/upstream.ts';
import { breakOff, fileServer, serve, type Answer, type FileServer } from './testing/file-server.ts';

const content = randomBytes(200_000);
const sha256 = createHash('sha256').update(content).digest('hex');
const quick = { retries: 2, pause: 5, idleTimeout: 400 };

let sources: string;
let server: FileServer | undefined;

beforeEach(() => void (sources = mkdtempSync(join(tmpdir(), 'xlfs-sources-'))));
afterEach(async () => {
  await server?.close();
  server = undefined;
  rmSync(sources, { recursive: true, force: true });
});

async function start(answers: Readonly<Record<string, Buffer | Answer>>): Promise<string> {
  server = await fileServer(answers);
  return server.url;
}

const locked = (url: string, pin: Partial<NonNullable<LockedSource['providers']['upstream']>> = {}): LockedSource => ({
  version: '1.0',
  providers: { upstream: { url, sha256, size: content.length, ...pin } },
});
const fetch = async (
  source: LockedSource,
  providers: readonly Provider[] = [upstreamProvider(quick)],
  extra = {},
): Promise<VerifiedSource> => fetchSource('thing', source, { sources, providers, ...extra });
/** Everything below the folder of sources. */
const kept = (): string[] =>
  readdirSync(sources, { recursive: true, withFileTypes: true }).flatMap((entry) => (entry.isFile() ? [entry.name] : []));

describe('from upstream', () => {
  test('a tarball is kept under its digest, and not asked for again while it is intact', async () => {
    const url = `${await start({ '/thing-1.0.tar.xz': content })}thing-1.0.tar.xz`;
    const got = await fetch(locked(url));
    expect(got).toMatchObject({ provider: 'upstream', sha256, path: join(sources, 'sha256', sha256, 'thing-1.0.tar.xz') });
    expect(readFileSync(got.path).equals(content)).toBe(true);
    expect((await fetch(locked(url))).provider).toBe('store');
    expect(server?.requests.length).toBe(1);
  });

  test('a damaged file in the store is noticed and fetched anew', async () => {
    const url = `${await start({ '/thing.tar': content })}thing.tar`;
    const { path } = await fetch(locked(url));
    writeFileSync(path, Buffer.alloc(content.length));
    expect((await fetch(locked(url))).provider).toBe('upstream');
    expect(readFileSync(path).equals(content)).toBe(true);
  });

  test('another digest is an error that says expected, got and provider, and the file is not kept', async () => {
    const wrong = randomBytes(content.length);
    const url = `${await start({ '/thing.tar': wrong })}thing.tar`;
    const error: unknown = await fetch(locked(url)).catch((e: unknown) => e);
    const got = createHash('sha256').update(wrong).digest('hex');
    expect(error).toMatchObject({
      code: 'SOURCE_DIGEST',
      message: expect.stringContaining(`expected sha256 ${sha256}, got ${got}`) as string,
    });
    expect((error as Error).message).toContain('upstream');
    expect(kept()).toEqual([]);
  });

  test('a file of another length says so', async () => {
    const url = `${await start({ '/thing.tar': content.subarray(0, 1000) })}thing.tar`;
    await expect(fetch(locked(url))).rejects.toThrow(/truncated: 1000 of 200000 bytes/);
  });

  test('a server that sends without end is cut off at the pinned size', async () => {
    const url = `${await start({ '/thing.tar': (_request, response) => void response.writeHead(200).end(Buffer.concat([content, content])) })}thing.tar`;
    await expect(fetch(locked(url))).rejects.toThrow(/sends more than 200000 bytes/);
    await expect(
      fetch({ version: '1', providers: { upstream: { url, sha256 } } }, [upstreamProvider({ ...quick, maxBytes: 1000 })]),
    ).rejects.toThrow(/more than 1000 bytes/);
  });

  test('redirects are followed', async () => {
    const url = `${await start({ '/thing.tar': (_request, response) => void response.writeHead(302, { location: '/real' }).end(), '/real': content })}thing.tar`;
    expect((await fetch(locked(url))).provider).toBe('upstream');
  });

  test.each(['hang-up', 'silence'] as const)('a download that ends in a %s goes on where it broke off', async (how) => {
    let tries = 0;
    const url = await start({
      '/thing.tar': (request, response) => {
        if (tries++ === 0) breakOff(content, 120_000, how)(request, response);
        else serve(content, request, response);
      },
    });
    expect((await fetch(locked(`${url}thing.tar`))).sha256).toBe(sha256);
    expect(server?.requests.map(({ range }) => range)).toEqual([undefined, 'bytes=120000-']);
  });

  test('a server without ranges is asked for the whole file again', async () => {
    let tries = 0;
    const url = await start({
      '/thing.tar': (request, response) => {
        if (tries++ === 0) breakOff(content, 50_000, 'hang-up')(request, response);
        else response.writeHead(200).end(content);
      },
    });
    expect((await fetch(locked(`${url}thing.tar`))).sha256).toBe(sha256);
  });

  test('a server that never gets past the beginning ends in an error, not in waiting', async () => {
    const url = await start({ '/thing.tar': breakOff(content, 1000, 'silence') });
    await expect(fetch(locked(`${url}thing.tar`))).rejects.toMatchObject({ code: 'SOURCE_UNAVAILABLE' });
  });

  test('a busy server is asked again', async () => {
    let tries = 0;
    const url = await start({
      '/thing.tar': (request, response) =>
        tries++ === 0 ? void response.writeHead(503).end() : serve(content, request, response),
    });
    expect((await fetch(locked(`${url}thing.tar`))).provider).toBe('upstream');
  });

  test('a file URL is copied', async () => {
    const path = join(sources, 'local.tar');
    writeFileSync(path, content);
    expect((await fetch(locked(pathToFileURL(path).href))).sha256).toBe(sha256);
  });

  test('a proxy from the environment is used', async () => {
    const proxy = await start({ 'http://upstream.invalid/thing.tar': content });
    process.env['http_proxy'] = proxy;
    try {
      expect((await fetch(locked('http://upstream.invalid/thing.tar'))).provider).toBe('upstream');
    } finally {
      delete process.env['http_proxy'];
    }
  });

  test('an abort is an interruption', async () => {
    const url = await start({ '/thing.tar': breakOff(content, 1000, 'silence') });
    await expect(fetch(locked(`${url}thing.tar`), undefined, { signal: AbortSignal.timeout(50) })).rejects.toMatchObject({
      code: 'INTERRUPTED',
      exitCode: 130,
    });
  });

  test('progress is told in bytes, ending with all of them', async () => {
    const events: BuildEvent[] = [];
    const url = await start({ '/thing.tar': content });
    await fetch(locked(`${url}thing.tar`), undefined, { onEvent: (event: BuildEvent) => events.push(event) });
    expect(events.at(-1)).toEqual({
      type: 'source-progress',
      source: 'thing',
      provider: 'upstream',
      bytes: content.length,
      total: content.length,
    });
  });
});

describe('from a mirror', () => {
  const pinned = locked('http://upstream.invalid/thing-1.0.tar');

  test('a folder or a base URL, by file name or by digest', async () => {
    const folder = join(sources, 'mirror');
    mkdirSync(join(folder, 'sha256'), { recursive: true });
    writeFileSync(join(folder, 'sha256', sha256), content);
    expect((await fetch(pinned, [mirrorProvider(folder, quick)])).provider).toBe('mirror');
    const base = await start({ '/pub/thing-1.0.tar': content });
    rmSync(join(sources, 'sha256'), { recursive: true });
    expect((await fetch(pinned, [mirrorProvider(`${base}pub`, quick)])).provider).toBe('mirror');
  });

  test("Debian's tarball of it is as good, and its inner tarball is remembered", async () => {
    const both: LockedSource = {
      version: '1.0',
      providers: {
        upstream: { url: 'http://upstream.invalid/thing-1.0.tar', sha256: '0'.repeat(64) },
        debian: {
          package: 'thing',
          version: '1.0',
          file: 'thing_1.0.orig.tar.xz',
          sha256,
          size: content.length,
          nested: 'thing-*.tar',
        },
      },
    };
    const base = await start({ '/thing_1.0.orig.tar.xz': content });
    expect(await fetch(both, [mirrorProvider(base, quick)])).toMatchObject({ sha256, nested: 'thing-*.tar' });
  });

  test('what it has wrong or not at all is taken from the next provider, with a warning about the wrong one', async () => {
    const events: BuildEvent[] = [];
    const url = await start({ '/thing.tar': content, '/mirror/thing.tar': randomBytes(content.length) });
    const got = await fetch(locked(`${url}thing.tar`), [mirrorProvider(`${url}mirror`, quick), upstreamProvider(quick)], {
      onEvent: (event: BuildEvent) => events.push(event),
    });
    expect(got.provider).toBe('upstream');
    expect(events.filter(({ type }) => type === 'warning')).toHaveLength(1);
  });

  test('when nobody has it, each provider and its reason are named', async () => {
    const url = await start({});
    const error = (await fetch(locked(`${url}thing.tar`), [
      mirrorProvider(join(sources, 'no-such-folder')),
      upstreamProvider(quick),
    ]).catch((e: unknown) => e)) as Error;
    expect(error).toMatchObject({ code: 'SOURCE_UNAVAILABLE', exitCode: 1 });
    expect(error.message).toMatch(/mirror: no file .*no-such-folder/);
    expect(error.message).toMatch(/upstream: http:.*the server said 404/);
  });
});

describe('several processes', () => {
  test('fetch the same source at once, and all of them get it', async () => {
    const url = `${await start({ '/thing.tar': content })}thing.tar`;
    const script = `
      import { fetchSource } from ${JSON.stringify(new URL('./fetch.ts', import.meta.url).href)};
      import { upstreamProvider } from ${JSON.stringify(new URL('./providers/upstream.ts', import.meta.url).href)};
      const got = await fetchSource('thing', ${JSON.stringify(locked(url))}, { sources: ${JSON.stringify(sources)}, providers: [upstreamProvider()] });
      process.stdout.write(got.sha256);`;
    const outputs = await Promise.all(
      Array.from({ length: 4 }, async () => {
        const child = spawn(process.execPath, ['--input-type=module', '-e', script], { stdio: ['ignore', 'pipe', 'inherit'] });
        return (await child.stdout.setEncoding('utf8').toArray()).join('');
      }),
    );
    expect(outputs).toEqual([sha256, sha256, sha256, sha256]);
    expect(kept()).toEqual(['thing.tar']);
  });

  test('what nobody came back for in a week is removed; what is younger, or being written, stays', async () => {
    const url = `${await start({ '/thing.tar': content })}thing.tar`;
    const { pid } = spawnSync('true');
    mkdirSync(join(sources, 'partial'));
    for (const [digest, writer, days] of [
      ['old', pid, 8],
      ['young', pid, 1],
      ['busy', process.pid, 8],
    ] as const) {
      const path = join(sources, 'partial', `${digest}.${String(writer)}.x`);
      writeFileSync(path, 'beginning');
      utimesSync(path, new Date(), new Date(Date.now() - days * 86_400_000));
    }
    await fetch(locked(url));
    expect(
      readdirSync(join(sources, 'partial'))
        .map((name) => name.split('.')[0])
        .sort(),
    ).toEqual(['busy', 'young']);
  });

  test('a beginning that a power cut spoilt costs a second download, not an error', async () => {
    const url = `${await start({ '/thing.tar': content })}thing.tar`;
    const { pid } = spawnSync('true');
    mkdirSync(join(sources, 'partial'));
    writeFileSync(join(sources, 'partial', `${sha256}.${String(pid)}.dead`), Buffer.alloc(150_000));
    expect((await fetch(locked(url))).sha256).toBe(sha256);
    expect(server?.requests.map(({ range }) => range)).toEqual(['bytes=150000-', undefined]);
  });

  test('what a killed one left is gone on from', async () => {
    const url = `${await start({ '/thing.tar': content })}thing.tar`;
    const { pid } = spawnSync('true');
    mkdirSync(join(sources, 'partial'));
    writeFileSync(join(sources, 'partial', `${sha256}.${String(pid)}.dead`), content.subarray(0, 150_000));
    expect((await fetch(locked(url))).sha256).toBe(sha256);
    expect(server?.requests).toEqual([{ path: '/thing.tar', range: 'bytes=150000-' }]);
    expect(kept()).toEqual(['thing.tar']);
  });
});

test('a store that cannot be written is said to be that', async () => {
  const url = await start({ '/thing.tar': content });
  const file = sourcePath(sources, { sha256, file: 'thing.tar' });
  mkdirSync(dirname(dirname(file)), { recursive: true });
  writeFileSync(dirname(file), 'a file where a folder should be');
  await expect(fetch(locked(`${url}thing.tar`))).rejects.toMatchObject({ code: 'STORE_UNUSABLE' });
  expect(existsSync(file)).toBe(false);
});
