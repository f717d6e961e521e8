import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach, expect, test } from 'vitest';
import { xlfs, type Outcome } from './xlfs.ts';

const folders: string[] = [];
let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'xlfs-container-'));
  folders.push(folder);
  await mkdir(join(folder, 'etc'));
  await writeFile(join(folder, 'etc/HOSTNAME'), 'fido\n');
});
afterAll(() => Promise.all(folders.map((path) => rm(path, { recursive: true, force: true }))));

async function build(text: string, ...args: readonly string[]): Promise<Outcome> {
  await writeFile(join(folder, 'my-domain'), text);
  return await xlfs(['container', 'build', 'my-domain', '--store', join(folder, 'store'), ...args], { cwd: folder });
}

const DOMAIN = `name = "fido"
kernel = "/boot/vmlinuz"
[create
 etc
 etc.cpio.gz
 ][end]
memory = 64
`;

test('build makes what the file says, and writes the plain configuration and the log', async () => {
  const { status, stdout } = await build(DOMAIN, '--stripped', 'my-config', '--log', 'my-log', '--dir', 'work');
  expect(status).toBe(0);
  expect(stdout).toMatch(/create etc\.cpio\.gz[^]*wrote my-config/);
  expect(await readFile(join(folder, 'my-config'), 'utf8')).toMatch(
    /^name = "fido"\nkernel = "\/boot\/vmlinuz"\n\s*memory = 64\n$/,
  );
  expect(await readFile(join(folder, 'my-log'), 'utf8')).toMatch(/create etc\.cpio\.gz/);
  expect((await readFile(join(folder, 'etc.cpio.gz'))).subarray(0, 2)).toEqual(Buffer.from([0x1f, 0x8b]));
  expect((await xlfs(['xl', 'to-json', 'my-config'], { cwd: folder })).status).toBe(0);
});

test('a dry run prints the plan and does nothing', async () => {
  const { status, stdout } = await build(DOMAIN, '--dry-run', '--json', '--stripped', 'my-config');
  expect(status).toBe(0);
  expect(JSON.parse(stdout)).toMatchObject({ dryRun: true, steps: [expect.stringMatching(/^create etc\.cpio\.gz/)] });
  expect((await readdir(folder)).sort()).toEqual(['etc', 'my-domain', 'store']);
});

test('a mistake is named with line and column, and leaves nothing', async () => {
  const { status, stderr } = await build(`${DOMAIN}[creat\n etc\n x\n ][end]\n`, '--stripped', 'my-config', '--json');
  expect(status).toBe(2);
  expect(JSON.parse(stderr)).toMatchObject({ code: 'USAGE', message: expect.stringMatching(/my-domain:8:1/) as string });
  expect((await readdir(folder)).sort()).toEqual(['etc', 'my-domain', 'store']);
});
