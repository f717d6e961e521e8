/** A disk that is really full: a tmpfs of two megabytes in a mount namespace of its own. */
import { execFileSync } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';

const content = randomBytes(4 << 20);
let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'xlfs-full-'));
  mkdirSync(join(folder, 'pkg'));
  mkdirSync(join(folder, 'disk'));
  writeFileSync(join(folder, 'pkg', 'data'), content);
  execFileSync('tar', ['-C', folder, '-cf', join(folder, 'pkg.tar'), 'pkg']);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Runs `call` where `disk` is nearly full, and returns the error's code and what is left on the disk. */
function onFullDisk(module: string, call: string): unknown {
  const script = `
    import { readdirSync, statSync } from 'node:fs';
    import * as m from ${JSON.stringify(new URL(`../src/sources/${module}`, import.meta.url).href)};
    import * as p from ${JSON.stringify(new URL('../src/sources/providers/upstream.ts', import.meta.url).href)};
    const disk = ${JSON.stringify(join(folder, 'disk'))};
    const code = await (${call}).then(() => 'done', (error) => error.code);
    const left = readdirSync(disk, { recursive: true }).filter((name) => statSync(disk + '/' + name).isFile());
    process.stdout.write(JSON.stringify({ code, left }));`;
  const shell = 'mount -t tmpfs -o size=2m none "$1" && exec "$2" --input-type=module -e "$3"';
  const output = execFileSync(
    'unshare',
    ['--user', '--map-root-user', '--mount', 'sh', '-c', shell, 'sh', join(folder, 'disk'), process.execPath, script],
    { encoding: 'utf8' },
  );
  return JSON.parse(output) as unknown;
}

test('a tarball that does not fit is NO_SPACE, and nothing passes for a verified one', () => {
  const locked = {
    version: '1',
    providers: {
      upstream: {
        url: pathToFileURL(join(folder, 'pkg', 'data')).href,
        sha256: createHash('sha256').update(content).digest('hex'),
      },
    },
  };
  const call = `m.fetchSource('pkg', ${JSON.stringify(locked)}, { sources: disk, providers: [p.upstreamProvider()] })`;
  expect(onFullDisk('fetch.ts', call)).toEqual({ code: 'NO_SPACE', left: [] });
});

test('a tree that does not fit is NO_SPACE, and nothing of it is left', () => {
  expect(onFullDisk('unpack.ts', `m.unpack(${JSON.stringify(join(folder, 'pkg.tar'))}, disk + '/src')`)).toEqual({
    code: 'NO_SPACE',
    left: [],
  });
});
