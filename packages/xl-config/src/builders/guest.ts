import type { DomainConfig } from '../schema/schema.ts';
import type { Disk } from '../specs/disk.ts';
import type { Vif } from '../specs/vif.ts';
import { commandLine, type CommandLine } from './cmdline.ts';

interface Guest {
  readonly name: string;
  /** MiB. */
  readonly memory: number;
  /** @default 1 */
  readonly vcpus?: number;
  readonly disks?: readonly Disk[];
  readonly vifs?: readonly Vif[];
  /** Any further key of xl.cfg; wins over what the builder sets. */
  readonly set?: Partial<DomainConfig>;
}

/** The toolstack loads the kernel itself. */
export interface DirectKernel extends CommandLine {
  readonly kernel: string;
  readonly ramdisk?: string;
}

/** A boot loader in dom0 reads the kernel from the guest's first disk. */
export interface BootLoader {
  /** `pygrub`, or a path. */
  readonly bootloader: string;
  readonly bootloader_args?: readonly string[];
}

export type ParavirtualGuest = Guest & (DirectKernel | BootLoader);
/** Without a kernel the guest's firmware boots from disk, CD or network. */
export type EmulatedGuest = Guest & (DirectKernel | { readonly boot?: string });

/** A PV guest: no hardware virtualisation needed. */
export function pvGuest(guest: ParavirtualGuest): DomainConfig {
  return { ...common(guest, 'pv'), ...start(guest), ...guest.set };
}

/** A PVH guest: hardware virtualisation without emulated devices. */
export function pvhGuest(guest: ParavirtualGuest): DomainConfig {
  return { ...common(guest, 'pvh'), ...start(guest), ...guest.set };
}

/** An HVM guest with a serial console on a pty and without a graphical one. */
export function hvmGuest(guest: EmulatedGuest): DomainConfig {
  const boot = 'kernel' in guest ? start({ console: 'ttyS0', ...guest }) : { boot: guest.boot ?? 'cd' };
  return { ...common(guest, 'hvm'), ...boot, serial: 'pty', vnc: false, nographic: true, ...guest.set };
}

function common(guest: Guest, type: 'pv' | 'pvh' | 'hvm'): DomainConfig {
  return {
    name: guest.name,
    type,
    memory: guest.memory,
    vcpus: guest.vcpus ?? 1,
    ...(guest.disks === undefined || guest.disks.length === 0 ? {} : { disk: guest.disks }),
    ...(guest.vifs === undefined || guest.vifs.length === 0 ? {} : { vif: guest.vifs }),
  };
}

function start(how: DirectKernel | BootLoader): Partial<DomainConfig> {
  if ('bootloader' in how) {
    return { bootloader: how.bootloader, ...(how.bootloader_args === undefined ? {} : { bootloader_args: how.bootloader_args }) };
  }
  const cmdline = commandLine(how);
  return {
    kernel: how.kernel,
    ...(how.ramdisk === undefined ? {} : { ramdisk: how.ramdisk }),
    ...(cmdline === '' ? {} : { cmdline }),
  };
}
