/**
 * Forks as guests: one base, a child of it by each strategy that this machine allows, PV and PVH, started in a dom0 that is running. Each has
 * a name, an address and keys of its own, whatever it shares with its siblings. The host is the one that `xlfs up` builds.
 */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openStore, type Store } from '@xlfs/core';
import {
  applyTree,
  file,
  fork,
  forkDisk,
  openRootfsStore,
  overlayInit,
  takeSnapshot,
  treeOf,
  walkTree,
  writeCpio,
  writeExt4,
  type ForkResult,
  type Strategy,
} from '@xlfs/rootfs';
import { defaultHost, startMachine, untilPinged, type Machine, type MachineDisk, type MachinePlan } from '@xlfs/xen-builder';
import { blockDisk, bridgedVif, pvGuest, pvhGuest, stableMac, write } from '@xlfs/xl-config';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { buildHost, type BuiltHost } from '../src/build-host.ts';
import { openContext, type Context } from '../src/context.ts';

const HOURS = 3_600_000;
/** A busy machine gets more patience: what is asserted is what happened, not how fast. */
const PATIENCE = 5;
const BASE = 'shared-base';

interface Sibling {
  readonly name: string;
  readonly type: 'pv' | 'pvh';
  readonly strategy: Strategy;
  readonly address: string;
}

const SIBLINGS: readonly Sibling[] = [
  { name: 'copied', type: 'pv', strategy: 'copy', address: '10.0.0.21' },
  { name: 'thin', type: 'pvh', strategy: 'qcow2', address: '10.0.0.22' },
  { name: 'layered1', type: 'pv', strategy: 'overlay', address: '10.0.0.23' },
  { name: 'layered2', type: 'pvh', strategy: 'overlay', address: '10.0.0.24' },
  { name: 'cloned', type: 'pv', strategy: 'reflink', address: '10.0.0.25' },
];

interface Found {
  readonly hostname: string;
  readonly machineId: string;
  readonly key: string;
  readonly address: string;
  readonly root: string;
  readonly release: string;
  readonly written: string;
}

let folder: string;
let context: Context;
let built: BuiltHost;
let machine: Machine;
let transcript = '';
const forks = new Map<string, ForkResult>();
const found = new Map<string, Found>();
const figures: string[] = [];

beforeAll(async () => {
  // A folder on btrfs or xfs lets siblings share blocks.
  folder = await mkdtemp(join(process.env['XLFS_REFLINK_DIR'] ?? tmpdir(), 'xlfs-forks-'));
  context = await openContext({ quiet: true });
  built = await buildHost(context);
  const store = await openStore(context.storeDir);
  const base = layerOf(store, 'guest-base');
  const rootfs = openRootfsStore(join(folder, 'store'));
  await takeSnapshot(rootfs, base, { name: 'guest-base', mountPoints: false });
  // The first fork makes the base's disk.
  await fork(rootfs, 'guest-base', { name: 'warm', strategy: 'qcow2' });
  for (const { name, strategy, address } of SIBLINGS) {
    const personality = {
      hostname: name,
      interfaces: [{ name: 'eth0', address: `${address}/24`, gateway: '10.0.0.1' }],
      console: false as const,
    };
    const made = await fork(rootfs, 'guest-base', { name, strategy, personality }).catch((error: unknown) => {
      if (strategy !== 'reflink') throw error;
      expect(error).toMatchObject({ code: 'HOST_REQUIREMENT' });
    });
    if (made !== undefined) forks.set(name, made);
  }
  transcript = join(folder, 'transcript.log');
  machine = await startMachine(await plan(base), { transcript, signal: context.signal });
  await machine.console.waitFor(/xlfs: dom0 ready: .*control_d/, limit('control of Xen', 90));
  await dom0(
    'stty cols 200 2>/dev/null; dmesg -n 1; mkdir -p /mnt/boot && mount -o ro /dev/disk/by-id/virtio-boot /mnt/boot',
    20,
  );
  for (const sibling of SIBLINGS) if (forks.has(sibling.name)) found.set(sibling.name, await startAndAsk(sibling));
}, 1.2 * HOURS);

afterAll(async () => {
  process.stdout.write(`${figures.join('\n')}\n`);
  await machine?.stop();
  built?.close();
  context?.close();
  await rm(folder, { recursive: true, force: true });
});

test('every strategy that this machine allows gave a guest that runs', () => {
  expect([...found.keys()]).toEqual([...forks.keys()]);
  expect([...found.keys()]).toEqual(expect.arrayContaining(['copied', 'thin', 'layered1', 'layered2']));
});

test('each guest has the name and the address that it was given', () => {
  for (const { name, address } of SIBLINGS.filter((sibling) => forks.has(sibling.name)))
    expect(found.get(name), name).toMatchObject({ hostname: name, address: `${address}/24` });
});

test('machine ids and ssh host keys are those of the record, and no two guests share one', () => {
  for (const [name, { machineId }] of found) expect(machineId).toBe(forks.get(name)?.machineId);
  for (const item of ['machineId', 'key'] as const) {
    const all = [...found.values()].map((one) => one[item]);
    expect(new Set(all).size).toBe(all.length);
  }
  for (const { key } of found.values()) expect(key).toMatch(/^ssh-ed25519 [A-Za-z0-9+/=]{68} root@/);
});

test('an overlay is the root of its guest, joined at boot; the others have a disk', () => {
  for (const [name, { root }] of found)
    expect(root, name).toBe(forks.get(name)?.strategy === 'overlay' ? 'overlay' : '/dev/root');
});

test('what one guest writes, its siblings do not see', () => {
  for (const [name, { written }] of found) expect(written).toBe(name);
});

test('the base that they share is what it was, byte by byte', () => {
  const { disk = '', digest } = forks.get('layered1')?.parent ?? {};
  expect(createHash('sha256').update(readFileSync(disk)).digest('hex')).toBe(digest);
});

function layerOf(store: Store, recipe: string): string {
  const layer = built.layers[recipe];
  if (layer === undefined) throw new Error(`the host has no ${recipe}`);
  return store.layerRoot(layer);
}

/** The built host with other disks: the forks', and one that brings their configurations and what overlays boot from. */
async function plan(base: string): Promise<MachinePlan> {
  const boot = join(folder, 'boot.ext4');
  await writeBootDisk(boot, base);
  const disks: MachineDisk[] = [{ file: boot, format: 'raw', serial: 'boot' }];
  const shared = forks.get('layered1')?.disks[0]?.path ?? '';
  // QEMU would open the base for writing: its child is one more layer that nobody writes to.
  const guarded = await forkDisk(shared, join(folder, 'base.qcow2'), { strategy: 'qcow2' });
  disks.push({ file: guarded.path, format: guarded.format, serial: BASE });
  for (const { name, disks: own } of forks.values()) {
    const writable = own.find(({ mode }) => mode === 'w');
    disks.push({ file: writable?.path ?? '', format: writable?.format ?? 'raw', serial: name });
  }
  const host = await built.machine();
  return {
    ...host,
    disks,
    memory: host.memory + 128 * SIBLINGS.length,
    dom0Arguments: [...(host.dom0Arguments ?? []), 'xlfs.guests=manual'],
  };
}

async function writeBootDisk(out: string, base: string): Promise<void> {
  const initramfs = join(folder, 'overlay.cpio');
  // As it is: to decompress these two MiB takes an emulated guest longer than to load them.
  await writeCpio(applyTree(await walkTree(base), treeOf(overlayInit())).values(), initramfs);
  const configs = SIBLINGS.flatMap((sibling) => {
    const made = forks.get(sibling.name);
    return made === undefined ? [] : [file(`${sibling.name}.cfg`, config(sibling, made))];
  });
  await writeExt4([file('initramfs', await readFile(initramfs)), ...configs], out, { journal: false, free: 1 << 20 });
}

function config({ name, type, strategy }: Sibling, made: ForkResult): string {
  const overlay = strategy === 'overlay';
  const build = type === 'pv' ? pvGuest : pvhGuest;
  const own = `/dev/disk/by-id/virtio-${name}`;
  return write(
    build({
      name,
      memory: 128,
      vcpus: 1,
      kernel: '/boot/vmlinuz-xen-domu',
      ...(overlay ? { ramdisk: '/mnt/boot/initramfs' } : { root: { device: '/dev/xvda1', access: 'rw' as const } }),
      append: ['quiet', ...made.cmdline],
      disks: made.disks.map(({ vdev, mode }) =>
        mode === 'r' ? blockDisk(`/dev/disk/by-id/virtio-${BASE}`, vdev, { access: 'ro' }) : blockDisk(own, vdev),
      ),
      vifs: [bridgedVif(defaultHost.bridge.name, { mac: stableMac(name) })],
      set: { on_crash: 'destroy', device_model_version: 'qemu-xen' },
    }),
  );
}

async function startAndAsk({ name, type, strategy, address }: Sibling): Promise<Found> {
  const started = Date.now();
  await dom0(`xl create -q /mnt/boot/${name}.cfg`, 60);
  const created = Date.now();
  await dom0(untilPinged(address, defaultHost.bridge.name), 60);
  const { milliseconds = 0, newBytes = 0 } = forks.get(name) ?? {};
  const seconds = (from: number, to: number) => ((to - from) / 1000).toFixed(1);
  figures.push(
    `${strategy} (${type}): fork ${milliseconds.toFixed(0)} ms, ${String(newBytes >> 10)} KiB new; xl create ${seconds(started, created)} s; answers a ping ${seconds(started, Date.now())} s after xl create began`,
  );
  return await ask(name);
}

/** What a guest says of itself, in a login on its console. */
async function ask(name: string): Promise<Found> {
  const { console } = machine;
  await console.type(`xl console ${name}\n\n`);
  await console.waitFor(new RegExp(`${name} login: `), limit(`the login prompt of ${name}`, 60));
  await console.type('root\n');
  await console.waitFor(/[#$] $/, limit(`a shell in ${name}`, 20));
  const say = async (command: string): Promise<string> => {
    await console.type(`echo "said: $(${command})"\n`);
    return (await console.waitFor(/^said: (.*)\n/m, limit(`an answer to ${command}`, 20)))[1] ?? '';
  };
  const answers: Found = {
    hostname: await say('cat /proc/sys/kernel/hostname'),
    machineId: await say('cat /etc/machine-id'),
    key: await say('cat /etc/ssh/ssh_host_ed25519_key.pub'),
    address: await say("ip -4 -o addr show eth0 | awk '{ print $4 }'"),
    root: await say('awk \'$2 == "/" { root = $1 } END { print root }\' /proc/mounts'),
    release: await say('uname -r'),
    written: await say('ls /root/was-here 2>/dev/null; hostname > /root/was-here; cat /root/was-here'),
  };
  await console.type('exit\n');
  await console.waitFor(/login: /, limit(`the end of the session in ${name}`, 20));
  await console.type('\x1d');
  await console.waitFor(/# $/, limit("dom0's shell", 20));
  return answers;
}

async function dom0(command: string, seconds: number): Promise<string> {
  const { status, output } = await machine.console.run(command, limit(command, seconds), context.signal);
  if (status !== 0) throw new Error(`${command} ended with ${String(status)} in dom0: ${output}\n(transcript: ${transcript})`);
  return output;
}

function limit(what: string, seconds: number): { what: string; limitMs: number } {
  return { what, limitMs: seconds * 1000 * PATIENCE };
}
