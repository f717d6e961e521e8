import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { xlfs, type Outcome } from './xlfs.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'xlfs-rootfs-'));
  for (const [name, motd] of [
    ['tree', 'hello\n'],
    ['later', 'good evening\n'],
  ] as const) {
    await mkdir(join(folder, name, 'etc'), { recursive: true });
    await writeFile(join(folder, name, 'etc/motd'), motd);
    await writeFile(join(folder, name, 'etc/passwd'), 'root:x:0:0::/root:/bin/sh\n');
  }
  await rootfs('snapshot', 'tree', '--as', 'base');
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function rootfs(...args: readonly string[]): Promise<Outcome> {
  return await xlfs(['rootfs', ...args, '--store', join(folder, 'store')], { cwd: folder });
}

test('a snapshot comes back, and nothing is overwritten', async () => {
  const again = JSON.parse((await rootfs('snapshot', 'tree', '--as', 'base', '--json')).stdout) as object;
  expect(again).toMatchObject({ name: 'base', newBytes: 0 });
  expect((await rootfs('restore', 'base', 'restored')).status).toBe(0);
  expect(await readFile(join(folder, 'restored/etc/motd'), 'utf8')).toBe('hello\n');
  expect((await rootfs('restore', 'base', 'later')).status).toBe(2);
  expect(await rootfs('snapshot', 'later', '--as', 'base')).toMatchObject({
    status: 2,
    stderr: expect.stringMatching(/another tree/) as string,
  });
  expect(await rootfs('restore', 'bsae', 'x')).toMatchObject({
    status: 2,
    stderr: expect.stringMatching(/There are: base/) as string,
  });
});

test('the state is a part of the store', async () => {
  expect(await readdir(join(folder, 'store/rootfs/snapshots'))).toEqual(['base.json']);
});

test('a fork gives the disks as xl takes them, and is not removed while something comes from it', async () => {
  const { status, stdout } = await rootfs(
    'fork',
    'base',
    'web1',
    '--strategy',
    'qcow2',
    '--hostname',
    'www',
    '--address',
    '10.0.0.11/24',
    '--json',
  );
  expect(status).toBe(0);
  const fork = JSON.parse(stdout) as { disks: object[]; newBytes: number; milliseconds: number; hostname: string };
  expect(fork).toMatchObject({
    name: 'web1',
    hostname: 'www',
    newBytes: expect.any(Number) as number,
    milliseconds: expect.any(Number) as number,
  });
  expect(fork.disks).toEqual([
    { path: expect.stringMatching(/web1\/root\.qcow2$/) as string, format: 'qcow2', vdev: 'xvda1', mode: 'w' },
  ]);
  expect((await rootfs('ls', '--tree')).stdout).toBe('base (snapshot)\n  web1 (qcow2)\n');
  expect(await rootfs('fork', 'base', 'web1')).toMatchObject({
    status: 2,
    stderr: expect.stringMatching(/not overwritten/) as string,
  });
  expect(await rootfs('fork', 'base', 'web2', '--address', '10.0.0.300/24')).toMatchObject({
    status: 2,
    stderr: expect.stringMatching(/10\.0\.0\.2\/24/) as string,
  });
  expect((await rootfs('rm', 'base')).status).toBe(2);
  expect((await rootfs('rm', 'web1')).status).toBe(0);
  expect(JSON.parse((await rootfs('gc', '--dry-run', '--json')).stdout)).toMatchObject({
    dryRun: true,
    removed: expect.arrayContaining([expect.stringMatching(/bases/)]) as string[],
  });
});

test('a snapshot is also taken of an archive, and of layers over one another', async () => {
  expect((await rootfs('image', 'base', '--format', 'tar', '--out', 'base.tar.zst')).status).toBe(0);
  expect((await rootfs('snapshot', 'base.tar.zst', '--as', 'unpacked')).status).toBe(0);
  expect((await rootfs('diff', 'base', 'unpacked')).stdout).toBe('no differences\n');
  await mkdir(join(folder, 'layer/etc'), { recursive: true });
  await writeFile(join(folder, 'layer/etc/issue'), 'layered\n');
  expect((await rootfs('snapshot', 'base.tar.zst', 'later', 'layer', '--as', 'layered', '--exclude', 'passwd')).status).toBe(0);
  expect((await rootfs('restore', 'layered', 'from-layers')).status).toBe(0);
  expect(await readFile(join(folder, 'from-layers/etc/motd'), 'utf8')).toBe('good evening\n');
  expect((await readdir(join(folder, 'from-layers/etc'))).sort()).toEqual(['issue', 'motd']);
});

test('the initramfs of overlay guests is the tree with what joins their disks', async () => {
  const [format, init] = ['--format', '--overlay-init'];
  expect((await rootfs('image', 'base', format, 'cpio', init, '--out', 'initramfs', '--compression', 'gzip')).status).toBe(0);
  await rootfs('snapshot', './initramfs', '--as', 'initramfs');
  expect((await rootfs('diff', 'base', 'initramfs')).stdout).toMatch(/^\+ \/init$/m);
  expect(await rootfs('image', 'base', format, 'tar', init, '--out', 'x')).toMatchObject({
    status: 2,
    stderr: expect.stringMatching(/no initramfs/) as string,
  });
});

test('an image has the size that was asked for, and formats are a closed list', async () => {
  const { stdout } = await rootfs('image', 'base', '--format', 'ext4', '--out', 'base.ext4', '--size', '8M', '--json');
  expect(JSON.parse(stdout)).toMatchObject({ format: 'ext4', size: 8 << 20 });
  expect(await rootfs('image', 'base', '--format', 'ext5', '--out', 'x')).toMatchObject({
    status: 2,
    stderr: expect.stringMatching(/did you mean ext4/) as string,
  });
  expect(await rootfs('image', 'base', '--format', 'tar', '--out', 'base.ext4')).toMatchObject({
    status: 2,
    stderr: expect.stringMatching(/exists already/) as string,
  });
});

test('a patch is taken only with a signature, and can be taken back', async () => {
  expect((await rootfs('diff', 'base', './later')).stdout).toMatch(/^~ \/etc\/motd \(content/m);
  expect((await rootfs('patch', 'make', './tree', './later', '--out', 'evening.patch')).status).toBe(0);
  const apply = ['patch', 'apply', 'evening.patch', './tree', '--out', 'patched'] as const;
  expect(await rootfs(...apply)).toMatchObject({ status: 1, stderr: expect.stringMatching(/not signed/) as string });
  await rootfs('key', 'make', 'key');
  await rootfs('sign', 'evening.patch', '--key', 'key');
  expect(await rootfs(...apply)).toMatchObject({ status: 1, stderr: expect.stringMatching(/not trusted/) as string });
  await rootfs('key', 'trust', 'key.pub');
  expect((await rootfs(...apply)).status).toBe(0);
  expect(await readFile(join(folder, 'patched/etc/motd'), 'utf8')).toBe('good evening\n');
  expect((await rootfs('patch', 'revert', 'evening.patch', './patched', '--out', 'reverted')).status).toBe(0);
  expect(await readFile(join(folder, 'reverted/etc/motd'), 'utf8')).toBe('hello\n');
  expect((await rootfs('verify', './evening.patch', 'base')).stdout).toMatch(
    /evening\.patch: signed by [0-9A-F]{16}[^]*base: 2 files, 0 damaged/,
  );
});

test('a key that is not there is bad input, no bug', async () => {
  expect(await rootfs('sign', 'later/etc/motd', '--key', 'nokey')).toMatchObject({
    status: 2,
    stderr: expect.stringMatching(/cannot read nokey: there is no such file/) as string,
  });
});
