import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { BIN, xlfs } from './xlfs.ts';

let folder: string;
const store = (): string[] => ['--store', join(folder, 'store')];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'xlfs-usage-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

test.each([
  ['an unknown verb', ['bulid'], 'USAGE', /bulid/],
  ['an unknown option', ['plan', '--nonsense'], 'USAGE', /--nonsense/],
  ['an unknown target', ['build', 'xen-tolls'], 'RECIPE_UNKNOWN', /xen-tolls/],
  ['an unknown profile', ['plan', '--profile', 'hots'], 'USAGE', /hots/],
  ['a number of jobs that is none', ['build', '--jobs', 'many'], 'USAGE', /--jobs/],
  ['a choice of tests that is none', ['plan', '--tests', 'crital'], 'USAGE', /--tests cannot be "crital"/],
  ['a log of an unknown step', ['log', 'linux-dom'], 'RECIPE_UNKNOWN', /linux-dom/],
  ['a log of a step that never ran', ['log', 'xen'], 'USAGE', /xen/],
])('%s ends with 2, says what is wrong and what to do', async (_what, args, code, message) => {
  const plain = await xlfs([...args, ...store()], { cwd: folder });
  expect(plain.status).toBe(2);
  expect(plain.stdout).toBe('');
  expect(plain.stderr).toMatch(/^xlfs: /);
  expect(plain.stderr).toMatch(/→ /);
  const json = await xlfs([...args, '--json', ...store()], { cwd: folder });
  expect(json.status).toBe(2);
  expect(json.stdout).toBe('');
  expect(JSON.parse(json.stderr)).toMatchObject({
    code,
    message: expect.stringMatching(message) as string,
    hint: expect.any(String) as string,
  });
});

test.each(['build', 'log', 'shell', 'plan'])('xlfs %s of a step that another profile has names that profile', async (verb) => {
  const { status, stderr } = await xlfs([verb, 'binutils', ...store()], { cwd: folder });
  expect(status).toBe(2);
  expect(stderr).toMatch(/no recipe is called "binutils" in profile host\n {2}→ profile lfs has one: --profile lfs/);
});

test('a Node that is too old is told so', () => {
  const pretend = "Object.defineProperty(process, 'versions', { value: { ...process.versions, node: '20.11.1' } })";
  const { status, stderr } = spawnSync(process.execPath, ['--import', `data:text/javascript,${pretend}`, BIN, 'plan'], {
    encoding: 'utf8',
  });
  expect(status).toBe(2);
  expect(stderr).toMatch(/^xlfs: Node 20\.11\.1 is too old\n {2}→ install Node 22\.18/);
});

test('a broken project file is named with its line', async () => {
  const cwd = await mkdtemp(join(folder, 'project-'));
  await writeFile(join(cwd, 'xlfs.toml'), '[host]\nname = \n');
  const { status, stderr } = await xlfs(['plan', ...store()], { cwd });
  expect(status).toBe(2);
  expect(stderr).toMatch(/xlfs\.toml:2:\d+/);
});

test('a broken lock file is named with its line', async () => {
  const cwd = await mkdtemp(join(folder, 'lock-'));
  await writeFile(join(cwd, 'xlfs.lock.json'), '{\n  "lockVersion": 1,\n  oops\n}\n');
  const { status, stderr } = await xlfs(['plan', ...store()], { cwd });
  expect(status).toBe(2);
  expect(stderr).toMatch(/xlfs\.lock\.json:3/);
});

test('every verb explains itself with an example', async () => {
  const { stdout } = await xlfs(['--help']);
  const verbs = [...stdout.matchAll(/^ {2}([a-z]+)[ \n]/gm)].map(([, verb]) => verb ?? '').filter((verb) => verb !== 'help');
  expect(verbs).toEqual(
    expect.arrayContaining(['up', 'plan', 'build', 'boot', 'shell', 'log', 'why', 'doctor', 'sources', 'store']),
  );
  for (const verb of verbs) {
    const { status, stdout: help } = await xlfs([verb, '--help']);
    expect(status).toBe(0);
    if (verb !== 'sources' && verb !== 'store') expect(help).toMatch(/Example:\n {2}\$ xlfs /);
  }
});

test("a profile's name is a target: all that is the profile's own", async () => {
  const named = await xlfs(['plan', 'lfs', '--json', ...store()], { cwd: folder });
  const chosen = await xlfs(['plan', '--profile', 'lfs', '--json', ...store()], { cwd: folder });
  expect(JSON.parse(named.stdout)).toEqual(JSON.parse(chosen.stdout));
  expect(JSON.parse(named.stdout)).toMatchObject({ profile: 'lfs', targets: ['lfs-system'] });
  const both = await xlfs(['plan', 'lfs', 'xen', '--json', ...store()], { cwd: folder });
  expect(JSON.parse(both.stdout)).toMatchObject({ profile: 'lfs', targets: ['lfs-system', 'xen'] });
});

test('plan says what is to be done and runs nothing', async () => {
  const { status, stdout } = await xlfs(['plan', '--json', ...store()], { cwd: folder });
  expect(status).toBe(0);
  const plan = JSON.parse(stdout) as { steps: { step: string; cached: boolean }[]; criticalPath: string[]; seconds: number };
  expect(plan.steps.map(({ step }) => step)).toEqual(
    expect.arrayContaining(['xen', 'xen-tools', 'linux-dom0', 'linux-domu', 'busybox', 'dom0-image']),
  );
  expect(plan.steps.every(({ cached }) => !cached)).toBe(true);
  expect(plan.criticalPath.at(-1)).toMatch(/image/);
  expect(plan.seconds).toBeGreaterThan(60);
});

test('doctor finds this machine fit, since it is meant to build', async () => {
  const { status, stdout } = await xlfs(['doctor', '--json', ...store()]);
  const { findings } = JSON.parse(stdout) as { findings: { ok: boolean; level: string; name: string }[] };
  expect(findings.filter(({ ok, level }) => !ok && level === 'required')).toEqual([]);
  expect(status).toBe(0);
});

test('doctor names the package of what is missing', async () => {
  // A PATH with nothing of the sort.
  const { status, stdout } = await xlfs(['doctor', ...store()], { env: { PATH: '/nonexistent' } });
  expect(status).toBe(2);
  expect(stdout).toMatch(/MISSING +bison .*apt install bison/);
  expect(stdout).toMatch(/MISSING +qemu-system-x86_64 .*apt install qemu-system-x86/);
});

test('init writes a project that plan accepts, and never overwrites one', async () => {
  const cwd = await mkdtemp(join(folder, 'init-'));
  expect((await xlfs(['init'], { cwd })).status).toBe(0);
  expect((await xlfs(['plan', ...store()], { cwd })).status).toBe(0);
  expect((await xlfs(['init'], { cwd })).status).toBe(2);
});

test('a reader that stops early is no failure', () => {
  const text = execFileSync('bash', ['-c', `set -o pipefail; "$0" "$1" --help | head -n 1`, process.execPath, BIN], {
    encoding: 'utf8',
  });
  expect(text).toMatch(/^Usage: xlfs/);
});
