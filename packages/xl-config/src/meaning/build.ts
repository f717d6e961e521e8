import type { Fields, FieldValue } from '../libxl/json.ts';
import type { GuestType } from '../schema/kind.ts';
import type { DomainConfig } from '../schema/schema.ts';
import { iomemToLibxl, colorsToLibxl, portsToLibxl } from '../specs/ranges.ts';
import type { XenVersion } from '../versions.ts';
import type { Environment } from './environment.ts';
import { hvmFields } from './hvm.ts';
import { kilobytes, maybeInt, maybeUint32 } from './numbers.ts';
import { processorFields } from './processors.ts';
import type { Verdict } from './verdict.ts';

/** `libxl_domain_build_info`: everything about the guest except its identity and devices. */
export function buildInfo(
  config: DomainConfig,
  type: GuestType,
  xen: XenVersion,
  environment: Environment,
  verdict: Verdict,
): Fields {
  const kernel = kernelOf(config, type, environment, verdict);
  return {
    ...processorFields(config, xen, environment, verdict),
    type,
    claim_mode: true,
    target_memkb: kilobytes(config.memory),
    video_memkb: kilobytes(config.videoram),
    shadow_memkb: kilobytes(config.shadow_memory),
    rtc_timeoffset: maybeUint32(config.rtc_timeoffset),
    exec_ssid_label: config.init_seclabel === undefined ? undefined : config.seclabel,
    localtime: config.localtime,
    disable_migrate: config.nomigrate,
    max_grant_frames: maybeUint32(config.max_grant_frames),
    max_maptrack_frames: maybeUint32(config.max_maptrack_frames),
    max_grant_version: maybeInt(config.max_grant_version),
    event_channels: maybeUint32(config.max_event_channels),
    ...deviceModel(config),
    ioports: config.ioports?.map(portsToLibxl),
    irqs: config.irqs,
    iomem: config.iomem?.map(iomemToLibxl),
    llc_colors: colorsOf(config, verdict),
    kernel,
    cmdline: commandLineOf(config, verdict),
    ramdisk: config.ramdisk,
    device_tree: config.device_tree,
    acpi: config.acpi,
    ...bootLoader(config),
    tsc_mode: config.tsc_mode,
    timer_mode: config.timer_mode,
    nested_hvm: config.nestedhvm,
    apic: type === 'hvm' ? config.apic : undefined,
    tee: config.tee,
    altp2m: config.altp2m,
    altp2m_count: maybeUint32(config.altp2m_count),
    vmtrace_buf_kb: maybeInt(config.vmtrace_buf_kb),
    vpmu: config.vpmu,
    trap_unmapped_accesses: config.trap_unmapped_accesses,
    xenstore_feature_mask: maybeUint32(config.xenstore_feature_mask),
    xenstore_quota: { quota: config.xenstore_quota?.map(({ name, value }) => ({ name, val: value })) },
    u: typeFields(config, type, verdict),
    arch_arm: {
      gic_version: config.gic_version,
      vuart: config.vuart,
      sve_vl: config.sve,
      nr_spis: maybeUint32(config.nr_spis),
      arm_sci: { type: config.arm_sci },
    },
    arch_x86: { msr_relaxed: config.msr_relaxed },
  };
}

function typeFields(config: DomainConfig, type: GuestType, verdict: Verdict): Fields {
  if (type === 'hvm') return hvmFields(config, verdict);
  if (config.timer_mode !== undefined && type === 'pv')
    verdict.refuse('CONFLICT', 'timer_mode', 'timer_mode is not for pv guests', 'Remove the key.');
  if (type === 'pv') return { e820_host: (config.pci ?? []).length > 0 ? true : config.e820_host };
  return {
    pvshim: config.pvshim,
    pvshim_path: config.pvshim_path,
    pvshim_cmdline: config.pvshim_cmdline,
    pvshim_extra: config.pvshim_extra,
  };
}

/** The kernel's path; firmware of pv and pvh guests stands for one. */
function kernelOf(config: DomainConfig, type: GuestType, environment: Environment, verdict: Verdict): FieldValue {
  const { kernel, firmware, bootloader } = config;
  if (type === 'hvm') {
    if (kernel === undefined || kernel.slice(kernel.lastIndexOf('/') + 1) !== 'hvmloader') return kernel;
    verdict.warn(
      'DEPRECATED',
      'kernel',
      'xl ignores hvmloader as the kernel',
      'Write firmware_override, if it is needed at all.',
    );
    return undefined;
  }
  if (firmware === undefined) {
    if (kernel === undefined && bootloader === undefined) {
      verdict.refuse(
        'MISSING',
        'kernel',
        `a ${type} guest needs a kernel, a bootloader or firmware`,
        'Add kernel = "…", or bootloader = "pygrub".',
      );
    }
    return kernel;
  }
  if (kernel !== undefined) verdict.refuse('CONFLICT', 'firmware', 'both kernel and firmware are given', 'Remove one of them.');
  else if (!'pvgrub32'.startsWith(firmware) && !'pvgrub64'.startsWith(firmware)) {
    verdict.refuse(
      'BAD_VALUE',
      'firmware',
      `firmware of a ${type} guest is pvgrub32 or pvgrub64: ${JSON.stringify(firmware)}`,
      'Write kernel for a path.',
    );
  }
  return `${environment.firmware}/${firmware}.bin`;
}

/** More than any cache has; beyond it xl would fill its memory with them. */
const MOST_COLORS = 1 << 20;

function colorsOf({ llc_colors: ranges = [] }: DomainConfig, verdict: Verdict): number[] {
  const count = ranges.reduce((sum, { first, last }) => sum + (last - first + 1), 0);
  if (count <= MOST_COLORS) return colorsToLibxl(ranges);
  verdict.refuse('OUT_OF_RANGE', 'llc_colors', `llc_colors names ${count} colours`, 'Give as many as the cache has.');
  return [];
}

/** `cmdline` alone, or `root` and `extra` together. */
function commandLineOf({ cmdline, root, extra }: DomainConfig, verdict: Verdict): string | undefined {
  if (cmdline !== undefined) {
    const shadowed = root === undefined ? (extra === undefined ? undefined : 'extra') : 'root';
    if (shadowed !== undefined)
      verdict.warn('SHADOWED', shadowed, 'root and extra are ignored beside cmdline', 'Put everything into cmdline.');
    return cmdline;
  }
  const words = [...(root === undefined ? [] : [`root=${root}`]), ...(extra === undefined ? [] : [extra])];
  return words.length === 0 ? undefined : words.join(' ');
}

function bootLoader({ bootloader, bootloader_args: args, bootloader_restrict, bootloader_user }: DomainConfig): Fields {
  const list = typeof args === 'string' ? args.split(/[ \t\n]+/).filter((word) => word !== '') : args;
  return { bootloader, bootloader_args: list, bootloader_restrict, bootloader_user };
}

const MODEL_VERSIONS = { 'qemu-xen': 'qemu_xen', 'qemu-xen-traditional': 'qemu_xen_traditional' } as const;

function deviceModel(config: DomainConfig): Fields {
  return {
    device_model_version: config.device_model_version === undefined ? undefined : MODEL_VERSIONS[config.device_model_version],
    device_model_stubdomain: config.device_model_stubdomain_override,
    stubdomain_memkb: kilobytes(config.stubdomain_memory),
    stubdomain_kernel: config.stubdomain_kernel,
    stubdomain_cmdline: config.stubdomain_cmdline,
    stubdomain_ramdisk: config.stubdomain_ramdisk,
    device_model: config.device_model_override,
    device_model_ssid_label: config.device_model_stubdomain_seclabel,
    device_model_user: config.device_model_user,
    extra: config.device_model_args,
    extra_pv: config.device_model_args_pv,
    extra_hvm: config.device_model_args_hvm,
    dm_restrict: config.dm_restrict,
  };
}
