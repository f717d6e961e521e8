import { spawn, spawnSync } from 'node:child_process';
import { chmod, mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { BIN, xlfs } from './xlfs.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'xlfs-xl-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const GOOD = 'name = "web"\ntype = "pvh"\nkernel = "/boot/vmlinuz"\nmemory = 256\n';

async function file(name: string, text: string | Uint8Array): Promise<string> {
  await writeFile(join(folder, name), text);
  return name;
}

function piped(input: string, ...args: readonly string[]): { status: number | null; stdout: string; stderr: string } {
  return spawnSync(process.execPath, [BIN, 'xl', ...args], { input, cwd: folder, encoding: 'utf8' });
}

test('check shows file, line, column, the line itself and a caret', async () => {
  const name = await file('typo.cfg', `${GOOD}maxvcps = 2\n`);
  const { status, stdout } = await xlfs(['xl', 'check', name], { cwd: folder });
  expect(status).toBe(0);
  expect(stdout).toMatch(/^typo\.cfg:5:1: warning: .*\[unknown-key\]\n {2}5 \| maxvcps = 2\n {4}\| \^{7}\n.*maxvcpus/);
  const json = JSON.parse((await xlfs(['xl', 'check', name, '--json'], { cwd: folder })).stdout) as object;
  expect(json).toMatchObject({
    files: [
      {
        file: 'typo.cfg',
        accepted: true,
        errors: 0,
        warnings: 1,
        diagnostics: [{ code: 'unknown-key', start: { line: 5, column: 1 } }],
      },
    ],
  });
});

test('check ends with 1 when xl would refuse a file, and says so as SARIF, too', async () => {
  const name = await file('broken.cfg', `${GOOD}disk = [ 'phy:/dev/x,xvda\n`);
  const { status, stdout } = await xlfs(['xl', 'check', name, '--sarif'], { cwd: folder });
  expect(status).toBe(1);
  expect(JSON.parse(stdout)).toMatchObject({
    version: '2.1.0',
    runs: [{ results: [{ level: 'error', locations: [{ physicalLocation: { artifactLocation: { uri: 'broken.cfg' } } }] }] }],
  });
});

test('check looks for files only when it is asked to', async () => {
  const name = await file('look.cfg', GOOD.replace('/boot/vmlinuz', join(folder, 'no-kernel')));
  expect(JSON.parse((await xlfs(['xl', 'check', name, '--json'], { cwd: folder })).stdout)).toMatchObject({
    files: [{ diagnostics: [] }],
  });
  expect(JSON.parse((await xlfs(['xl', 'check', name, '--look', '--json'], { cwd: folder })).stdout)).toMatchObject({
    files: [{ diagnostics: [{ code: 'missing-file' }] }],
  });
});

test('control characters of a file do not reach the terminal', async () => {
  const { stdout } = await xlfs(['xl', 'check', await file('evil.cfg', `${GOOD}maxvcps = "\u001b]0;owned\u0007"\n`)], {
    cwd: folder,
  });
  expect(stdout).toContain('␛]0;owned␇');
  expect(stdout).not.toMatch(/[\u001b\u0007]/);
});

test('to-json --libxl accepts what that xl accepts, and refuses what it refuses', () => {
  const accepted = piped(GOOD, 'to-json', '--libxl', '--xen', '4.17', '-');
  expect(accepted.status).toBe(0);
  expect(JSON.parse(accepted.stdout)).toMatchObject({
    c_info: { type: 'pvh', name: 'web' },
    b_info: { max_memkb: 262144, kernel: '/boot/vmlinuz' },
  });
  const refused = piped(
    `${GOOD}disk = [ "bogus==" ]\nvcpus = 4\nmaxvcpus = 2\n`,
    'to-json',
    '--libxl',
    '--json',
    '--xen',
    '4.17',
    '-',
  );
  expect(refused.status).toBe(2);
  expect(refused.stdout).toBe('');
  expect(JSON.parse(refused.stderr)).toMatchObject({
    code: 'REFUSED',
    message: expect.stringMatching(/^<stdin>:\d+:\d+: /) as string,
  });
  expect(piped(GOOD, 'to-json', '--xen', '3.1', '-').stderr).toMatch(/unknown Xen version.*\n.*4\.17/);
});

test('to-json and from-json lead back to the same values', () => {
  const json = piped(GOOD, 'to-json', '--json', '-').stdout;
  const text = piped(json, 'from-json', '-');
  expect(text.status).toBe(0);
  expect(JSON.parse(piped(text.stdout, 'to-json', '--json', '-').stdout)).toEqual(JSON.parse(json));
  expect(piped('{"name": "web", "nmae": 1}', 'from-json', '-')).toMatchObject({ status: 2, stdout: '' });
  expect(piped('{', 'from-json', '-').stderr).toMatch(/<stdin> is not JSON/);
});

test('fix writes the file in one step, behind a link, with its mode, and nothing beside it', async () => {
  const name = await file('fix.cfg', `${GOOD}# the end`);
  await chmod(join(folder, name), 0o600);
  await symlink(name, join(folder, 'link.cfg'));
  const before = await readdir(folder);
  const { status, stdout } = await xlfs(['xl', 'fix', 'link.cfg'], { cwd: folder });
  expect({ status, stdout }).toEqual({ status: 0, stdout: expect.stringMatching(/wrote link\.cfg/) as string });
  expect(await readFile(join(folder, name), 'utf8')).toBe(`${GOOD}# the end\n`);
  expect((await stat(join(folder, name))).mode & 0o777).toBe(0o600);
  expect(await readdir(folder)).toEqual(before);
});

test('fix --stdout prints and leaves the file alone; what is left for xl to refuse ends it with 1', async () => {
  const name = await file('print.cfg', `${GOOD}maxvcps = 2\n`);
  const { stdout } = await xlfs(['xl', 'fix', name, '--stdout', '--unsafe'], { cwd: folder });
  expect(stdout).toBe(`${GOOD}maxvcpus = 2\n`);
  expect(await readFile(join(folder, name), 'utf8')).toContain('maxvcps');
  expect(piped('kernel = "/boot/vmlinuz"\n', 'fix', '-').status).toBe(1);
});

test('format keeps what it cannot read, and --check only looks', async () => {
  const name = await file('format.cfg', 'name="web"\ntype="pvh"\n');
  expect((await xlfs(['xl', 'format', name, '--check'], { cwd: folder })).status).toBe(1);
  expect((await xlfs(['xl', 'format', name], { cwd: folder })).status).toBe(0);
  expect(await readFile(join(folder, name), 'utf8')).toBe('name = "web"\ntype = "pvh"\n');
  const latin1 = await file('latin1.cfg', Buffer.from('name="web" # K\xf6ln\n', 'latin1'));
  const refused = await xlfs(['xl', 'format', latin1], { cwd: folder });
  expect(refused).toMatchObject({ status: 2, stderr: expect.stringMatching(/not UTF-8/) as string });
  expect(await readFile(join(folder, latin1), 'latin1')).toBe('name="web" # K\xf6ln\n');
});

test('diff finds what has changed in a running domain', async () => {
  const name = await file('drift.cfg', GOOD);
  const domain = JSON.parse(piped(GOOD, 'to-json', '--libxl', '-').stdout) as { b_info: Record<string, unknown> };
  expect(piped(JSON.stringify([{ domid: 1, config: domain }]), 'diff', name, '-').status).toBe(0);
  domain.b_info['max_memkb'] = 524288;
  const drifted = piped(JSON.stringify([{ domid: 1, config: domain }]), 'diff', name, '-', '--json');
  expect(drifted.status).toBe(1);
  expect(JSON.parse(drifted.stdout)).toEqual({
    drifted: true,
    differences: [{ path: 'b_info.max_memkb', kind: 'changed', file: 262144, domain: 524288 }],
  });
});

test('explain tells of a key, and which one was meant', async () => {
  expect((await xlfs(['xl', 'explain', 'maxvcpus'])).stdout).toMatch(/^maxvcpus: .*\n.*type +number/);
  expect(await xlfs(['xl', 'explain', 'maxvcps'])).toMatchObject({
    status: 2,
    stderr: expect.stringMatching(/→ Did you mean maxvcpus/) as string,
  });
});

test('Ctrl-C ends the waiting for standard input', async () => {
  const child = spawn(process.execPath, [BIN, 'xl', 'check', '-'], { stdio: ['pipe', 'pipe', 'pipe'] });
  const ended = new Promise((done) => child.once('close', done));
  // More than a pipe holds: when all of it is gone, somebody is reading, and listens to signals.
  await new Promise((done) => child.stdin.write('#'.repeat(4 << 20), done));
  child.kill('SIGINT');
  expect(await ended).toBe(130);
});
