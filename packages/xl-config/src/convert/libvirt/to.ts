import { guestTypeOf } from '../../meaning/domain.ts';
import type { GuestType } from '../../schema/kind.ts';
import type { DomainConfig } from '../../schema/schema.ts';
import type { Disk } from '../../specs/disk.ts';
import type { Framebuffer } from '../../specs/framebuffer.ts';
import type { Vif } from '../../specs/vif.ts';
import type { Conversion, Loss } from '../report.ts';
import { formatXml, type Markup } from './xml.ts';

/** Keys that libvirt's XML can say. */
const CARRIED = new Set(
  'name type builder uuid memory maxmem vcpus maxvcpus cpus kernel ramdisk cmdline root extra bootloader bootloader_args boot bios acpi apic pae hap viridian localtime on_poweroff on_reboot on_crash disk vif pci vfb vnc vnclisten vncpasswd vncdisplay vncunused keymap vga serial'.split(
    ' ',
  ),
);

/** libvirt's domain XML for a configuration; what the common subset lacks is reported. */
export function toLibvirt(config: DomainConfig): Conversion<string> {
  const type = guestTypeOf(config);
  const losses: Loss[] = Object.keys(config)
    .filter((key) => !CARRIED.has(key))
    .map((what) => ({ what, why: 'libvirt has no counterpart, or this converter does not know it' }));
  const most = config.maxmem ?? config.memory;
  const domain: Markup = {
    name: 'domain',
    attributes: { type: 'xen' },
    content: [
      { name: 'name', content: config.name },
      optional('uuid', config.uuid),
      most === undefined ? undefined : { name: 'memory', attributes: { unit: 'MiB' }, content: String(most) },
      config.memory === undefined
        ? undefined
        : { name: 'currentMemory', attributes: { unit: 'MiB' }, content: String(config.memory) },
      processors(config),
      optional('bootloader', config.bootloader),
      optional(
        'bootloader_args',
        Array.isArray(config.bootloader_args) ? config.bootloader_args.join(' ') : (config.bootloader_args as string | undefined),
      ),
      boot(config, type),
      features(config),
      { name: 'clock', attributes: { offset: config.localtime === true ? 'localtime' : 'utc' } },
      ...(['on_poweroff', 'on_reboot', 'on_crash'] as const).map((key) => optional(key, config[key])),
      { name: 'devices', content: devices(config, type, losses) },
    ],
  };
  return { result: formatXml(domain), losses };
}

function optional(name: string, content: string | number | undefined): Markup | undefined {
  return content === undefined ? undefined : { name, content };
}

function processors(config: DomainConfig): Markup | undefined {
  const most = config.maxvcpus ?? config.vcpus;
  if (most === undefined) return undefined;
  const now = config.vcpus ?? most;
  return {
    name: 'vcpu',
    attributes: {
      cpuset: typeof config.cpus === 'string' ? config.cpus : undefined,
      current: now === most ? undefined : String(now),
    },
    content: String(most),
  };
}

function boot(config: DomainConfig, type: GuestType): Markup {
  const cmdline =
    config.cmdline ??
    ([config.root === undefined ? '' : `root=${config.root}`, config.extra ?? ''].filter((part) => part !== '').join(' ') ||
      undefined);
  const orders: Readonly<Record<string, string>> = { a: 'fd', c: 'hd', d: 'cdrom', n: 'network' };
  return {
    name: 'os',
    content: [
      {
        name: 'type',
        attributes: { arch: 'x86_64', machine: type === 'hvm' ? 'xenfv' : type === 'pvh' ? 'xenpvh' : 'xenpv' },
        content: type === 'hvm' ? 'hvm' : type === 'pvh' ? 'xenpvh' : 'linux',
      },
      optional('kernel', config.kernel),
      optional('initrd', config.ramdisk),
      optional('cmdline', cmdline),
      ...(type === 'hvm'
        ? [...(config.boot ?? '')].flatMap((letter) =>
            orders[letter] === undefined ? [] : [{ name: 'boot', attributes: { dev: orders[letter] } }],
          )
        : []),
    ],
  };
}

function features(config: DomainConfig): Markup | undefined {
  const on = (['acpi', 'apic', 'pae'] as const).filter((key) => config[key] === true).map((name): Markup => ({ name }));
  const hap: Markup[] = config.hap === undefined ? [] : [{ name: 'hap', attributes: { state: config.hap ? 'on' : 'off' } }];
  const hyperv: Markup[] = config.viridian === undefined || config.viridian === false ? [] : [{ name: 'hyperv' }];
  const content = [...on, ...hap, ...hyperv];
  return content.length === 0 ? undefined : { name: 'features', content };
}

function devices(config: DomainConfig, type: GuestType, losses: Loss[]): Markup[] {
  const screen: Framebuffer | undefined = type === 'pv' ? config.vfb?.[0] : (config as unknown as Framebuffer);
  const cards: Readonly<Record<string, string>> = { stdvga: 'vga', cirrus: 'cirrus', qxl: 'qxl', none: 'none' };
  return [
    ...(config.disk ?? []).map((disk) => diskMarkup(disk, losses)),
    ...(config.vif ?? []).map((vif) => vifMarkup(vif, losses)),
    ...(config.pci ?? []).flatMap((pci) => pciMarkup(pci.bdf, losses)),
    ...(screen?.vnc === true ? [graphics(screen)] : []),
    ...(type === 'hvm' && config.vga !== undefined
      ? [{ name: 'video', content: [{ name: 'model', attributes: { type: cards[config.vga] } }] }]
      : []),
    ...(config.serial === 'pty' ? [{ name: 'serial', attributes: { type: 'pty' } }] : []),
    {
      name: 'console',
      attributes: { type: 'pty' },
      content: [{ name: 'target', attributes: { type: config.serial === 'pty' ? 'serial' : 'xen' } }],
    },
  ];
}

function diskMarkup(disk: Disk, losses: Loss[]): Markup {
  const block = disk.target?.startsWith('/dev/') === true;
  const drivers: Readonly<Record<string, string>> = { qdisk: 'qemu', phy: 'phy', tap: 'tap' };
  for (const name of ['script', 'backend', 'specification', 'direct-io-safe', 'trusted', 'colo'] as const)
    if (disk[name] !== undefined) losses.push({ what: `disk ${disk.vdev}`, why: `libvirt has no ${name}` });
  return {
    name: 'disk',
    attributes: { type: block ? 'block' : 'file', device: disk.devtype === 'cdrom' ? 'cdrom' : 'disk' },
    content: [
      {
        name: 'driver',
        attributes: {
          name: drivers[disk.backendtype ?? ''] ?? (block ? 'phy' : 'qemu'),
          type: disk.format === 'empty' ? 'raw' : (disk.format ?? 'raw'),
        },
      },
      disk.target === undefined || disk.target === ''
        ? undefined
        : { name: 'source', attributes: { [block ? 'dev' : 'file']: disk.target } },
      { name: 'target', attributes: { dev: disk.vdev } },
      disk.access === 'ro' ? { name: 'readonly' } : undefined,
    ],
  };
}

function vifMarkup(vif: Vif, losses: Loss[]): Markup {
  for (const name of ['rate', 'gatewaydev', 'backend', 'mtu', 'vlan', 'trusted', 'colo', 'devid'] as const)
    if (vif[name] !== undefined) losses.push({ what: `vif ${vif.mac ?? ''}`.trim(), why: `libvirt has no ${name}` });
  return {
    name: 'interface',
    attributes: { type: vif.bridge === undefined && vif.script !== undefined ? 'ethernet' : 'bridge' },
    content: [
      vif.mac === undefined ? undefined : { name: 'mac', attributes: { address: vif.mac } },
      vif.bridge === undefined ? undefined : { name: 'source', attributes: { bridge: vif.bridge } },
      vif.ip === undefined ? undefined : { name: 'ip', attributes: { address: vif.ip } },
      vif.script === undefined ? undefined : { name: 'script', attributes: { path: vif.script } },
      vif.vifname === undefined ? undefined : { name: 'target', attributes: { dev: vif.vifname } },
      vif.model === undefined && vif.type !== 'vif'
        ? undefined
        : { name: 'model', attributes: { type: vif.model ?? 'netfront' } },
    ],
  };
}

function pciMarkup(bdf: string | undefined, losses: Loss[]): Markup[] {
  const match = /^([0-9a-f]+):([0-9a-f]+):([0-9a-f]+)\.([0-7])$/.exec(bdf ?? '');
  if (match === null) {
    losses.push({ what: 'pci', why: 'libvirt wants the whole address of one function' });
    return [];
  }
  const [domain, bus, slot, func] = match.slice(1).map((part) => `0x${part}`);
  return [
    {
      name: 'hostdev',
      attributes: { mode: 'subsystem', type: 'pci', managed: 'yes' },
      content: [{ name: 'source', content: [{ name: 'address', attributes: { domain, bus, slot, function: func } }] }],
    },
  ];
}

function graphics({ vnclisten, vncpasswd, vncdisplay, vncunused, keymap }: Framebuffer): Markup {
  const port = vncunused === true || vncdisplay === undefined ? -1 : 5900 + Number(vncdisplay);
  return {
    name: 'graphics',
    attributes: { type: 'vnc', port, autoport: port === -1 ? 'yes' : 'no', listen: vnclisten, passwd: vncpasswd, keymap },
  };
}
