import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { compile, oracleFolder } from './compile.ts';

/** What `xl -N create` did with a configuration. */
export interface Answer {
  /** Exit status; -1 when a signal ended it. */
  readonly status: number;
  /** The printed JSON, or nothing. */
  readonly json: unknown;
  /** Lines that xl wrote to stderr, without the ones about its own files. */
  readonly messages: readonly string[];
}

/** Debian's package of the real program. */
const PACKAGE = 'xen-utils-4.17';
export const RELEASE = '4.17';

/**
 * Runs the real xl on each configuration, in one process that forks for each.
 * @throws Error that names the package when it is neither installed nor to be had from apt.
 */
export function xlCreate(configs: readonly string[], program = xlProgram(), flags: readonly string[] = []): Answer[] {
  const preload = compile('stand-in.c', `stand-in${flags.join('').replace(/\W/g, '_')}.so`, [
    '-shared',
    '-fPIC',
    ...flags,
    '-ldl',
  ]);
  const input = Buffer.concat(
    configs.flatMap((config) => {
      const bytes = Buffer.from(config);
      const length = Buffer.alloc(4);
      length.writeUInt32LE(bytes.length);
      return [length, bytes];
    }),
  );
  const run = spawnSync(program, [], {
    input,
    maxBuffer: 2 ** 31,
    env: { ...process.env, LD_PRELOAD: preload, LC_ALL: 'C' },
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  if (run.status !== 0)
    throw new Error(`${program} with its stand-in ended with ${run.status ?? run.signal ?? String(run.error)}`);
  return answers(run.stdout, configs.length);
}

function answers(bytes: Buffer, count: number): Answer[] {
  let at = 0;
  return Array.from({ length: count }, () => {
    const [status, out, err] = [bytes.readUInt32LE(at), bytes.readUInt32LE(at + 4), bytes.readUInt32LE(at + 8)];
    const written = bytes.toString('utf8', at + 12, at + 12 + out);
    const complained = bytes.toString('utf8', at + 12 + out, at + 12 + out + err);
    at += 12 + out + err;
    const exited = (status & 0x7f) === 0;
    const messages = complained.split('\n').filter((line) => line !== '' && !/^Parsing config from|xl\.conf/.test(line));
    return { status: exited ? status >> 8 : -1, json: exited && status === 0 ? parseJson(written) : null, messages };
  });
}

/** Numbers beyond 2^53 stay exact, as bigint. */
export function parseJson(text: string): unknown {
  return JSON.parse(text, (_key, value: unknown, context?: { source?: string }) =>
    typeof value === 'number' && !Number.isSafeInteger(value) ? BigInt(context?.source ?? '0') : value,
  );
}

function xlProgram(): string {
  const program = `/usr/lib/xen-${RELEASE}/bin/xl`;
  if (existsSync(program)) return program;
  const folder = join(oracleFolder(), PACKAGE);
  if (!existsSync(join(folder, program))) {
    mkdirSync(folder, { recursive: true });
    spawnSync('apt-get', ['download', PACKAGE], { cwd: folder });
    const archive = readdirSync(folder).find((name) => name.startsWith(`${PACKAGE}_`));
    if (archive !== undefined) spawnSync('dpkg-deb', ['-x', archive, '.'], { cwd: folder });
  }
  if (existsSync(join(folder, program))) return join(folder, program);
  throw new Error(`the real xl is missing: install Debian's ${PACKAGE} (apt-get install ${PACKAGE}), or let apt-get download it`);
}
