/** The set-up scripts as a user meets them: under the system's sh, on this machine's real apt and user database. */
import { execFile } from 'node:child_process';
import { chmod, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { workspace } from '../test/projects.ts';

const setup = join(workspace, 'tools/setup');
const isRoot = process.getuid?.() === 0;

let scratch: string;
beforeAll(async () => {
  scratch = await mkdtemp(join(tmpdir(), 'xlfs-setup-'));
  await chmod(scratch, 0o755);
});
afterAll(() => rm(scratch, { recursive: true, force: true }));

interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Makes a command run as the user nobody, who has no rights and no subordinate ids, whoever we are. */
const AS_NOBODY = isRoot
  ? ['/usr/bin/setpriv', '--reuid=65534', '--regid=65534', '--clear-groups']
  : ['/usr/bin/unshare', '--user', '--map-user=65534', '--map-group=65534'];

/** Runs a set-up script without a terminal. */
function script(args: string[], { asNobody = false, path = process.env['PATH'] ?? '' } = {}): Promise<Ended> {
  const [command = '', ...rest] = [...(asNobody ? AS_NOBODY : []), '/bin/sh', ...args];
  return new Promise((resolve) => {
    const child = execFile(command, rest, { env: { PATH: path }, cwd: '/' }, (error, stdout, stderr) =>
      resolve({ code: typeof error?.code === 'number' ? error.code : error === null ? 0 : -1, stdout, stderr }),
    );
    child.stdin?.end();
  });
}

/** A folder that stands for a PATH with only the given programs of /usr/bin in it. */
async function pathWith(...programs: string[]): Promise<string> {
  const folder = await mkdtemp(join(scratch, 'path-'));
  await chmod(folder, 0o755);
  for (const program of programs) await symlink(join('/usr/bin', program), join(folder, program));
  return folder;
}

async function listOf(...lines: string[]): Promise<string> {
  const file = join(await pathWith(), 'host-packages');
  await writeFile(file, lines.map((line) => `${line}\n`).join(''));
  return file;
}

const ABSENT = 'xlfs-no-such-package cmd:xlfs-no-such-command build what a step would need';

test('the list of host packages is well formed: package, kind of proof, stage, reason', async () => {
  const { readFile } = await import('node:fs/promises');
  const rows = (await readFile(join(setup, 'host-packages'), 'utf8'))
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'));
  for (const row of rows) expect(row).toMatch(/^[a-z0-9][a-z0-9+.-]+ +(cmd|header|lib|file):\S+ +(build|test) +\S.*$/);
  const names = rows.map((row) => row.split(/\s+/, 1)[0]);
  expect(new Set(names).size).toBe(names.length);
});

test('nothing is missing: the set-up says nothing and changes nothing', async () => {
  const list = await listOf(
    'coreutils cmd:ls build always there',
    'libc6-dev header:stdio.h build C',
    ABSENT.replace('build', 'test'),
  );
  expect(await script([join(setup, 'host-packages.sh'), list, 'build'])).toEqual({ code: 0, stdout: '', stderr: '' });
});

test('without apt the set-up names what is missing and why, and refuses with 2', async () => {
  const ended = await script([join(setup, 'host-packages.sh'), await listOf(ABSENT), 'build'], {
    path: await pathWith('dirname', 'cat', 'id'),
  });
  expect(ended).toMatchObject({ code: 2, stdout: '' });
  expect(ended.stderr).toContain('xlfs-no-such-package (xlfs-no-such-command): what a step would need');
  expect(ended.stderr).toContain('there is no apt');
});

test('a user who may not install is told the command for root, and the exit code is 2', async () => {
  const path = await pathWith('dirname', 'cat', 'id', 'apt-get');
  const ended = await script([join(setup, 'host-packages.sh'), await listOf(ABSENT), 'build'], { asNobody: true, path });
  expect(ended).toMatchObject({ code: 2, stdout: '' });
  expect(ended.stderr).toContain('as root: apt-get install xlfs-no-such-package');
});

test('a user without subordinate ids is told the command that grants a free range, and the exit code is 2', async () => {
  const path = await pathWith('dirname', 'id', 'sed');
  const ended = await script([join(setup, 'subordinate-ids.sh')], { asNobody: true, path });
  expect(ended).toMatchObject({ code: 2, stdout: '' });
  expect(ended.stderr).toMatch(/as root: usermod --add-subuids (\d+)-(\d+) --add-subgids \1-\2 \S+/);
});

test('an argument in the list of packages is data: no shell metacharacter in it is run', async () => {
  const mark = join(scratch, 'mark');
  const list = await listOf(`x$(touch\${IFS}${mark}) cmd:no;touch\${IFS}${mark} build \`touch ${mark}\``);
  const ended = await script([join(setup, 'host-packages.sh'), list, 'build'], {
    path: await pathWith('dirname', 'cat', 'id', 'touch'),
  });
  expect(ended.code).toBe(2);
  expect(await rm(mark).catch((error: NodeJS.ErrnoException) => error.code)).toBe('ENOENT');
});
