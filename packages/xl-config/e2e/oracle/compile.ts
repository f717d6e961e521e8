import { spawnSync } from 'node:child_process';
import { mkdirSync, renameSync, statSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';

const here = import.meta.dirname;

/** Where the oracles are kept between runs. */
export function oracleFolder(): string {
  const folder = join(tmpdir(), `xl-config-oracle-${userInfo().uid}`);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  return folder;
}

/**
 * Compiles one C file of this folder and gives the path of the result, once for each change of the source.
 * @throws Error that names the missing Debian packages when the compiler or Xen's headers are not there.
 */
export function compile(source: string, target: string, flags: readonly string[]): string {
  const input = join(here, source);
  const output = join(oracleFolder(), `${target}-${Math.trunc(statSync(input).mtimeMs)}`);
  if (statSync(output, { throwIfNoEntry: false }) !== undefined) return output;
  const scratch = `${output}.${process.pid}`;
  const compiled = spawnSync('gcc', ['-O2', '-Wall', '-o', scratch, input, ...flags], { encoding: 'utf8' });
  if (compiled.status !== 0) {
    throw new Error(
      `cannot build the oracle ${source}; install gcc and libxen-dev (apt-get install gcc libxen-dev)\n${compiled.stderr ?? compiled.error?.message}`,
    );
  }
  renameSync(scratch, output);
  return output;
}
