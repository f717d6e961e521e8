import { execFile } from 'node:child_process';
import { readFile, realpath, stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { sha256 } from '../plan/key.ts';
import { writeFileAtomic } from '../store/atomic.ts';

const FOLDERS = ['/usr/bin', '/usr/sbin', '/bin'];

const PROBES: readonly (readonly string[])[] = [
  ['gcc', '--version'],
  ['ld', '--version'],
  ['ldd', '--version'],
  ['make', '--version'],
  ['python3', '--version'],
];

let identity: Promise<string> | undefined;

/**
 * What the distribution contributes to a step that uses its compiler: a digest of the versions of compiler, linker, C library, make and Python.
 * Part of such a step's key, so that an upgraded distribution rebuilds. The programs are asked once, and again when one of their files has changed.
 */
export function hostIdentity(): Promise<string> {
  return (identity ??= remembered(join(cacheFolder(), 'host-identity.json')));
}

interface Memory {
  /** {@link fingerprint} of the programs when they were asked. */
  readonly programs: string;
  readonly identity: string;
}

async function remembered(path: string): Promise<string> {
  const programs = await fingerprint();
  const memory = await readMemory(path);
  if (memory?.programs === programs && /^[0-9a-f]{64}$/.test(memory.identity ?? '')) return memory.identity ?? '';
  const asked = sha256((await Promise.all(PROBES.map(probe))).join('\n'));
  const next: Memory = { programs, identity: asked };
  // It can always be asked for again: a folder that cannot be written costs a tenth of a second each time.
  await writeFileAtomic(path, `${JSON.stringify(next)}\n`, { durable: false }).catch(() => undefined);
  return asked;
}

async function readMemory(path: string): Promise<Partial<Memory> | undefined> {
  try {
    return (JSON.parse(await readFile(path, 'utf8')) as Partial<Memory> | null) ?? undefined;
  } catch {
    return undefined;
  }
}

function cacheFolder(): string {
  return join(process.env['XDG_CACHE_HOME'] || join(homedir(), '.cache'), 'xlfs');
}

/** Which files the programs are, as far as that shows from outside: an upgrade replaces them. */
async function fingerprint(): Promise<string> {
  const files = await Promise.all(PROBES.map(([program = '']) => locate(program)));
  return sha256(files.join('\n'));
}

async function locate(program: string): Promise<string> {
  for (const folder of FOLDERS) {
    try {
      const path = await realpath(join(folder, program));
      const { ino, size, mtimeMs, ctimeMs } = await stat(path);
      return [path, ino, size, mtimeMs, ctimeMs].join(' ');
    } catch {
      continue;
    }
  }
  return `${program} is missing`;
}

async function probe([program, ...args]: readonly string[]): Promise<string> {
  const { stdout } = await promisify(execFile)(program ?? '', args, {
    env: { PATH: FOLDERS.join(':'), LC_ALL: 'C' },
  }).catch(() => ({
    stdout: `${String(program)} is missing`,
  }));
  return stdout.split('\n')[0] ?? '';
}
