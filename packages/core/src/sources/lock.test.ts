import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { formatLock, parseLock, readLock, writeLock, type Lock } from './lock.ts';

const digest = 'a'.repeat(64);
const lock: Lock = {
  lockVersion: 1,
  sources: {
    zlib: { version: '1.3.1', providers: { upstream: { sha256: digest, url: 'https://example.org/zlib-1.3.1.tar.xz' } } },
    bash: {
      version: '5.2.37',
      providers: {
        debian: {
          size: 12,
          sha256: digest,
          file: 'bash_5.2.37.orig.tar.xz',
          version: '5.2.37',
          package: 'bash',
          suite: 'trixie',
          seen: '20261121T091544Z',
          directory: 'pool/main/b/bash',
        },
      },
    },
  },
};

let dir: string;
beforeEach(() => void (dir = mkdtempSync(join(tmpdir(), 'xlfs-lock-'))));
afterEach(() => rmSync(dir, { recursive: true, force: true }));

test('the same lock gives the same bytes, whatever the order it was put together in', () => {
  const text = formatLock(lock);
  expect(Object.keys((JSON.parse(text) as Lock).sources)).toEqual(['bash', 'zlib']);
  expect(text.indexOf('"url"')).toBeLessThan(text.lastIndexOf('"sha256"'));
  expect(text.endsWith('}\n')).toBe(true);
  expect(formatLock(parseLock(text, 'xlfs.lock.json'))).toBe(text);
});

test('writing replaces the file in one move and leaves nothing beside it', async () => {
  const path = join(dir, 'xlfs.lock.json');
  writeFileSync(path, 'old');
  await writeLock(path, lock);
  expect(await readLock(path)).toEqual(lock);
  expect(readdirSync(dir)).toEqual(['xlfs.lock.json']);
  expect(readFileSync(path, 'utf8')).toBe(formatLock(lock));
});

describe('a lock that cannot be used says where', () => {
  test.each<[what: string, text: string, message: RegExp]>([
    ['broken JSON', '{\n  "lockVersion": 1,\n  "sources": {,\n}\n', /lock\.json:3:15: /],
    ['a file that breaks off', '{\n  "lockVersion": 1,', /lock\.json:2:20: /],
    ['another version', '{ "lockVersion": 2, "sources": {} }', /lock\.json: lockVersion: /],
    [
      'a digest in capitals',
      JSON.stringify({
        ...lock,
        sources: { zlib: { version: '1', providers: { upstream: { url: 'https://x.org/y', sha256: 'A'.repeat(64) } } } },
      }),
      /sources\.zlib\.providers\.upstream\.sha256: a sha256 in lower-case hex/,
    ],
    [
      'a key that nobody knows',
      JSON.stringify({ ...lock, sources: { zlib: { ...lock.sources['zlib'], sha1: 'x' } } }),
      /sources\.zlib: .*sha1/,
    ],
    [
      'no provider',
      JSON.stringify({ ...lock, sources: { zlib: { version: '1', providers: {} } } }),
      /sources\.zlib\.providers: at least one/,
    ],
    [
      'a file name that climbs',
      JSON.stringify(lock).replace('bash_5.2.37.orig.tar.xz', '../../etc/passwd'),
      /sources\.bash\.providers\.debian\.file: a plain file name/,
    ],
    ...[
      'pool/../../etc',
      '/pool/main',
      'pool//main',
      'pool/main/',
      'pool/.hidden',
      'pool/a%2f..',
      'dists/main',
      'https://x.org/pool',
    ].map((folder): [string, string, RegExp] => [
      `an archive folder that leads elsewhere: ${folder}`,
      JSON.stringify(lock).replace('pool/main/b/bash', folder),
      /sources\.bash\.providers\.debian\.directory: a folder below pool/,
    ]),
    ...['2026-11-21', '20261321T091544Z', '20260230T000000Z', '../../etc', '20261121T091544'].map(
      (time): [string, string, RegExp] => [
        `a time that is none: ${time}`,
        JSON.stringify(lock).replace('20261121T091544Z', time),
        /sources\.bash\.providers\.debian\.seen: a time in UTC/,
      ],
    ),
    ['a source name that climbs', JSON.stringify(lock).replace('"bash":', '"../bash":'), /lock\.json: .*lower-case letters/],
    ['a URL that is none', JSON.stringify(lock).replace('https://', 'javascript:'), /upstream\.url: an http, https or file URL/],
  ])('%s', (_name, text, message) => {
    let error: unknown;
    try {
      parseLock(text, 'xlfs.lock.json');
    } catch (e) {
      error = e;
    }
    expect(error).toMatchObject({ code: 'LOCK_INVALID', exitCode: 2 });
    expect((error as Error).message).toMatch(message);
  });

  test('no file', async () => {
    await expect(readLock(join(dir, 'none.json'))).rejects.toMatchObject({
      code: 'LOCK_INVALID',
      hint: expect.stringContaining('sources lock') as string,
    });
  });
});
