import { XlfsError } from '@xlfs/core';
import { blockDisk, bridgedVif, pvGuest, stableMac, write } from '@xlfs/xl-config';
import { LFS_LABELS, MENU_KEYS } from '../lfs/description.ts';
import { withoutPrefix, type HostDescription } from '../host/description.ts';
import type { BootCheckOptions } from './check.ts';
import { parseDomainTable } from './facts.ts';
import { startMachine, type Machine } from './machine.ts';
import type { Accelerator, DiskMachinePlan, MachineDisk } from './qemu.ts';
import {
  indent,
  logIn,
  onGuestConsole,
  secondsSince,
  Session,
  startGuest,
  type GuestStart,
  waitUntilGone,
  within,
} from './session.ts';

/** What the check of a whole system needs: its disk, and that of a guest which was forked from the same system. */
export interface LfsBootPlan {
  /** Written to. */
  readonly disk: MachineDisk;
  readonly guest: LfsGuest;
  readonly host: HostDescription;
  /** MiB of the machine; dom0 has what its menu entry says, the guest and Xen the rest. */
  readonly memory: number;
  readonly cpus: number;
}

export interface LfsGuest {
  readonly name: string;
  /** With its prefix length, on the host's bridge. */
  readonly address: string;
  /** MiB. */
  readonly memory: number;
  /** Written to. */
  readonly disk: MachineDisk;
}

/** What the check found; seconds are of the wall clock, seen from outside. */
export interface LfsBootReport {
  readonly accelerator: Accelerator;
  readonly plain: {
    /** From QEMU's start to the login prompt: firmware, GRUB, kernel, boot scripts. */
    readonly loginSeconds: number;
    /** `uname -sr`. */
    readonly system: string;
    /** What a program printed that was compiled there. */
    readonly compiled: string;
    readonly shutdownSeconds: number;
  };
  readonly dom0: {
    readonly loginSeconds: number;
    /** What fsck said of the disk that the plain boot had used. */
    readonly rootCheck: string;
    /** The table of `xl list` as printed, while the guest was running. */
    readonly table: string;
    readonly shutdownSeconds: number;
  };
  readonly guest: GuestStart & {
    readonly name: string;
    /** `uname -n -r`. */
    readonly system: string;
    /** The line of the root file system in its /etc/fstab. */
    readonly root: string;
    /** The line of its console in /etc/inittab. */
    readonly console: string;
  };
  readonly totalSeconds: number;
}

/**
 * Boots a whole system from its disk through firmware and GRUB, and holds it to three things: alone, root logs in, its compiler makes a program
 * that runs, and it shuts down cleanly; as dom0 of Xen, the toolstack is up after boot; and a fork of it runs as a PV guest of that dom0.
 *
 * @throws XlfsError `BOOT_FAILED` naming the step, with the last lines of the console it concerns; `INTERRUPTED`; `HOST_REQUIREMENT`.
 */
export async function lfsBootCheck(plan: LfsBootPlan, options: BootCheckOptions = {}): Promise<LfsBootReport> {
  const started = Date.now();
  const { transcript } = options;
  const named = (name: string): BootCheckOptions =>
    transcript === undefined ? options : { ...options, transcript: transcript.replace(/(\.log)?$/, `-${name}.log`) };
  const plain = await plainBoot(plan, named('plain'));
  const { accelerator, ...rest } = await dom0Boot(plan, named('dom0'));
  return { accelerator, plain, ...rest, totalSeconds: secondsSince(started) };
}

/** e2fsck calls a file system by its label. The line may come in pieces: only its end says that all of it is there. */
const ROOT_CHECK = new RegExp(`^(${LFS_LABELS[1]}: .*)\\n`, 'm');

async function plainBoot(plan: LfsBootPlan, options: BootCheckOptions): Promise<LfsBootReport['plain']> {
  const { onStep = () => undefined } = options;
  onStep('the system alone: firmware, GRUB, Linux');
  return await withMachine(plan, [plan.disk], options, async (machine, session) => {
    await machine.console.type(MENU_KEYS.plain);
    await logIn(session, plan.host.name, 240);
    const loginSeconds = secondsSince(machine.startedAt);
    await quiet(session);
    const system = (await session.run('uname -sr', 'the name of the kernel', 20)).output.trim();

    onStep('its compiler');
    const source = '#include <stdio.h>\\nint main(void) { return puts("made here") < 0; }\\n';
    const compiled = await session.run(
      `cd /tmp && printf '${source}' > made.c && gcc -O2 -o made made.c && ./made`,
      'a program that gcc makes',
      120,
    );

    onStep('its shutdown');
    return { loginSeconds, system, compiled: compiled.output.trim(), shutdownSeconds: await shutDown(machine, session, options) };
  });
}

async function dom0Boot(
  plan: LfsBootPlan,
  options: BootCheckOptions,
): Promise<Pick<LfsBootReport, 'accelerator' | 'dom0' | 'guest'>> {
  const { onStep = () => undefined } = options;
  const { host, guest } = plan;
  onStep('the same disk: firmware, GRUB, Xen, dom0');
  return await withMachine(plan, [plan.disk, guest.disk], options, async (machine, session) => {
    await machine.console.type(MENU_KEYS.xen);
    await session.waitFor(/\(XEN\)|Xen \d+\.\d+/, "Xen's first line", 60);
    // Written to by the plain boot, and unmounted.
    const [, rootCheck = ''] = await session.waitFor(ROOT_CHECK, 'a check of the root file system', 240);
    if (!/: clean,/.test(rootCheck))
      throw new XlfsError('BOOT_FAILED', `the plain boot left its root file system unclean: ${rootCheck}`);
    await logIn(session, host.name, 240);
    const loginSeconds = secondsSince(machine.startedAt);
    await quiet(session);
    // Nobody starts anything by hand: what is here now came from the boot scripts.
    await session.run('/etc/rc.d/init.d/xencommons status', 'xencommons, started at boot', 20);
    const before = (await session.run('xl list', 'xl list', 30)).output.trim();
    if (!parseDomainTable(before).some(({ name, id }) => name === 'Domain-0' && id === 0))
      throw new XlfsError('BOOT_FAILED', `xl list does not show Domain-0\n${indent(before)}`);

    onStep(`guest ${guest.name}, a fork of the system`);
    const { table, report } = await checkGuest(session, guest, host);

    onStep('shutdown of guest and dom0');
    await session.run(`xl shutdown ${guest.name} > /dev/null`, `xl shutdown of ${guest.name}`, 20);
    await waitUntilGone(session, guest.name, 120);
    const shutdownSeconds = await shutDown(machine, session, options);
    return { accelerator: machine.accelerator, dom0: { loginSeconds, rootCheck, table, shutdownSeconds }, guest: report };
  });
}

async function checkGuest(
  session: Session,
  guest: LfsGuest,
  host: HostDescription,
): Promise<{ table: string; report: LfsBootReport['guest'] }> {
  const { name } = guest;
  await session.run(`cat > /etc/xen/${name}.cfg << 'END'\n${guestConfig(guest, host)}END\n:`, `the configuration of ${name}`, 60);
  const place = { name, address: withoutPrefix(guest.address), bridge: host.bridge.name };
  const { seen, ...times } = await startGuest(session, place, { create: 120, ping: 240 }, async () => {
    const ask = async (command: string): Promise<string> => (await session.run(command, `${name}: ${command}`, 30)).output.trim();
    const table = await ask('xl list');
    const inside = await onGuestConsole(session, name, async () => ({
      system: await ask('uname -n -r'),
      root: await ask('grep " / " /etc/fstab'),
      console: await ask('grep "^[^#].*hvc0" /etc/inittab'),
      addresses: await ask('ip -brief address show dev eth0'),
    }));
    const { addresses, ...facts } = inside;
    if (!facts.system.startsWith(`${name} `) || !facts.root.startsWith('/dev/xvda1 ') || !addresses.includes(guest.address))
      throw new XlfsError('BOOT_FAILED', `${name} is not itself:\n${indent(Object.values(inside).join('\n'))}`);
    return { table, facts };
  });
  return { table: seen.table, report: { name, ...times, ...seen.facts } };
}

/** The kernel is the system's own; the disk is the second one of the machine. */
function guestConfig({ name, memory, disk }: LfsGuest, host: HostDescription): string {
  return write(
    pvGuest({
      name,
      memory,
      vcpus: 1,
      kernel: '/boot/vmlinuz-lfs',
      root: { device: '/dev/xvda1', access: 'ro' },
      disks: [blockDisk(`/dev/disk/by-id/virtio-${disk.serial}`, 'xvda1')],
      vifs: [bridgedVif(host.bridge.name, { mac: stableMac(name) })],
      set: { on_crash: 'destroy', device_model_version: 'qemu-xen' },
    }),
  );
}

async function withMachine<T>(
  { memory, cpus }: LfsBootPlan,
  disks: readonly MachineDisk[],
  options: BootCheckOptions,
  use: (machine: Machine, session: Session) => Promise<T>,
): Promise<T> {
  const plan: DiskMachinePlan = { boot: 'disk', memory, cpus, disks };
  const machine = await startMachine(plan, options);
  try {
    return await use(machine, new Session(machine, options.patience ?? 1, options.signal));
  } finally {
    await machine.stop();
  }
}

/** Messages of the kernel do not fall into what commands print, and lines are not cut at the edge of a screen. */
async function quiet(session: Session): Promise<void> {
  await session.run('stty cols 200; dmesg -n 1', 'a shell on the console', 30);
}

async function shutDown(machine: Machine, session: Session, { patience = 1 }: BootCheckOptions): Promise<number> {
  const begun = Date.now();
  await machine.console.type('shutdown -h now\n');
  await session.waitFor(/\[ ok \] root file system is clean/, 'a root file system that can be left', 120);
  await within(machine.ended, 60 * patience, 'the end of QEMU after the shutdown', machine.console);
  return secondsSince(begun);
}
