import { blockAndExt4, compressedWith, initialRamDisk, kernelCore, network, userland, type KernelCompression } from './base.ts';
import { features, type Feature } from './features.ts';
import { drivesMachine, serialConsole, xenOnServer, type Machine } from './machine.ts';
import { because, isKnownTo, isOfAllVersions, type RoleOption } from './option.ts';
import { backEnds, controlDomain, frontEnds, onXen } from './xen.ts';

/** `both` is one kernel that can be dom0 and a guest; `baremetal` one that knows nothing of Xen. */
export type Role = 'dom0' | 'domU' | 'both' | 'baremetal';

export interface RoleSettings {
  /** Hardware that dom0 (or a bare-metal kernel) drives. @default 'qemu' */
  readonly machine?: Machine;
  /** Replaces the role's default features, see `roleFeatures`. */
  readonly features?: readonly Feature[];
  /** @default 'gzip' */
  readonly compression?: KernelCompression;
  /** A version of Linux, such as `6.12`: what it does not know is left out. @default options of all versions are there */
  readonly kernel?: string;
  /** The suffix of `uname -r`. @default '-xen-dom0', '-xen-domU', '-xen', '' by role */
  readonly localVersion?: string;
}

/** The features a role has when none are named: what `xlfs up` needs for its hosts and guests. */
export const roleFeatures: Readonly<Record<Role, readonly Feature[]>> = {
  dom0: ['bridge', 'tun', 'loop', 'overlay'],
  domU: ['ipv6', 'overlay', 'ip-autoconfig'],
  both: ['bridge', 'tun', 'loop', 'overlay', 'ipv6', 'ip-autoconfig'],
  baremetal: ['ipv6', 'loop', 'overlay'],
};

/**
 * The options that make a kernel fit for a role, each with its reason, in reading order and each symbol once.
 *
 * They are wishes over a configuration that says no to everything else (`tinyconfig`, `allnoconfig`); what came of them
 * is for `verifyConfig` to tell.
 *
 * @throws Error if two parts of the settings want different values of one symbol (a fault of this package).
 */
export function roleOptions(role: Role, settings: RoleSettings = {}): readonly RoleOption[] {
  const { machine = 'qemu', compression = 'gzip', features: wanted = roleFeatures[role], kernel } = settings;
  const localVersion = settings.localVersion ?? defaultLocalVersion[role];
  const mayBeDom0 = role === 'dom0' || role === 'both';
  const mayBeDomU = role === 'domU' || role === 'both';
  const drivesHardware = role !== 'domU';

  const parts: (readonly RoleOption[])[] = [
    because('tells kernels of different roles apart', `LOCALVERSION=${JSON.stringify(localVersion)}`, 'LOCALVERSION_AUTO=n'),
    compressedWith(compression),
    wanted.includes('modules') ? [] : because('one file holds the whole kernel: nothing to install or to mismatch', 'MODULES=n'),
    kernelCore,
    userland,
    initialRamDisk,
    blockAndExt4,
    network,
    role === 'baremetal' ? [...because('the machine', 'ACPI', 'PCI', 'PCI_MSI'), ...serialConsole] : onXen,
    mayBeDom0 ? [...controlDomain, ...backEnds] : [],
    mayBeDom0 && machine === 'server' ? xenOnServer : [],
    mayBeDomU ? frontEnds : [],
    drivesHardware ? drivesMachine(machine) : [],
    ...wanted.flatMap((name) => {
      const { everywhere, inDom0 = [], inDomU = [] } = features[name];
      return [everywhere, mayBeDom0 ? inDom0 : [], mayBeDomU ? inDomU : []];
    }),
  ];
  return eachSymbolOnce(parts.flat().filter((option) => kernel === undefined || isKnownTo(kernel, option)));
}

const defaultLocalVersion: Readonly<Record<Role, string>> = { dom0: '-xen-dom0', domU: '-xen-domU', both: '-xen', baremetal: '' };

function eachSymbolOnce(options: readonly RoleOption[]): readonly RoleOption[] {
  const first = new Map<string, RoleOption>();
  for (const option of options) {
    const earlier = first.get(option.symbol);
    // What one part wants of some versions and another of all is wanted of all.
    if (earlier === undefined || isOfAllVersions(option)) first.set(option.symbol, option);
    if (earlier !== undefined && earlier.value !== option.value) {
      throw new Error(`${option.symbol} is wanted ${earlier.value} (${earlier.reason}) and ${option.value} (${option.reason})`);
    }
  }
  return [...first.values()];
}
