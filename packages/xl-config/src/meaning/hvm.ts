import type { Fields } from '../libxl/json.ts';
import type { DomainConfig } from '../schema/schema.ts';
import { VIRIDIAN_GROUPS } from '../schema/special-kinds.ts';
import { sdlToLibxl, vncToLibxl } from '../specs/framebuffer.ts';
import { tooManyOem } from '../specs/pairs.ts';
import { kilobytes, maybeInt } from './numbers.ts';
import { screenOf } from './screen.ts';
import type { Verdict } from './verdict.ts';

/** Below 4 GiB the gap for devices has at least this many bytes, and at most that many. */
const MMIO_HOLE = [0x10000000n, 0xf0000000n] as const;

/** What only hvm guests have. */
export function hvmFields(config: DomainConfig, verdict: Verdict): Fields {
  const hole = kilobytes(config.mmio_hole);
  if (
    hole !== undefined &&
    (BigInt.asUintN(64, hole * 1024n) < MMIO_HOLE[0] || BigInt.asUintN(64, hole * 1024n) > MMIO_HOLE[1])
  ) {
    verdict.refuse(
      'OUT_OF_RANGE',
      'mmio_hole',
      `mmio_hole is out of range: ${String(config.mmio_hole)}`,
      'Give 256 to 3840 MiB.',
    );
  }
  if (config.smbios !== undefined && tooManyOem(config.smbios))
    verdict.refuse('OUT_OF_RANGE', 'smbios', 'smbios holds at most 99 oem strings', 'Remove some.');
  if (config.vnclisten?.includes(':') === true && Number(config.vncdisplay ?? 0) !== 0) {
    verdict.refuse('CONFLICT', 'vncdisplay', 'the display is in vnclisten and in vncdisplay', 'Give it once.');
  }
  if (config.bios === undefined && config.bios_path_override !== undefined)
    verdict.warn('MISSING', 'bios_path_override', 'bios_path_override without bios', 'Say which bios it is.');
  const screen = screenOf(config);
  return {
    ...firmware(config),
    ...platform(config, hole),
    smbios: config.smbios?.map(({ key, value }) => ({ key, value })),
    hdtype: config.hdtype,
    nographic: config.nographic,
    vga: { kind: graphicsCard(config) },
    vnc: vncToLibxl(screen),
    sdl: sdlToLibxl(screen),
    keymap: config.keymap,
    spice: spice(config),
    ...passedGraphics(config),
    serial: typeof config.serial === 'string' ? config.serial : undefined,
    serial_list: typeof config.serial === 'string' ? undefined : config.serial,
    boot: config.boot,
    usb: config.usb,
    usbversion: maybeInt(config.usbversion),
    usbdevice: typeof config.usbdevice === 'string' ? config.usbdevice : undefined,
    usbdevice_list: typeof config.usbdevice === 'string' ? undefined : config.usbdevice,
    vkb_device: config.vkb_device,
    soundhw: config.soundhw,
    xen_platform_pci: config.xen_platform_pci,
    xen_platform_pci_bar_uc: config.xen_platform_pci_bar_uc,
    vendor_device: config.vendor_device,
    // xl fills in random bytes; zeros stand for them here, as nothing that could be repeated.
    ms_vm_genid: config.ms_vm_genid === 'generate' ? Array.from({ length: 16 }, () => 0) : undefined,
    rdm: rdm(config),
    rdm_mem_boundary_memkb: kilobytes(config.rdm_mem_boundary),
    mca_caps: config.mca_caps !== undefined && config.mca_caps.length > 0 ? 1n : undefined,
    pirq: config.hvm_pirq,
  };
}

/** `firmware` names a BIOS, stands for the usual ones, or is the path of a replacement of hvmloader. */
function firmware(config: DomainConfig): Fields {
  const fields = {
    firmware: config.firmware_override,
    bios: config.bios as string | undefined,
    system_firmware: config.bios_path_override,
  };
  const given = config.firmware;
  if (given === undefined) return fields;
  if (['unknown', 'rombios', 'seabios', 'ovmf'].includes(given.toLowerCase())) return { ...fields, bios: given.toLowerCase() };
  if ('uefi'.startsWith(given)) return { ...fields, bios: 'ovmf' };
  return 'bios'.startsWith(given) ? fields : { ...fields, firmware: given };
}

function platform(config: DomainConfig, hole: bigint | undefined): Fields {
  return {
    pae: config.pae,
    acpi_s3: config.acpi_s3,
    acpi_s4: config.acpi_s4,
    acpi_laptop_slate: config.acpi_laptop_slate,
    nx: config.nx,
    hpet: config.hpet,
    vpt_align: config.vpt_align,
    ...viridian(config.viridian),
    mmio_hole_memkb: hole,
    altp2m: config.altp2mhvm,
    smbios_firmware: config.smbios_firmware,
    acpi_firmware: config.acpi_firmware,
  };
}

/** Bits of the 64 that libxl reserves; `all` sets every one, known or not. */
function viridian(value: DomainConfig['viridian']): Fields {
  if (value === undefined || typeof value === 'boolean') return { viridian: value };
  const enable = new Set<number>();
  const disable = new Set<number>();
  for (const group of value) {
    if (group === 'all') for (let bit = 0; bit < 64; bit++) enable.add(bit);
    else if (group !== 'defaults') {
      const bit = VIRIDIAN_GROUPS.indexOf(group.replace(/^!/, '').toLowerCase());
      const [set, reset] = group.startsWith('!') ? [disable, enable] : [enable, disable];
      set.add(bit);
      reset.delete(bit);
    }
  }
  const list = (bits: Set<number>): number[] => [...bits].sort((a, b) => a - b);
  return {
    viridian: value.includes('defaults') ? true : undefined,
    viridian_enable: list(enable),
    viridian_disable: list(disable),
  };
}

function graphicsCard({ vga, stdvga }: DomainConfig): string | undefined {
  if (vga !== undefined) return vga === 'stdvga' ? 'std' : vga;
  return stdvga === undefined ? undefined : stdvga ? 'std' : 'cirrus';
}

function passedGraphics({ gfx_passthru: value }: DomainConfig): Fields {
  if (typeof value !== 'string') return { gfx_passthru: value };
  return { gfx_passthru: true, gfx_passthru_kind: value };
}

function spice(config: DomainConfig): Fields {
  return {
    enable: config.spice,
    port: maybeInt(config.spiceport),
    tls_port: maybeInt(config.spicetls_port),
    host: config.spicehost,
    disable_ticketing: config.spicedisable_ticketing,
    passwd: config.spicepasswd,
    agent_mouse: config.spiceagent_mouse,
    vdagent: config.spicevdagent,
    clipboard_sharing: config.spice_clipboard_sharing,
    usbredirection: maybeInt(config.spiceusbredirection),
    image_compression: config.spice_image_compression,
    streaming_video: config.spice_streaming_video,
  };
}

/** A policy makes libxlu drop the key, see {@link Rdm}. */
function rdm({ rdm: value }: DomainConfig): Fields {
  return value === undefined || value.policy !== undefined ? {} : { strategy: value.strategy };
}
