import { accessSync, constants, readFileSync } from 'node:fs';

/** `kvm` runs on the processor itself, `tcg` emulates it. */
export type Accelerator = 'kvm' | 'tcg';

/** A disk of the machine; dom0 finds it as `/dev/disk/by-id/virtio-<serial>`. */
export interface MachineDisk {
  /** Image file. */
  readonly file: string;
  readonly format: 'raw' | 'qcow2';
  /** At most 20 characters. */
  readonly serial: string;
}

interface Hardware {
  /** MiB of the whole machine. */
  readonly memory: number;
  readonly cpus: number;
  readonly disks: readonly MachineDisk[];
}

/** A machine that boots as one on a desk does: its firmware starts what is on the first disk. It has a screen, too, which nobody sees. */
export interface DiskMachinePlan extends Hardware {
  readonly boot: 'disk';
}

/** A machine that is handed Xen and dom0 in memory: everything that such a boot needs, as paths and numbers. */
export interface MachinePlan extends Hardware {
  /** Xen as uncompressed ELF: QEMU's multiboot loader takes no xen.gz. */
  readonly xen: string;
  /** dom0's kernel. */
  readonly kernel: string;
  readonly initramfs: string;
  /** MiB of dom0. */
  readonly dom0Memory: number;
  /** Put behind dom0's own command line. */
  readonly dom0Arguments?: readonly string[];
  /** Put behind Xen's own command line. */
  readonly xenArguments?: readonly string[];
}

/**
 * Under KVM the guest sees the processor of the host. `max` under emulation has a floating-point state that a PV dom0 cannot set up;
 * svm and npt make PVH guests possible on the small `qemu64`; without rdrand dom0 has no randomness for its first minute, and libuuid, which `xl create`
 * asks for a UUID, waits two seconds for some.
 */
const PROCESSOR: Readonly<Record<Accelerator, string>> = { kvm: 'host', tcg: 'qemu64,+svm,+npt,+rdrand' };

/** Mitigations guard real processors; an emulated one only gets slower by them. */
const WITHOUT_MITIGATIONS: Readonly<Record<Accelerator, { xen: string[]; linux: string[] }>> = {
  kvm: { xen: [], linux: [] },
  tcg: { xen: ['spec-ctrl=no', 'xpti=no', 'pv-l1tf=no'], linux: ['mitigations=off'] },
};

/** The arguments of `qemu-system-x86_64` that boot a plan, with the serial line on its standard streams. */
export function qemuArguments(plan: MachinePlan | DiskMachinePlan, accelerator: Accelerator): string[] {
  return [
    ...['-machine', `q35,accel=${accelerator}`, '-cpu', PROCESSOR[accelerator]],
    ...['-m', String(plan.memory), '-smp', String(plan.cpus)],
    // No device but those named here: each one costs the firmware and dom0 a probe.
    ...['-nodefaults', '-display', 'none', '-monitor', 'none', '-no-reboot', '-serial', 'stdio'],
    ...('boot' in plan ? ['-device', 'VGA'] : inMemory(plan, accelerator)),
    ...plan.disks.flatMap(({ file, format, serial }, index) => [
      ...['-drive', `if=none,id=disk${String(index)},format=${format},file=${escapeComma(file)}`],
      ...[
        '-device',
        `virtio-blk-pci,drive=disk${String(index)},serial=${serial}${'boot' in plan ? `,bootindex=${String(index)}` : ''}`,
      ],
    ]),
  ];
}

/** Xen as the kernel, dom0's kernel and its initramfs as Xen's modules. */
function inMemory(plan: MachinePlan, accelerator: Accelerator): string[] {
  const xen = [
    'console=com1',
    'com1=115200,8n1,0x3f8,0',
    `dom0_mem=${String(plan.dom0Memory)}M,max:${String(plan.dom0Memory)}M`,
    'dom0_max_vcpus=1',
  ];
  const extra = WITHOUT_MITIGATIONS[accelerator];
  const linux = ['console=hvc0', 'rdinit=/init', 'quiet', 'loglevel=4', 'panic=1', 'tsc=reliable', 'swiotlb=2048'];
  return [
    ...['-kernel', plan.xen],
    ...[
      '-append',
      [...xen, 'bootscrub=0', 'loglvl=warning', 'guest_loglvl=error', ...extra.xen, ...(plan.xenArguments ?? [])].join(' '),
    ],
    ...[
      '-initrd',
      `${escapeComma(plan.kernel)} ${[...linux, ...extra.linux, ...(plan.dom0Arguments ?? [])].join(' ')},${escapeComma(plan.initramfs)}`,
    ],
  ];
}

/** QEMU's option syntax doubles a comma that is meant. */
function escapeComma(path: string): string {
  return path.replaceAll(',', ',,');
}

/**
 * Whether this machine can run Xen under KVM. A /dev/kvm alone says little: where the processor shows neither vmx nor svm, the firmware
 * still starts and Xen then dies early.
 */
export function kvmUsable(cpuinfo = readText('/proc/cpuinfo'), hasDevice = usable('/dev/kvm')): boolean {
  return hasDevice && /^flags\s*:.*\b(?:vmx|svm)\b/m.test(cpuinfo);
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}

function usable(path: string): boolean {
  try {
    accessSync(path, constants.R_OK | constants.W_OK);
    return true;
  } catch {
    return false;
  }
}
