/** Debian's archive through this machine's own apt: the network is the package mirror that the machine is configured for. */
import { execFileSync } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { Source } from '../src/recipe/recipe.ts';
import { debianArchive, machineArchives } from '../src/sources/apt/machine-sources.ts';
import { checkSources } from '../src/sources/check-sources.ts';
import { fetchSource } from '../src/sources/fetch.ts';
import { lockSources, type LockOutcome } from '../src/sources/lock-sources.ts';
import type { DebianPin, Lock, LockedSource } from '../src/sources/lock.ts';
import { mirrorSources } from '../src/sources/mirror-sources.ts';
import { debianProvider } from '../src/sources/providers/debian.ts';
import { mirrorProvider } from '../src/sources/providers/mirror.ts';
import { snapshotProvider } from '../src/sources/providers/snapshot.ts';
import { upstreamProvider } from '../src/sources/providers/upstream.ts';
import { fileServer, type FileServer } from '../src/sources/testing/file-server.ts';
import { unpack } from '../src/sources/unpack.ts';
import { verifySources } from '../src/sources/verify-sources.ts';

const signal = new AbortController().signal;
const yajl: Source = {
  name: 'yajl',
  version: '2.1.0',
  url: 'http://upstream.invalid/yajl-{version}.tar.gz',
  debian: { package: 'yajl' },
};

let sources: string;
let server: FileServer | undefined;
beforeAll(() => void (sources = mkdtempSync(join(tmpdir(), 'xlfs-apt-'))));
afterAll(() => rmSync(sources, { recursive: true, force: true }));
afterEach(async () => {
  await server?.close();
  server = undefined;
});

const debian = (): ReturnType<typeof debianProvider> => debianProvider({ stateDir: join(sources, 'apt'), suites: ['trixie'] });

describe("Debian's source packages", async () => {
  const archive = debianArchive(await machineArchives());

  if (archive === undefined) {
    // Ubuntu, for one: what Debian has is out of reach there, and upstream is the way.
    test('a machine that knows no Debian archive says so', async () => {
      await expect(debian().resolve('yajl', '2.1.0', signal)).rejects.toThrow(/no Debian archive/);
    });
    return;
  }

  describe('on a machine that knows a Debian archive', () => {
    let lock: Lock;

    test('a source is locked from the signed index without a download, fetched, and unpacked', async () => {
      const outcomes: LockOutcome[] = [];
      lock = await lockSources([yajl], {
        sources,
        debian: debian(),
        upstream: false,
        onSource: (outcome) => outcomes.push(outcome),
      });
      expect(outcomes).toEqual([{ name: 'yajl', version: '2.1.0', upstream: 'none', debian: 'pinned', notes: [] }]);
      expect(readdirSync(sources)).toEqual(['apt']);
      const got = await fetchSource('yajl', locked(lock, 'yajl'), { sources, providers: [debian()] });
      expect(got.provider).toBe('debian');
      expect(sha256(readFileSync(got.path))).toBe(lock.sources['yajl']?.providers.debian?.sha256);
      await unpack(got.path, join(sources, 'tree'));
      expect(readdirSync(join(sources, 'tree'))).toContain('CMakeLists.txt');
    });

    test('a tarball that no index names any more is had from the pool', async () => {
      const none = debianProvider({ stateDir: join(sources, 'no-apt'), suites: [] });
      const got = await fetchSource('yajl', locked(lock, 'yajl'), { sources: join(sources, 'pool'), providers: [none] });
      expect(got.provider).toBe('debian');
      expect(sha256(readFileSync(got.path))).toBe(lock.sources['yajl']?.providers.debian?.sha256);
      expect(readdirSync(sources)).not.toContain('no-apt');
    });

    test('an offline set made of the store is a mirror for another one', async () => {
      const dir = join(sources, 'set');
      const files = await mirrorSources(lock, dir, { sources, providers: [] });
      expect(execFileSync('sha256sum', ['-c', 'SHA256SUMS'], { cwd: dir, encoding: 'utf8' })).toBe(
        `${files[0]?.file ?? ''}: OK\n`,
      );
      const got = await fetchSource('yajl', locked(lock, 'yajl'), {
        sources: join(sources, 'other'),
        providers: [mirrorProvider(dir)],
      });
      expect(got.provider).toBe('mirror');
    });

    test('verify finds a changed tarball, removes it, and the next fetch brings it back', async () => {
      const [state] = await verifySources(lock, sources);
      expect(state).toMatchObject({ source: 'yajl', state: 'ok' });
      writeFileSync(state?.path ?? '', 'changed');
      expect(await verifySources(lock, sources)).toMatchObject([{ source: 'yajl', state: 'corrupt' }]);
      expect(await verifySources(lock, sources)).toMatchObject([{ source: 'yajl', state: 'missing' }]);
      await fetchSource('yajl', locked(lock, 'yajl'), { sources, providers: [debian()] });
      expect(await verifySources(lock, sources)).toMatchObject([{ source: 'yajl', state: 'ok' }]);
    });

    test('a digest that no revision has is unavailable, with the version that was looked for', async () => {
      const pin = locked(lock, 'yajl').providers.debian;
      if (pin === undefined) throw new Error('not pinned');
      const gone: LockedSource = { version: '2.0', providers: { debian: { ...pin, sha256: '0'.repeat(64), version: '2.0.4' } } };
      await expect(fetchSource('yajl', gone, { sources, providers: [debian()] })).rejects.toThrow(
        /no revision of yajl in trixie .*2\.0\.4\); there is 2\.1\.0 \(trixie\)/,
      );
    });

    test('locking again keeps when a tarball was first seen, and writes it down where it is missing', async () => {
      const pin = locked(lock, 'yajl').providers.debian;
      expect(pin).toMatchObject({ directory: 'pool/main/y/yajl', seen: expect.stringMatching(/^\d{8}T\d{6}Z$/) as string });
      const again = async (debianPin: object): Promise<Lock> =>
        lockSources([yajl], {
          sources,
          debian: debian(),
          upstream: false,
          previous: {
            lockVersion: 1,
            sources: { yajl: { version: '2.1.0', providers: { debian: { ...pin, ...debianPin } as DebianPin } } },
          },
        });
      const earlier = '20260101T000000Z';
      expect((await again({ seen: earlier })).sources['yajl']?.providers.debian).toEqual({ ...pin, seen: earlier });
      expect((await again({ seen: undefined, directory: undefined })).sources).toEqual(lock.sources);
      expect((await again({ seen: earlier, sha256: '0'.repeat(64) })).sources).toEqual(lock.sources);
    });

    test('a revision that has vanished from every suite is fetched from the past', async () => {
      const pin = locked(lock, 'yajl').providers.debian;
      const content = randomBytes(1000);
      const file = 'yajl_2.0.4.orig.tar.gz';
      server = await fileServer({ [`/20200101T000000Z/pool/main/y/yajl/${file}`]: content });
      const vanished = {
        ...pin,
        file,
        version: '2.0.4',
        sha256: sha256(content),
        size: 1000,
        seen: '20200101T000000Z',
      } as DebianPin;
      const providers = [debian(), snapshotProvider({ base: server.url })];
      const got = await fetchSource('yajl', { version: '2.0.4', providers: { debian: vanished } }, { sources, providers });
      expect(got.provider).toBe('snapshot');
    });

    test('a check asks pool and index, and says what there is instead of what is gone', async () => {
      const pin = locked(lock, 'yajl').providers.debian as DebianPin;
      const gone = {
        version: '2.0.4',
        providers: { debian: { ...pin, version: '2.0.4', file: 'yajl_2.0.4.orig.tar.gz', sha256: '0'.repeat(64) } },
      };
      const places = await checkSources({ lockVersion: 1, sources: { ...lock.sources, gone } }, { providers: [debian()] });
      expect(places).toMatchObject([
        { source: 'yajl', provider: 'debian', state: 'there' },
        { source: 'gone', provider: 'debian', state: 'absent', reason: expect.stringContaining('there is 2.1.0') as string },
      ]);
    });

    test('an unknown package or version is nothing, not an error of apt', async () => {
      expect(await debian().resolve('xlfs-no-such-package', '1', signal)).toBeUndefined();
      await expect(lockSources([{ ...yajl, version: '99' }], { sources, debian: debian(), upstream: false })).rejects.toThrow(
        /no suite has yajl 99/,
      );
    });

    test('an archive named in the environment is used instead, and one that is not signed as Debian is refused', async () => {
      process.env['XLFS_DEBIAN_ARCHIVE'] = archive.uri;
      try {
        expect(await debian().resolve('yajl', '2.1.0', signal)).toMatchObject({ suite: 'trixie' });
        server = await fileServer({ '/dists/trixie/InRelease': Buffer.from('Origin: Debian\nSuite: trixie\n') });
        process.env['XLFS_DEBIAN_ARCHIVE'] = server.url;
        const fresh = debianProvider({ stateDir: mkdtempSync(join(sources, 'forged-')), suites: ['trixie'] });
        await expect(fresh.resolve('yajl', '2.1.0', signal)).rejects.toThrow(/apt-get update for trixie/);
      } finally {
        delete process.env['XLFS_DEBIAN_ARCHIVE'];
      }
    });

    // Without root, all of the tests above were an ordinary user's.
    if (process.getuid?.() !== 0) return;
    test('an ordinary user can do it', () => {
      const home = mkdtempSync(join(tmpdir(), 'xlfs-nobody-'));
      try {
        execFileSync('chown', ['-R', 'nobody', home]);
        chmodSync(home, 0o755);
        const script = `
          import { debianProvider } from ${JSON.stringify(new URL('../src/sources/providers/debian.ts', import.meta.url).href)};
          const provider = debianProvider({ stateDir: ${JSON.stringify(join(home, 'apt'))}, suites: ['trixie'] });
          const [offer] = provider.offers('yajl', ${JSON.stringify(locked(lock, 'yajl'))});
          await offer.download(${JSON.stringify(join(home, 'yajl.tar.gz'))}, { onProgress: () => {}, signal: new AbortController().signal });`;
        execFileSync(
          'setpriv',
          ['--reuid=nobody', '--regid=nogroup', '--clear-groups', process.execPath, '--input-type=module', '-e', script],
          { cwd: home, env: { PATH: process.env['PATH'], HOME: home } },
        );
        expect(sha256(readFileSync(join(home, 'yajl.tar.gz')))).toBe(lock.sources['yajl']?.providers.debian?.sha256);
      } finally {
        rmSync(home, { recursive: true, force: true });
      }
    });
  });
});

describe('locking from upstream', () => {
  const source = (url: string): Source => ({ name: 'thing', version: '1.0', url: `${url}thing-{version}.tar.gz` });

  test('the digest comes from the file itself, which is kept; a pin is not made again', async () => {
    const content = randomBytes(1000);
    server = await fileServer({ '/thing-1.0.tar.gz': content });
    const dir = mkdtempSync(join(sources, 'lock-'));
    const lock = await lockSources([source(server.url)], { sources: dir });
    expect(lock.sources['thing']?.providers.upstream).toEqual({
      url: `${server.url}thing-1.0.tar.gz`,
      sha256: sha256(content),
      size: 1000,
    });
    expect((await fetchSource('thing', locked(lock, 'thing'), { sources: dir, providers: [upstreamProvider()] })).provider).toBe(
      'store',
    );
    expect(await lockSources([source(server.url)], { sources: dir, previous: lock })).toEqual(lock);
    expect(server.requests).toHaveLength(1);
  });

  test('one source is bumped, the others stay', async () => {
    server = await fileServer({ '/thing-1.1.tar.gz': Buffer.from('new') });
    const previous: Lock = {
      lockVersion: 1,
      sources: {
        thing: { version: '1.0', providers: { upstream: { url: `${server.url}thing-1.0.tar.gz`, sha256: 'a'.repeat(64) } } },
        other: { version: '7', providers: { upstream: { url: `${server.url}gone.tar.gz`, sha256: 'b'.repeat(64) } } },
      },
    };
    const wanted = [source(server.url), { name: 'other', version: '7', url: `${server.url}other.tar.gz` }];
    const lock = await lockSources(wanted, { sources, previous, set: { thing: '1.1' }, only: ['thing'] });
    expect(lock.sources['other']).toEqual(previous.sources['other']);
    expect(lock.sources['thing']).toMatchObject({
      version: '1.1',
      providers: { upstream: { sha256: sha256(Buffer.from('new')) } },
    });
  });

  test('a name that no recipe has is wrong usage, with the nearest one', async () => {
    await expect(lockSources([source('http://upstream.invalid/')], { sources, set: { thin: '2' } })).rejects.toMatchObject({
      code: 'USAGE',
      hint: 'did you mean thing?',
    });
  });

  test('a source that nobody has cannot be locked, and the reasons are told', async () => {
    server = await fileServer({});
    await expect(lockSources([source(server.url)], { sources, transfer: { retries: 0 } })).rejects.toThrow(
      /nobody has thing 1\.0:\n {2}upstream: .*404/,
    );
  });

  test('a mirror is made of whatever provider has it', async () => {
    const content = Buffer.from('content');
    server = await fileServer({ '/thing-1.0.tar.gz': content });
    const dir = mkdtempSync(join(sources, 'mirror-'));
    const lock = await lockSources([source(server.url)], { sources: dir });
    mkdirSync(join(dir, 'fresh'));
    const [file] = await mirrorSources(lock, join(dir, 'set'), { sources: join(dir, 'fresh'), providers: [upstreamProvider()] });
    expect(file).toEqual({
      source: 'thing',
      version: '1.0',
      file: 'thing-1.0.tar.gz',
      sha256: sha256(content),
      bytes: content.length,
    });
    expect(
      readdirSync(join(dir, 'set'))
        .map((path) => basename(path))
        .sort(),
    ).toEqual(['SHA256SUMS', 'thing-1.0.tar.gz']);
  });
});

function locked(lock: Lock, name: string): LockedSource {
  const source = lock.sources[name];
  if (source === undefined) throw new Error(`${name} was not locked`);
  return source;
}

function sha256(content: Buffer): string {
  return createHash('sha256').update(content).digest('hex');
}
