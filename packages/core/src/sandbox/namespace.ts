import { execFile, spawn, type ChildProcess, type StdioOptions } from 'node:child_process';
import { open, readFile, readlink } from 'node:fs/promises';
import { userInfo } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { XlfsError } from '../errors.ts';

const run = promisify(execFile);

/** Ids 0 to 65535 exist inside: what a distribution's passwd and group use. */
const ID_COUNT = 65536;
/** How long unshare(1) may take to make the namespaces. */
const UNSHARE_TIMEOUT_MS = 10_000;

export interface NamespaceOptions {
  /** As for `spawn`; one more descriptor is put behind these. */
  readonly stdio: readonly ('ignore' | 'inherit' | 'pipe' | 'ipc' | number)[];
  readonly env?: NodeJS.ProcessEnv;
  readonly cwd?: string;
}

/** Shell that waits at the gate. Descriptors that our own caller left open stay outside: Node hands on those that it has not opened itself. */
function enter(gate: number): string {
  return `\
for fd in /proc/self/fd/*; do
  fd=\${fd##*/}
  (( fd <= ${String(gate)} )) || exec {fd}<&-
done
read -r _ <&${String(gate)} && exec ${String(gate)}<&- && exec "$@"`;
}

/**
 * Starts a command as root of new user and mount namespaces, whoever we are: root keeps its ids, an ordinary user becomes 0 and its
 * subordinate ids the others. Root goes the same way, so that what a build can do (and with it the result) is the same for both.
 * The command dies with this process.
 *
 * @throws XlfsError `SANDBOX_UNAVAILABLE`, with what to enable.
 */
export async function spawnAsNamespaceRoot(command: readonly string[], options: NamespaceOptions): Promise<ChildProcess> {
  // The gate: the command proper is only exec'd when its ids are mapped, since exec as an unmapped user would lose all capabilities.
  const gate = options.stdio.length;
  const child = spawn(
    'setpriv',
    [
      ...['--pdeathsig', 'KILL', 'unshare', '--user', '--mount', '--propagation', 'private'],
      ...['bash', '-c', enter(gate), 'bash', ...command],
    ],
    {
      stdio: [...options.stdio, 'pipe'] as StdioOptions,
      ...(options.env === undefined ? {} : { env: options.env }),
      ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
    },
  );
  const failed = new Promise<never>((_, fail) => {
    child.once('error', (cause) => fail(unavailable(`cannot start setpriv: ${cause.message}`, cause)));
    child.once('exit', () => fail(unavailable('the kernel refused to make a user namespace')));
  });
  failed.catch(() => undefined);
  try {
    const pid = child.pid;
    if (pid === undefined) return await failed;
    await Promise.race([unshared(pid, () => child.exitCode !== null), failed]);
    await Promise.race([mapIds(pid), failed]);
  } catch (error) {
    child.kill('SIGKILL');
    throw error;
  }
  const pipe = child.stdio[gate] as NodeJS.WritableStream;
  pipe.on('error', () => undefined);
  pipe.end('go\n');
  return child;
}

/** Waits until the process has left our user namespace. */
async function unshared(pid: number, hasEnded: () => boolean): Promise<void> {
  const ours = await readlink('/proc/self/ns/user');
  for (const deadline = Date.now() + UNSHARE_TIMEOUT_MS; Date.now() < deadline && !hasEnded();) {
    const theirs = await readlink(`/proc/${String(pid)}/ns/user`).catch(() => ours);
    if (theirs !== ours) return;
    await sleep(1);
  }
  throw unavailable('unshare did not make a user namespace in time');
}

async function mapIds(pid: number): Promise<void> {
  const { uid, gid, username } = userInfo();
  try {
    if (uid === 0) {
      await Promise.all([
        // newuidmap, even for root, only maps what /etc/subuid grants; root may write the map itself.
        writeSameIds('uid_map', pid),
        writeSameIds('gid_map', pid),
      ]);
      return;
    }
    const [uids, gids] = await Promise.all([
      subordinateIds('/etc/subuid', username, uid),
      subordinateIds('/etc/subgid', username, uid),
    ]);
    await run('newuidmap', [String(pid), ...idMap(uid, uids)]);
    await run('newgidmap', [String(pid), ...idMap(gid, gids)]);
  } catch (cause) {
    if (cause instanceof XlfsError) throw cause;
    throw unavailable(`cannot map user ids into the namespace: ${(cause as Error).message.trim()}`, cause);
  }
}

/**
 * Maps each id to itself, as far as we have it. Where we are root of a namespace ourselves, ours come in several ranges, and the kernel wants each
 * range of the new map inside one of them.
 */
async function writeSameIds(map: 'uid_map' | 'gid_map', pid: number): Promise<void> {
  const ours = (await readFile(`/proc/self/${map}`, 'utf8')).trim().split('\n');
  const ranges = ours.flatMap((line) => {
    const [first = 0, , count = 0] = line.trim().split(/\s+/).map(Number);
    return first < ID_COUNT ? [`${String(first)} ${String(first)} ${String(Math.min(count, ID_COUNT - first))}\n`] : [];
  });
  // `open` with O_WRONLY alone: truncating a map file is refused. One write for all of it: the kernel takes no second one.
  const file = await open(`/proc/${String(pid)}/${map}`, 'r+');
  try {
    await file.write(ranges.join(''));
  } finally {
    await file.close();
  }
}

function idMap(own: number, range: { start: number; count: number }): string[] {
  return ['0', String(own), '1', '1', String(range.start), String(Math.min(range.count, ID_COUNT - 1))];
}

/** @throws XlfsError `SANDBOX_UNAVAILABLE` when the user has none. */
async function subordinateIds(path: string, username: string, uid: number): Promise<{ start: number; count: number }> {
  const text = await readFile(path, 'utf8').catch(() => '');
  for (const line of text.split('\n')) {
    const [who, start, count] = line.split(':');
    if ((who === username || who === String(uid)) && Number(count) >= 65535)
      return { start: Number(start), count: Number(count) };
  }
  throw new XlfsError('SANDBOX_UNAVAILABLE', `${path} grants ${username} no subordinate ids`, {
    hint: `as root: usermod --add-subuids 100000-165535 --add-subgids 100000-165535 ${username}`,
  });
}

function unavailable(why: string, cause?: unknown): XlfsError {
  return new XlfsError('SANDBOX_UNAVAILABLE', `no sandbox: ${why}`, {
    hint: 'xlfs doctor names what is missing (util-linux, uidmap, user namespaces; on Ubuntu 24.04 and later also sysctl kernel.apparmor_restrict_unprivileged_userns=0)',
    cause,
  });
}
