import { defineRecipe, type Recipe } from '@xlfs/core';
import { fragment, roleOptions, type RoleOption, type RoleSettings } from '@xlfs/kernel-config';
import { freestanding } from './freestanding.ts';

/** The newest of a long-term line that is carried by kernel.org and by Debian stable. */
const VERSION = '6.12.107';

/** What this package asks of a role beside its defaults. */
export interface LinuxOptions {
  /** Replaces the role's settings of ours; see `roleOptions` of @xlfs/kernel-config. */
  readonly settings?: RoleSettings;
  /** Wishes put over the role's, symbol by symbol. */
  readonly extra?: readonly RoleOption[];
}

/** Put over the roles: emulated and small hosts are where these kernels start most often. */
const quickToStart: readonly RoleOption[] = [
  { symbol: 'KERNEL_GZIP', value: 'n', reason: 'lz4 is the quickest to unpack, and libxenguest has it built in' },
  { symbol: 'KERNEL_LZ4', value: 'y', reason: 'lz4 is the quickest to unpack, and libxenguest has it built in' },
  { symbol: 'UNWINDER_GUESS', value: 'y', reason: 'no objtool run on each file and no unwind tables, which cost a megabyte' },
];

/** What a person at a machine without Xen has in front of them, and what udev and SysV init's scripts look for. */
const fullSystem: readonly RoleOption[] = [
  ...wish('ttyS0 as console without Xen', 'SERIAL_8250', 'SERIAL_8250_CONSOLE'),
  ...wish('a screen and a keyboard', 'VT', 'VT_CONSOLE', 'VGA_CONSOLE', 'INPUT', 'INPUT_KEYBOARD', 'SERIO', 'SERIO_I8042'),
  ...wish('the keyboard of a PC, and of QEMU', 'KEYBOARD_ATKBD'),
  ...wish('the power button asks for a shutdown', 'ACPI_BUTTON'),
  ...wish('the clock of the machine, which setclock reads', 'RTC_CLASS', 'RTC_HCTOSYS', 'RTC_DRV_CMOS'),
  ...wish("what udev's rules read of the machine and of SCSI disks", 'DMI', 'DMIID', 'BLK_DEV_BSG'),
];

function wish(reason: string, ...symbols: readonly string[]): RoleOption[] {
  return symbols.map((symbol) => ({ symbol, value: 'y', reason }));
}

/** One kernel for a whole system: on bare metal, as dom0, and as a guest. `/boot/vmlinuz-lfs`. */
export function linuxLfs({ settings, extra = [] }: LinuxOptions = {}): Recipe {
  return linux('lfs', {
    file: 'lfs',
    summary: 'Kernel of a whole system: on the machine itself, as dom0, and as guest',
    options: roleOptions('both', {
      features: ['bridge', 'tun', 'loop', 'ipv6'],
      localVersion: '-lfs',
      kernel: VERSION,
      ...settings,
    }),
    extra: [...fullSystem, ...extra],
    weight: 4.6,
  });
}

/** The kernel of dom0: `/boot/vmlinuz-xen-dom0`. */
export function linuxDom0({ settings, extra = [] }: LinuxOptions = {}): Recipe {
  return linux('dom0', {
    file: 'xen-dom0',
    weight: 4,
    summary: 'Kernel of dom0: controls Xen, drives the hardware, serves disks and network to guests',
    options: roleOptions('dom0', { features: ['bridge', 'tun', 'loop'], kernel: VERSION, ...settings }),
    extra,
  });
}

/** The kernel of guests, PV and PVH alike: `/boot/vmlinuz-xen-domu`. */
export function linuxDomU({ settings, extra = [] }: LinuxOptions = {}): Recipe {
  return linux('domu', {
    file: 'xen-domu',
    weight: 3.5,
    summary: 'Kernel of guests, PV and PVH alike',
    options: roleOptions('domU', { features: ['overlay'], kernel: VERSION, ...settings }),
    extra,
  });
}

interface Kernel {
  /** Behind `vmlinuz-` and `config-`. */
  readonly file: string;
  readonly weight: number;
  readonly summary: string;
  readonly options: readonly RoleOption[];
  readonly extra: readonly RoleOption[];
}

function linux(role: 'dom0' | 'domu' | 'lfs', { file, weight, summary, options, extra }: Kernel): Recipe {
  const bySymbol = new Map([...options, ...quickToStart, ...extra].map((option) => [option.symbol, option]));
  const wanted = [...bySymbol.values()];
  return defineRecipe({
    name: `linux-${role}`,
    version: VERSION,
    summary,
    license: 'GPL-2.0-only WITH Linux-syscall-note',
    homepage: 'https://www.kernel.org/',
    reference: 'LFS 12.3, 10.3 Linux; Documentation/admin-guide/README.rst of the kernel',
    sources: [
      {
        name: 'linux',
        version: VERSION,
        url: 'https://cdn.kernel.org/pub/linux/kernel/v6.x/linux-{version}.tar.xz',
        debian: { package: 'linux' },
      },
    ],
    needs: { tools: ['bc', 'flex', 'libelf', 'lz4'] },
    weight,
    files: {
      fragment: fragment(wanted),
      wanted: wanted.map(({ symbol, value }) => `CONFIG_${symbol} ${value}\n`).join(''),
      'verify.awk': VERIFY,
    },
    phases: freestanding([
      ...(role === 'domu' ? [{ name: 'patch', run: CLOCK_FROM_XEN }] : []),
      { name: 'configure', run: 'make KCONFIG_ALLCONFIG="$FILES/fragment" allnoconfig' },
      { name: 'verify', run: 'awk -f "$FILES/verify.awk" .config "$FILES/wanted"' },
      { name: 'build', run: 'make bzImage' },
      {
        name: 'install',
        run: `\
boot=\${DESTDIR:-}/boot
install -D -m 0644 arch/x86/boot/bzImage "$boot/vmlinuz-${file}"
install -m 0644 .config "$boot/config-${file}"`,
      },
    ]),
  });
}

/**
 * Linux asks Xen for the rate of the time stamp counter, but counts the processor's own against a PIT. A PVH guest has none, so that each of a hundred
 * thousand reads traps for nothing: six seconds of every start under emulation. The rate is the same; KVM's and VMware's guests take both from the host.
 */
const CLOCK_FROM_XEN = `\
sed -i 's/^\\tx86_platform.calibrate_tsc = xen_tsc_khz;$/&\\n\\tx86_platform.calibrate_cpu = xen_tsc_khz;/' arch/x86/xen/time.c
grep -q 'calibrate_cpu = xen_tsc_khz' arch/x86/xen/time.c`;

/** Every wish against the final .config; values may hold spaces, so lines are split once. */
const VERIFY = `\
FNR == 1 { file++ }
file == 1 && /^CONFIG_/ { at = index($0, "="); got[substr($0, 1, at - 1)] = substr($0, at + 1) }
file == 2 {
  symbol = $1
  wanted = substr($0, length(symbol) + 2)
  have = symbol in got ? got[symbol] : "n"
  if (have != wanted) {
    print symbol ": wanted " wanted ", got " have
    misses++
  }
}
END {
  if (misses) {
    print misses " of the wanted options did not come out as wanted: a dependency is missing, or the tree has no such option"
    exit 1
  }
}
`;
