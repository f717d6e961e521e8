import { execFileSync } from 'node:child_process';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { explainPath, type ImageReport } from '../image/report.ts';
import { textFile } from '../image/files.ts';
import { dom0Image, type Dom0ImageParams } from './dom0-image.ts';

const folder = mkdtempSync(join(tmpdir(), 'xlfs-dom0-'));
const inputs = ['filesystem', 'libc', 'tools', 'xen'].map((recipe) => ({ recipe, digest: recipe, root: join(folder, recipe) }));

const params: Dom0ImageParams = {
  wanted: [
    { path: '/bin', reason: 'layout' },
    { path: '/usr/bin/true', reason: 'a program' },
  ],
  files: [textFile('etc/hostname', 'xlfs\n')],
  compression: 'gzip',
  budgetMiB: 12,
  epoch: 1_700_000_000,
};

/** Layers as recipes leave them, with a real program and the real C library. */
beforeAll(() => {
  put('filesystem/usr/bin/.keep', '');
  put('filesystem/usr/lib/.keep', '');
  symlinkSync('usr/bin', join(folder, 'filesystem/bin'));
  symlinkSync('usr/lib', join(folder, 'filesystem/lib64'));
  put('libc/usr/lib/libc.so.6', '/lib/x86_64-linux-gnu/libc.so.6');
  put('libc/usr/lib/ld-linux-x86-64.so.2', '/lib64/ld-linux-x86-64.so.2');
  put('tools/usr/bin/true', '/usr/bin/true');
  put('tools/usr/bin/cc', '/usr/bin/false');
  put('xen/boot/xen.gz', '/usr/bin/false');
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

test('the initramfs holds the closure and nothing else, and the report explains it', async () => {
  const output = await assemble('good', params);
  const list = execFileSync('sh', ['-c', 'gzip -dc boot/initramfs-xen-dom0.img | cpio -t --quiet'], {
    cwd: output,
    encoding: 'utf8',
  }).split('\n');
  expect(list).toEqual(
    expect.arrayContaining(['bin', 'lib64', 'usr/bin/true', 'usr/lib/libc.so.6', 'usr/lib/ld-linux-x86-64.so.2', 'etc/hostname']),
  );
  expect(list).not.toContain('usr/bin/cc');

  const report = JSON.parse(readFileSync(join(output, 'boot/initramfs-xen-dom0.json'), 'utf8')) as ImageReport;
  const libc = explainPath(report, '/usr/lib/libc.so.6');
  expect(libc?.owner).toBe('libc');
  expect(libc?.why).toEqual([
    { path: '/usr/lib/libc.so.6', because: 'needs libc.so.6' },
    { path: '/usr/bin/true', because: 'a program' },
  ]);
  expect(explainPath(report, '/etc/hostname')?.owner).toBe('dom0-image');
  expect(report.files.map(({ path }) => path).sort()).toEqual(
    list
      .filter((path) => path !== '')
      .map((path) => (path === '.' ? '/' : `/${path}`))
      .sort(),
  );
});

test('the same layers give the same bytes', async () => {
  const images = await Promise.all(['a', 'b'].map((name) => assemble(name, params)));
  const [first, second] = images.map((output) => readFileSync(join(output, 'boot/initramfs-xen-dom0.img')));
  expect(second?.equals(first ?? Buffer.alloc(0))).toBe(true);
});

test('a dom0 over its budget fails and names the biggest files with their recipes', async () => {
  await expect(assemble('fat', { ...params, budgetMiB: 0.5 })).rejects.toMatchObject({
    code: 'BUDGET_EXCEEDED',
    message: expect.stringMatching(/budget is 0\.5 MiB[^]*initramfs: [^]*\/usr\/lib\/libc\.so\.6 \(libc\)/) as string,
  });
});

async function assemble(name: string, task: Dom0ImageParams): Promise<string> {
  const output = join(folder, `output-${name}`);
  mkdirSync(output, { recursive: true });
  await dom0Image({ inputs, output, work: folder, params: task, log: () => undefined });
  return output;
}

/** A copy of a file of this machine, or an empty one. */
function put(path: string, source: string): void {
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  if (existsSync(source)) copyFileSync(realpathSync(source), join(folder, path));
  else writeFileSync(join(folder, path), '');
}
