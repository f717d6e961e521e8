/**
 * The whole of it, for real: `xlfs up` from locked tarballs to a Xen host with two guests in QEMU. It uses the user's own store, so that what
 * was built before is not built again; from an empty store it takes as long as two kernels do.
 */
import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { jsonLines, xlfs, type Outcome } from './xlfs.ts';

const HOURS = 3_600_000;
const MIB = 1 << 20;

interface UpResult {
  readonly type: 'result';
  readonly built: readonly string[];
  readonly layers: Record<string, string>;
  readonly transcript: string;
  readonly report: {
    readonly controlDSeconds: number;
    readonly dom0MemoryMiB: number;
    readonly table: string;
    readonly domains: readonly { name: string; type?: string }[];
    readonly guests: readonly { name: string; createToPingSeconds: number; system: string }[];
  };
}

let up: Outcome;
let result: UpResult;

beforeAll(async () => {
  // What is asserted is what happened, not how fast: a busy machine gets more patience.
  up = await xlfs(['up', '--json', '--patience', '5']);
  if (up.status !== 0) throw new Error(`xlfs up ended with ${String(up.status)}\n${up.stderr}\n${up.stdout.slice(-4000)}`);
  result = jsonLines(up.stdout).at(-1) as unknown as UpResult;
}, 1.2 * HOURS);

afterAll(() => {
  if (result !== undefined) process.stdout.write(`${result.report.table}\n`);
});

test('prints JSON lines and nothing else', () => {
  expect(up.stderr).toBe('');
  expect(result.type).toBe('result');
});

test('xl list shows Domain-0 and both guests', () => {
  for (const name of ['Domain-0', 'pv1', 'pvh1']) expect(result.report.table).toMatch(new RegExp(`^${name} `, 'm'));
});

test('one guest is PV and the other PVH, as xl list -l says', () => {
  const types = Object.fromEntries(result.report.domains.map(({ name, type }) => [name, type]));
  expect(types).toMatchObject({ pv1: 'pv', pvh1: 'pvh' });
});

test('both guests answered a ping and let somebody log in, each by its own name, on the domU kernel', () => {
  expect(result.report.guests.map(({ name }) => name)).toEqual(['pv1', 'pvh1']);
  for (const { name, system, createToPingSeconds } of result.report.guests) {
    expect(createToPingSeconds).toBeGreaterThan(0);
    expect(system).toMatch(new RegExp(`^${name} .*-xen-domU$`));
  }
});

test('the transcript holds what the consoles said', async () => {
  const transcript = await readFile(result.transcript, 'utf8');
  expect(transcript).toMatch(/^Xen 4\.20/m);
  expect(transcript).toMatch(/control_d/);
});

test('the next build has nothing to do', async () => {
  const { status, stdout } = await xlfs(['build', '--json']);
  expect(status).toBe(0);
  expect(jsonLines(stdout)).toEqual([expect.objectContaining({ type: 'result', built: [] })]);
});

test('why explains every file in dom0, down to something that was asked for by name', async () => {
  const root = async (step: string): Promise<string> => {
    const { stdout } = await xlfs(['store', 'ls', '--json']);
    const { store } = JSON.parse(stdout) as { store: string };
    return `${store}/layers/${result.layers[step] ?? ''}/root`;
  };
  const report = JSON.parse(await readFile(`${await root('dom0-image')}/boot/initramfs-xen-dom0.json`, 'utf8')) as {
    payload: Record<string, number>;
    files: { path: string; owner: string; why: { path: string; because: string }[] }[];
  };
  expect(report.files.length).toBeGreaterThan(20);
  expect(report.files.filter(({ owner, why }) => owner === 'unknown' || why.length === 0)).toEqual([]);
  const { status, stdout } = await xlfs(['why', '/usr/sbin/xl', '--json']);
  expect(status).toBe(0);
  expect(JSON.parse(stdout)).toMatchObject({ dom0: { owner: 'xen-tools' }, makers: [{ step: 'xen-tools' }] });
  // No compiler, no interpreter but the shell, no graphics.
  expect(
    report.files.filter(({ path }) => /\/(python|perl|gcc|cc1|as|ld|libX11)[^/]*$/.test(path) && !path.includes('/ld-linux')),
  ).toEqual([]);
  const payload = Object.values(report.payload).reduce((sum, size) => sum + size, 0);
  expect(payload).toBeLessThanOrEqual(12 * MIB);
  expect((await stat(`${await root('xen')}/boot/xen.gz`)).size).toBe(report.payload['xen.gz']);
});

test('dom0 uses at most 64 MiB when idle', () => {
  expect(result.report.dom0MemoryMiB).toBeLessThanOrEqual(64);
});

test('a path that nothing has is refused', async () => {
  expect((await xlfs(['why', '/usr/bin/python3'])).status).toBe(2);
});

test('log shows the commands of a step', async () => {
  const { status, stdout } = await xlfs(['log', 'zlib']);
  expect(status).toBe(0);
  expect(stdout).toMatch(/^\+ make/m);
});

test('the bill of materials says what dom0 was built from', async () => {
  const { status, stdout } = await xlfs(['sbom', 'xen-tools']);
  expect(status).toBe(0);
  const { bomFormat, components } = JSON.parse(stdout) as { bomFormat: string; components: { name: string; version: string }[] };
  expect(bomFormat).toBe('CycloneDX');
  expect(components.map(({ name }) => name)).toEqual(['filesystem', 'libuuid', 'xen-tools', 'yajl', 'zlib']);
});

test('licences are collected from the tarballs, into a new folder only', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'xlfs-licenses-'));
  const out = join(folder, 'licenses');
  try {
    const { status, stdout } = await xlfs(['licenses', 'yajl', '--out', out, '--json']);
    expect(status).toBe(0);
    expect(JSON.parse(stdout)).toContainEqual({ recipe: 'yajl', license: 'ISC', files: ['yajl/COPYING'] });
    expect(await readFile(join(out, 'yajl/yajl/COPYING'), 'utf8')).toMatch(/Lloyd Hilaiel/);
    expect((await xlfs(['licenses', 'yajl', '--out', out])).status).toBe(2);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});

test('a second build of a package comes out the same', async () => {
  const { status, stdout } = await xlfs(['build', 'yajl', 'libaio', '--check', '--json']);
  expect(status).toBe(0);
  const { check } = jsonLines(stdout).at(-1) as { check: { step: string; first: string; second: string }[] };
  expect(check.map(({ step }) => step)).toEqual(['yajl', 'libaio']);
  for (const { first, second } of check) expect(second).toBe(first);
});

test('shell opens the exact sandbox of a step', async () => {
  const { status, stdout } = await xlfs([
    'shell',
    'xen-tools',
    '--quiet',
    '--',
    'sh',
    '-c',
    'pwd; hostname; ls $DESTDIR/usr/include/yajl; exit 7',
  ]);
  expect(status).toBe(7);
  expect(stdout).toMatch(/^\/build\/xen\nxlfs\n[^]*yajl_parse\.h/);
});
