import { spawnSync } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { BIN, xlfs, type Outcome } from './xlfs.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'xlfs-kernel-'));
  await mkdir(join(folder, 'linux'));
  await writeFile(join(folder, 'linux/Makefile'), 'VERSION = 6\nPATCHLEVEL = 12\nSUBLEVEL = 1\nEXTRAVERSION =\n');
  await writeFile(join(folder, 'linux/Kconfig'), KCONFIG);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** Some of the symbols that a role wants, one of which asks the compiler. */
const KCONFIG = `mainmenu "Small Linux"
config CC_HAS_NOTHING
	def_bool $(shell,$(CC) -fno-such-option -x c -c /dev/null -o /dev/null 2>/dev/null && echo y || echo n)
config NET
	bool "Networking"
config BRIDGE
	tristate "Bridge"
	depends on NET
config OVERLAY_FS
	bool "Overlays"
	depends on CC_HAS_NOTHING
config MODULES
	bool "Modules"
	modules
`;

async function kernel(...args: readonly string[]): Promise<Outcome> {
  return await xlfs(['kernel', ...args, '--store', join(folder, 'store')], { cwd: folder });
}

test('config without a tree is a fragment, each setting with its reason', async () => {
  const { status, stdout } = await kernel('config', '--role', 'dom0', '--feature', 'nat', '--without', 'tun');
  expect(status).toBe(0);
  expect(stdout).toMatch(/# vifs and the network card meet on a bridge\nCONFIG_BRIDGE=y\n/);
  expect(stdout).toMatch(/CONFIG_XEN_DOM0=y/);
  expect(stdout).toMatch(/CONFIG_NF_NAT=y/);
  expect(stdout).not.toMatch(/CONFIG_TUN=y/);
});

test('config with a tree is complete, verified, and says why a wish did not take', async () => {
  const { status, stdout } = await kernel('config', '--role', 'dom0', '--tree', 'linux', '--out', 'made.config', '--json');
  expect(status).toBe(1);
  const { misses } = JSON.parse(stdout) as { misses: { symbol: string; wanted: string; got: string; why: string[] }[] };
  expect(misses.find(({ symbol }) => symbol === 'OVERLAY_FS')).toMatchObject({
    wanted: 'y',
    got: 'n',
    why: [expect.stringMatching(/depends on CC_HAS_NOTHING, which is n/), expect.stringMatching(/CC_HAS_NOTHING has no prompt/)],
  });
  expect(misses.map(({ symbol }) => symbol)).not.toContain('BRIDGE');
  expect(await readFile(join(folder, 'made.config'), 'utf8')).toMatch(
    /CONFIG_NET=y\nCONFIG_BRIDGE=y\n# CONFIG_MODULES is not set/,
  );
});

test('what is no role, feature or tree is named, with what was meant', async () => {
  expect(await kernel('config')).toMatchObject({ status: 2, stderr: expect.stringMatching(/--role dom0\|domU/) as string });
  expect(await kernel('config', '--role', 'domu')).toMatchObject({
    status: 2,
    stderr: expect.stringMatching(/did you mean domU/) as string,
  });
  expect(await kernel('explain', 'NET', '--tree', 'nowhere')).toMatchObject({
    status: 2,
    stderr: expect.stringMatching(/nowhere has no Makefile[^]*KCONFIG_NOT_FOUND/) as string,
  });
});

test('mistakes in Kconfig files come with their place', async () => {
  await mkdir(join(folder, 'broken'));
  await writeFile(join(folder, 'broken/Makefile'), 'VERSION = 6\n');
  await writeFile(join(folder, 'broken/Kconfig'), 'config NET\n\tbool\n\tdependson X\n');
  const { status, stderr } = await kernel('explain', 'NET', '--tree', 'broken', '--json');
  expect(status).toBe(2);
  expect(JSON.parse(stderr)).toMatchObject({
    message: expect.stringMatching(/^Kconfig:3:/) as string,
    code: expect.stringMatching(/^KCONFIG_/) as string,
  });
});

test('check names each miss with what was wanted and what is there', async () => {
  const fragment = (await kernel('config', '--role', 'domU')).stdout;
  const check = (config: string): { status: number | null; stdout: string } =>
    spawnSync(process.execPath, [BIN, 'kernel', 'check', '-', '--role', 'domU', '--json'], { input: config, encoding: 'utf8' });
  expect(check(fragment).status).toBe(0);
  const { status, stdout } = check(fragment.replace('CONFIG_HVC_XEN=y', '# CONFIG_HVC_XEN is not set'));
  expect(status).toBe(1);
  expect(JSON.parse(stdout)).toMatchObject({
    role: 'domU',
    misses: [{ symbol: 'HVC_XEN', wanted: 'y', got: 'n', reason: expect.stringMatching(/./) as string }],
  });
});

// `su` keeps root's path. (Root itself may look into everything.)
test('a folder on the path that cannot be looked into is passed over, as the shell does', async () => {
  const closed = join(folder, 'closed');
  await mkdir(closed, { mode: 0 });
  const { status, stderr } = await xlfs(['kernel', 'explain', 'OVERLAY_FS', '--tree', join(folder, 'linux')], {
    cwd: folder,
    env: { PATH: `${closed}:${process.env['PATH'] ?? ''}` },
  });
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
});

test('explain says what holds a wanted value back', async () => {
  const { status, stdout } = await kernel('explain', 'BRIDGE', '--tree', 'linux', '--wanted', 'y');
  expect(status).toBe(0);
  expect(stdout).toMatch(/→ BRIDGE depends on NET, which is n\.[^]*Kconfig:\d+/);
  expect(await kernel('explain', 'NO_SUCH', '--tree', 'linux')).toMatchObject({
    status: 2,
    stderr: expect.stringMatching(/SYMBOL_UNKNOWN/) as string,
  });
});

test('fix writes what a wish needs, or says which wishes exclude each other', async () => {
  await writeFile(join(folder, 'fix.config'), '# CONFIG_NET is not set\n');
  const found = await kernel('fix', 'fix.config', 'BRIDGE=y', '--tree', 'linux', '--write', '--json');
  expect(JSON.parse(found.stdout)).toMatchObject({ possible: true, changes: { NET: 'y', BRIDGE: 'y' }, written: true });
  expect(await readFile(join(folder, 'fix.config'), 'utf8')).toMatch(/CONFIG_NET=y\nCONFIG_BRIDGE=y\n/);
  const none = await kernel('fix', 'fix.config', 'BRIDGE=y', 'NET=n', '--tree', 'linux');
  expect(none).toMatchObject({ status: 1, stdout: expect.stringMatching(/BRIDGE=y, NET=n/) as string });
});

test('diff knows the causes when it has the tree', async () => {
  await writeFile(join(folder, 'a.config'), 'CONFIG_NET=y\nCONFIG_BRIDGE=y\n');
  await writeFile(join(folder, 'b.config'), '# CONFIG_NET is not set\n');
  const plain = await kernel('diff', 'a.config', 'b.config', '--json');
  expect(plain.status).toBe(1);
  expect(JSON.parse(plain.stdout)).toEqual({
    differences: ['BRIDGE', 'NET'].map((symbol) => ({ symbol, before: 'y', after: 'n', causes: [] })),
  });
  const { stdout } = await kernel('diff', 'a.config', 'b.config', '--tree', 'linux');
  expect(stdout).toMatch(/BRIDGE +y → n +.*because of NET/);
  expect((await kernel('diff', 'a.config', 'a.config')).status).toBe(0);
});
