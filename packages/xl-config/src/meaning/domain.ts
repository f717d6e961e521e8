import { structJson, type Fields, type LibxlObject } from '../libxl/json.ts';
import type { Finding } from '../problem.ts';
import type { GuestType } from '../schema/kind.ts';
import { isRead, specOf, type DomainConfig } from '../schema/schema.ts';
import { p9ToLibxl, pvcallsToLibxl, vtpmToLibxl } from '../specs/backends.ts';
import { channelToLibxl } from '../specs/channel.ts';
import { diskToLibxl } from '../specs/disk.ts';
import { displayToLibxl } from '../specs/display.ts';
import { framebufferToLibxl, type Framebuffer } from '../specs/framebuffer.ts';
import { keyboardToLibxl } from '../specs/keyboard.ts';
import { pciToLibxl } from '../specs/pci.ts';
import { soundCardToLibxl } from '../specs/sound.ts';
import { usbControllerToLibxl, usbDeviceToLibxl } from '../specs/usb.ts';
import { vifToLibxl } from '../specs/vif.ts';
import { virtioToLibxl } from '../specs/virtio.ts';
import { atLeast, type XenVersion } from '../versions.ts';
import { buildInfo } from './build.ts';
import type { Environment } from './environment.ts';
import { screenOf } from './screen.ts';
import { Verdict } from './verdict.ts';

/** libxl's view of a configuration, and what xl says on the way. An `error` among the findings means that xl ends. */
export interface Domain {
  readonly findings: readonly Finding[];
  /** Worked out when it is asked for. */
  readonly json: () => LibxlObject;
}

/** Puts `libxl_domain_config` together as xl_parse.c does, from values that are each readable. */
export function domainOf(whole: DomainConfig, xen: XenVersion, environment: Environment): Domain {
  const type = guestTypeOf(whole);
  const config = readPart(whole, type, xen);
  const verdict = new Verdict();
  const build = buildInfo(config, type, xen, environment, verdict);
  const fields = (): Fields => ({
    c_info: createInfo(config, type),
    b_info: build,
    ...devices(config, type, xen),
    on_poweroff: action(config.on_poweroff, 'destroy'),
    on_reboot: action(config.on_reboot, 'restart'),
    on_watchdog: action(config.on_watchdog, 'destroy'),
    on_crash: action(config.on_crash, 'destroy'),
    on_soft_reset: action(config.on_soft_reset, 'soft-reset'),
  });
  if (config.device_model_override !== undefined && config.device_model_version === undefined) {
    verdict.warn(
      'MISSING',
      'device_model_override',
      'device_model_override without device_model_version',
      'Add device_model_version = "qemu-xen".',
    );
  }
  return { json: () => structJson('domain_config', fields(), xen), findings: verdict.findings };
}

export function guestTypeOf({ type, builder }: DomainConfig): GuestType {
  return builder === undefined ? (type ?? 'pv') : builder === 'generic' ? 'pv' : 'hvm';
}

/** The configuration without what this release's xl does not read for this type of guest. */
function readPart(config: DomainConfig, type: GuestType, xen: XenVersion): DomainConfig {
  const part: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(config)) {
    const spec = specOf(name);
    // A pv guest is refused because of its timer_mode, so xl does look at it.
    if (value !== undefined && spec !== undefined && (isRead(spec, type, xen) || name === 'timer_mode')) part[name] = value;
  }
  return part as unknown as DomainConfig;
}

function createInfo(config: DomainConfig, type: GuestType): Fields {
  return {
    type,
    hap: config.hap,
    oos: config.oos,
    ssid_label: config.init_seclabel ?? config.seclabel,
    name: config.name,
    uuid: config.uuid,
    pool_name: config.pool,
    run_hotplug_scripts: true,
    driver_domain: config.driver_domain,
    passthrough: config.passthrough,
    xend_suspend_evtchn_compat: config.xend_suspend_evtchn_compat,
  };
}

function devices(config: DomainConfig, type: GuestType, xen: XenVersion): Fields {
  const framebuffers = framebuffersOf(config, type);
  return {
    disks: config.disk?.map(diskToLibxl),
    nics: config.vif?.map(vifToLibxl),
    pcidevs: pciDevices(config, type),
    dtdevs: config.dtdev?.map((path) => ({ path })),
    vfbs: framebuffers.map(framebufferToLibxl),
    // Each framebuffer brings a keyboard.
    vkbs: [
      ...framebuffers.map((_, index) => ({ devid: index })),
      ...(config.vkb ?? []).map((keyboard, index) => keyboardToLibxl(keyboard, framebuffers.length + index)),
    ],
    virtios: config.virtio?.map(virtioToLibxl),
    vtpms: config.vtpm?.map(vtpmToLibxl),
    p9s: config.p9?.map((p9) => p9ToLibxl(p9, config.name)),
    pvcallsifs: config.pvcalls?.map(pvcallsToLibxl),
    vdispls: config.vdispl?.map(displayToLibxl),
    vsnds: config.vsnd?.map(soundCardToLibxl),
    channels: config.channel?.map((channel, index) => channelToLibxl(channel, index, !atLeast(xen, '4.18'))),
    usbctrls: config.usbctrl?.map(usbControllerToLibxl),
    usbdevs: config.usbdev?.map(usbDeviceToLibxl),
  };
}

/** Without `vfb`, the VNC keys make one for a pv guest. */
function framebuffersOf(config: DomainConfig, type: GuestType): readonly Framebuffer[] {
  const own = config.vfb ?? [];
  if (type !== 'pv' || own.length > 0 || config.vnc !== true) return own;
  return [{ ...screenOf(config), ...(config.keymap === undefined ? {} : { keymap: config.keymap }) }];
}

function pciDevices(config: DomainConfig, type: GuestType): Fields[] | undefined {
  const on = (value: number | bigint | undefined): boolean => value !== undefined && BigInt.asIntN(32, BigInt(value)) !== 0n;
  const shared = {
    permissive: on(config.pci_permissive),
    msitranslate: on(config.pci_msitranslate),
    seize: on(config.pci_seize),
    power_mgmt: on(config.pci_power_mgmt),
    // Only hvm guests have an initial policy; for the others xl reads a zero, which is strict.
    rdm_policy: type === 'hvm' ? 'invalid' : 'strict',
  };
  return config.pci?.map((pci) => pciToLibxl(pci, shared));
}

function action(value: string | undefined, initial: string): string {
  return (value ?? initial).replaceAll('-', '_').replace('rename_restart', 'restart_rename');
}
