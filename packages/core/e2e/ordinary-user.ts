import { spawn } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

const REPOSITORY = fileURLToPath(new URL('../../..', import.meta.url));
/** An id that nobody has, and subordinate ids that nobody uses. */
const UID = '54321';
const SUBORDINATE = '700000:65536';

export interface UserRun {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/**
 * Runs a TypeScript file of this repository as an ordinary user with subordinate ids. Root becomes one in a mount namespace of its own, in
 * which the repository is readable and /etc/passwd and /etc/subuid know the user; nothing outside it changes.
 *
 * @param script Path below the repository.
 */
export async function runAsOrdinaryUser(
  script: string,
  args: readonly string[],
  env: Record<string, string> = {},
): Promise<UserRun> {
  const folder = mkdtempSync(join(tmpdir(), 'xlfs-user-'));
  chmodSync(folder, 0o755);
  const at = (name: string): string => join(folder, name);
  try {
    if (process.getuid?.() !== 0)
      return await collect([process.execPath, join(REPOSITORY, script), ...args], { ...process.env, ...env });
    for (const name of ['repository', 'home', 'node']) mkdirSync(at(name));
    writeFileSync(at('passwd'), `root:x:0:0:root:/root:/bin/sh\nbuilder:x:${UID}:${UID}:builder:${at('home')}:/bin/sh\n`);
    writeFileSync(at('group'), `root:x:0:\nbuilder:x:${UID}:\n`);
    for (const name of ['subuid', 'subgid']) writeFileSync(at(name), `builder:${SUBORDINATE}\n`);
    const setUp = [
      'set -eu',
      `mount --bind "$REPOSITORY" ${at('repository')}`,
      `mount --bind "$NODE" ${at('node')}`,
      ...['passwd', 'group', 'subuid', 'subgid'].map((name) => `mount --bind ${at(name)} /etc/${name}`),
      `chown ${UID}:${UID} ${at('home')}`,
      'unset REPOSITORY NODE',
      `exec setpriv --reuid ${UID} --regid ${UID} --clear-groups -- "$@"`,
    ].join('\n');
    const command = [at('node/node'), join(at('repository'), relative(REPOSITORY, join(REPOSITORY, script))), ...args];
    return await collect(['unshare', '--mount', '--propagation', 'private', 'sh', '-c', setUp, 'sh', ...command], {
      PATH: '/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin',
      LC_ALL: 'C',
      HOME: at('home'),
      REPOSITORY,
      NODE: dirname(process.execPath),
      NODE_NO_WARNINGS: '1',
      ...env,
    });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function collect([file = '', ...args]: readonly string[], env: NodeJS.ProcessEnv): Promise<UserRun> {
  const child = spawn(file, args, { env, stdio: ['ignore', 'pipe', 'pipe'], cwd: '/' });
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
  return new Promise((done, fail) => {
    child.once('error', fail);
    child.once('close', (status) => done({ status, stdout, stderr }));
  });
}
