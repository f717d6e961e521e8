import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { sha256 } from '../plan/key.ts';

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
 * Part of such a step's key, so that an upgraded distribution rebuilds.
 */
export function hostIdentity(): Promise<string> {
  return (identity ??= Promise.all(PROBES.map(probe)).then((lines) => sha256(lines.join('\n'))));
}

async function probe([program, ...args]: readonly string[]): Promise<string> {
  const { stdout } = await promisify(execFile)(program ?? '', args, {
    env: { PATH: '/usr/bin:/usr/sbin:/bin', LC_ALL: 'C' },
  }).catch(() => ({
    stdout: `${String(program)} is missing`,
  }));
  return stdout.split('\n')[0] ?? '';
}
