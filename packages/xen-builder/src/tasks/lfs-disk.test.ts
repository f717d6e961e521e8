import { execFileSync } from 'node:child_process';
import { copyFileSync, cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Ext4Reader, type WrittenPartition } from '@xlfs/rootfs';
import { startMachine } from '../boot/machine.ts';
import { defaultHost } from '../host/description.ts';
import { DISK_PATHS } from '../image/paths.ts';
import { hostFiles, MENU_KEYS } from '../lfs/description.ts';
import { lfsDisk, type LfsDiskParams } from './lfs-disk.ts';

/** The distribution's GRUB: what is under test is what is done with it. */
const GRUB = '/usr/lib/grub/i386-pc';

const folder = mkdtempSync(join(tmpdir(), 'xlfs-lfs-disk-'));
const inputs = ['system', 'grub', 'kernels'].map((recipe) => ({ recipe, digest: recipe, root: join(folder, recipe) }));
const params: LfsDiskParams = {
  disk: { signature: 0xcafe, boot: 32, free: 8, swap: 8 },
  files: hostFiles(defaultHost),
  dom0Memory: 256,
  epoch: 1_700_000_000,
};
const disk = join(folder, 'out', DISK_PATHS.disk);
let partitions: WrittenPartition[] = [];

beforeAll(async () => {
  put('system/etc/shadow', 'root:*:0:0:99999:7:::\nbin:*:0:0:99999:7:::\n');
  put('system/etc/login.defs', 'UMASK 022\n#PREVENT_NO_AUTH superuser\n');
  put('system/etc/fstab', 'proc /proc proc nosuid,noexec,nodev 0 0\n');
  put('system/usr/bin/true', readFileSync('/usr/bin/true'));
  put('kernels/boot/vmlinuz-lfs', 'no kernel');
  put('kernels/boot/xen.gz', 'no hypervisor');
  put('kernels/boot/xen', 'for QEMU');
  mkdirSync(join(folder, 'grub', GRUB), { recursive: true });
  copyFileSync(join(GRUB, 'boot.img'), join(folder, 'grub', GRUB, 'boot.img'));
  const modules = join(folder, 'grub/boot/grub/i386-pc');
  cpSync(GRUB, modules, { recursive: true, filter: (path) => !path.endsWith('.img') });
  execFileSync('grub-mkimage', [
    ...['-O', 'i386-pc', '-d', GRUB, '-p', '(,msdos1)/grub', '-o', join(modules, 'core.img')],
    ...['biosdisk', 'part_msdos', 'ext2'],
  ]);
  mkdirSync(join(folder, 'out'));
  await lfsDisk({ inputs, output: join(folder, 'out'), work: folder, params, log: () => undefined });
  partitions = JSON.parse(readFileSync(join(folder, 'out', DISK_PATHS.report), 'utf8')) as WrittenPartition[];
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

test('the root has an fstab that names the partitions of this disk, and the host’s own files', () => {
  using root = partition('lfs-root');
  const fstab = textOf(root, 'etc/fstab') ?? '';
  const [boot, main, swap] = partitions.map(({ partuuid }) => `PARTUUID=${partuuid}`);
  expect(fstab).toMatch(new RegExp(`^${String(main)} / +ext4 `, 'm'));
  expect(fstab).toMatch(new RegExp(`^${String(boot)} /boot ext4 `, 'm'));
  expect(fstab).toMatch(new RegExp(`^${String(swap)} swap +swap `, 'm'));
  expect(fstab).toMatch(/^proc \/proc /m);
  expect(textOf(root, 'etc/hostname')).toBe(`${defaultHost.name}\n`);
  expect(textOf(root, 'etc/sysconfig/ifconfig.xenbr0')).toContain('SERVICE="bridge ipv4-static"');
});

test('root needs no password at the console, and nobody else got in by that', () => {
  using root = partition('lfs-root');
  // Without a day of its last change: day 0 would ask for a new one.
  expect(textOf(root, 'etc/shadow')).toBe('root:::0:99999:7:::\nbin:*:0:0:99999:7:::\n');
  expect(textOf(root, 'etc/login.defs')).toBe('UMASK 022\nPREVENT_NO_AUTH no\n');
});

test('/boot is a file system of its own, with Xen, the kernel and a menu that names the root', () => {
  using boot = partition('lfs-boot');
  const menu = textOf(boot, 'grub/grub.cfg') ?? '';
  expect(menu.match(/^menuentry /gm)).toHaveLength(3);
  expect(menu).toMatch(/^set default=0$/m);
  expect(menu.split('menuentry ')[1]).toMatch(/multiboot2 \/xen\.gz [^]*module2 \/vmlinuz-lfs /);
  expect(menu.match(new RegExp(`root=PARTUUID=${String(partitions[1]?.partuuid)} `, 'g'))).toHaveLength(3);
  expect(textOf(boot, 'vmlinuz-lfs')).toBe('no kernel');
  expect(textOf(boot, 'xen.gz')).toBe('no hypervisor');
  expect(textOf(boot, 'xen')).toBeUndefined();
  using root = partition('lfs-root');
  expect(textOf(root, 'boot/vmlinuz-lfs')).toBeUndefined();
});

test(
  'firmware starts GRUB from the disk, which finds its modules and its menu and loads what a key chooses',
  { timeout: 500_000 },
  async () => {
    const plan = { boot: 'disk', memory: 256, cpus: 1, disks: [{ file: disk, format: 'raw', serial: 'lfs' }] } as const;
    const machine = await startMachine(plan, { accelerator: 'tcg', patience: 5 });
    try {
      await machine.console.type(MENU_KEYS.plain);
      // As far as one gets with nine bytes for a kernel.
      await machine.console.waitFor(/error: .*(premature end of file|invalid magic number)/, {
        what: "GRUB's opinion of the kernel",
        limitMs: 100_000,
      });
    } finally {
      await machine.stop();
    }
  },
);

test('a disk without GRUB is refused', async () => {
  const without = inputs.filter(({ recipe }) => recipe !== 'grub');
  await expect(
    lfsDisk({ inputs: without, output: join(folder, 'none'), work: folder, params, log: () => undefined }),
  ).rejects.toMatchObject({ code: 'ASSEMBLY_FAILED', message: expect.stringContaining('boot.img') as string });
});

function put(path: string, content: string | Uint8Array): void {
  const full = join(folder, path);
  mkdirSync(dirname(full), { recursive: true });
  writeFileSync(full, content);
}

/** A partition as an image of its own. */
function partition(label: string): Ext4Reader {
  const found = partitions.find((one) => one.label === label);
  if (found === undefined) throw new Error(`there is no partition ${label}`);
  const { offset, size } = found;
  const out = join(folder, `${label}.ext4`);
  execFileSync('dd', [
    `if=${disk}`,
    `of=${out}`,
    'bs=1M',
    `skip=${String(offset / 2 ** 20)}`,
    `count=${String(size / 2 ** 20)}`,
    'status=none',
  ]);
  return new Ext4Reader(out);
}

function textOf(reader: Ext4Reader, path: string): string | undefined {
  return reader.readFile(path)?.toString('utf8');
}
