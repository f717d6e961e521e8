/**
 * The representative part of Linux From Scratch: the cross toolchain and the first temporary tools, from their tarballs, in the user's own store, so
 * that what was built before is not built again. One tool is built a second time in any case, while the host is watched.
 */
import { execFileSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { defaultStoreDir } from '@xlfs/core';
import { beforeAll, expect, test } from 'vitest';
import { changedPaths, listHost, type Listing } from './host-listing.ts';
import { jsonLines, xlfs } from './xlfs.ts';

const HOURS = 3_600_000;
const TOOLCHAIN = ['cross-binutils', 'cross-gcc', 'linux-headers', 'cross-glibc', 'cross-libstdc++'];
const TOOLS = ['temporary-m4', 'temporary-ncurses', 'temporary-bash'];

interface Result {
  readonly layers: Record<string, string>;
  readonly check?: readonly { step: string; first: string; second: string; differences: readonly unknown[] }[];
}

async function build(...args: string[]): Promise<Result> {
  const { status, stdout, stderr } = await xlfs(['build', '--profile', 'lfs', '--json', ...args]);
  if (status !== 0)
    throw new Error(`xlfs build ${args.join(' ')} ended with ${String(status)}\n${stderr}\n${stdout.slice(-4000)}`);
  return jsonLines(stdout).at(-1) as unknown as Result;
}

let built: Result;
let rebuilt: Result;
let changed: string[];

beforeAll(async () => {
  const system = listSystem();
  const home = listHome();
  // Whatever another program is writing to without us is not ours.
  const busy = new Set(changedPaths(home, listHome()).map(homeEntryOf));
  built = await build(...TOOLCHAIN, ...TOOLS);
  rebuilt = await build('--check', 'temporary-m4');
  changed = [
    ...changedPaths(system, listSystem()),
    ...changedPaths(home, listHome()).filter((path) => !busy.has(homeEntryOf(path))),
  ];
}, 1.2 * HOURS);

const rootOf = (step: string): string => join(defaultStoreDir(), 'layers', built.layers[step] ?? 'missing', 'root');
const programHeaders = (path: string): string => execFileSync('readelf', ['-lW', path], { encoding: 'utf8' });

test('the compiler and the linker run on the host', () => {
  const run = (step: string, program: string): string =>
    execFileSync(join(rootOf(step), 'tools', 'bin', `x86_64-lfs-linux-gnu-${program}`), ['--version'], { encoding: 'utf8' });
  expect(run('cross-gcc', 'gcc')).toMatch(/^x86_64-lfs-linux-gnu-gcc \(GCC\) 14\./);
  expect(run('cross-binutils', 'ld')).toMatch(/^GNU ld \(GNU Binutils\) 2\./);
});

test('what they make asks for the loader of the target, and runs with its C library', () => {
  const shell = join(rootOf('temporary-bash'), 'usr', 'bin', 'bash');
  expect(programHeaders(shell)).toContain('[Requesting program interpreter: /lib64/ld-linux-x86-64.so.2]');
  const libraries = ['cross-glibc', 'temporary-ncurses'].map((step) => join(rootOf(step), 'usr', 'lib'));
  const loader = join(rootOf('cross-glibc'), 'usr', 'lib', 'ld-linux-x86-64.so.2');
  const said = execFileSync(loader, ['--library-path', libraries.join(':'), shell, '-c', 'echo "$BASH_VERSION on $MACHTYPE"'], {
    encoding: 'utf8',
  });
  expect(said).toMatch(/^5\.2\.\d+\(1\)-release on x86_64-lfs-linux-gnu\n$/);
});

test('neither manuals nor libtool archives are left of the tools', () => {
  for (const step of TOOLS) {
    const files = readdirSync(join(rootOf(step), 'usr'), { recursive: true, encoding: 'utf8' });
    expect(files.filter((name) => /^share\/(man|info)\/.*\.|\.la$/.test(name))).toEqual([]);
  }
});

test('a tool that is built once more comes out the same', () => {
  expect(rebuilt.check?.map(({ step, differences }) => [step, differences])).toEqual([['temporary-m4', []]]);
});

test('nothing changed on the host: its /etc, its /usr, and the home folders', () => {
  expect(changed).toEqual([]);
});

function listSystem(): Listing {
  return listHost(['/etc', '/usr'], { contents: 'digest' });
}

/** The user's home but for where this test writes by design, and the names in all homes. */
function listHome(): Listing {
  const cache = process.env['XDG_CACHE_HOME'] || join(homedir(), '.cache');
  const repository = fileURLToPath(new URL('../../..', import.meta.url));
  const skip = [defaultStoreDir(), cache, join(homedir(), '.npm'), resolve(repository)];
  const whole = listHost([homedir()], { contents: 'times', skip });
  const names = ['/home', '/root'].flatMap(namesIn).filter((path) => !skip.includes(path));
  return new Map([...names.map((path): [string, string] => [path, 'there']), ...whole]);
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder).map((name) => join(folder, name));
  } catch {
    return []; // not there, or another user's
  }
}

/** `~/.mozilla` for all below it. */
function homeEntryOf(path: string): string {
  return join(homedir(), path.slice(homedir().length + 1).split('/')[0] ?? '');
}
