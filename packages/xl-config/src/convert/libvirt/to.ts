import { guestTypeOf } from '../../meaning/domain.ts';
import type { GuestType } from '../../schema/kind.ts';
import type { DomainConfig } from '../../schema/schema.ts';
import type { Disk } from '../../specs/disk.ts';
import type { Framebuffer } from '../../specs/framebuffer.ts';
import type { Vif } from '../../specs/vif.ts';
import type { Conversion, Loss } from '../report.ts';
import { fromLibvirt } from './from.ts';
import { unlike } from './unlike.ts';
import { formatXml, type Markup } from './xml.ts';

/**
 * libvirt's domain XML for a configuration. What the common subset lacks is reported: the XML is read again, and every
 * key that does not come back as it was is a loss.
 */
export function toLibvirt(config: DomainConfig): Conversion<string> {
  const losses: Loss[] = [];
  const result = formatXml(markupOf(config, losses));
  const told = new Set(losses.map(({ what }) => what.split(' ', 1)[0]));
  const lost = unlike(config, fromLibvirt(result).result).filter((key) => !told.has(key));
  const why = 'libvirt has no counterpart, or not for this value';
  return { result, losses: [...lost.map((what) => ({ what, why })), ...losses] };
}

function markupOf(config: DomainConfig, losses: Loss[]): Markup {
  const type = guestTypeOf(config);
  const most = config.maxmem ?? config.memory;
  return {
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
      features(config, type),
      { name: 'clock', attributes: { offset: config.localtime === true ? 'localtime' : 'utc' } },
      ...(['on_poweroff', 'on_reboot', 'on_crash'] as const).map((key) => optional(key, config[key])),
      { name: 'devices', content: devices(config, type, losses) },
    ],
  };
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

/** Of hvm guests xl switches these on, libvirt off. */
function features(config: DomainConfig, type: GuestType): Markup | undefined {
  const on = (['acpi', 'apic', 'pae'] as const).filter((key) => config[key] ?? type === 'hvm').map((name): Markup => ({ name }));
  const hap: Markup[] = config.hap === undefined ? [] : [{ name: 'hap', attributes: { state: config.hap ? 'on' : 'off' } }];
  const hyperv: Markup[] = config.viridian === undefined || config.viridian === false ? [] : [{ name: 'hyperv' }];
  const content = [...on, ...hap, ...hyperv];
  return content.length === 0 ? undefined : { name: 'features', content };
}

function devices(config: DomainConfig, type: GuestType, losses: Loss[]): Markup[] {
  const screen = screenOf(config, type);
  const cards: Readonly<Record<string, string>> = { stdvga: 'vga', cirrus: 'cirrus', qxl: 'qxl', none: 'none' };
  return [
    ...(config.disk ?? []).map((disk) => diskMarkup(disk, losses)),
    ...(config.vif ?? []).map((vif) => vifMarkup(vif, losses)),
    ...(config.pci ?? []).flatMap((pci) => pciMarkup(pci.bdf, losses)),
    ...(screen === undefined ? [] : [graphics(screen)]),
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

/** A pv guest has a screen with `vfb`, an hvm guest unless it is switched off. */
function screenOf(config: DomainConfig, type: GuestType): Framebuffer | undefined {
  if (type === 'hvm') return config.vnc === false ? undefined : (config as unknown as Framebuffer);
  return type === 'pv' && config.vfb?.[0]?.vnc === true ? config.vfb[0] : undefined;
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
          name: drivers[disk.backendtype ?? ''] ?? ((disk.format ?? 'raw') === 'raw' ? undefined : 'qemu'),
          type: disk.format === 'empty' ? 'raw' : (disk.format ?? 'raw'),
          discard: disk.discard === undefined ? undefined : disk.discard ? 'unmap' : 'ignore',
        },
      },
      disk.target === undefined || disk.target === ''
        ? undefined
        : { name: 'source', attributes: { [block ? 'dev' : 'file']: disk.target } },
      { name: 'target', attributes: { dev: disk.vdev } },
      disk.access === 'ro' || disk.devtype === 'cdrom' ? { name: 'readonly' } : undefined,
    ],
  };
}

function vifMarkup(vif: Vif, losses: Loss[]): Markup {
  for (const name of ['rate', 'gatewaydev', 'backend', 'mtu', 'vlan', 'trusted', 'colo', 'devid'] as const)
    if (vif[name] !== undefined) losses.push({ what: `vif ${vif.mac ?? ''}`.trim(), why: `libvirt has no ${name}` });
  const bridge = vif.bridge ?? (vif.script === undefined ? 'xenbr0' : undefined);
  return {
    name: 'interface',
    attributes: { type: bridge === undefined ? 'ethernet' : 'bridge' },
    content: [
      vif.mac === undefined ? undefined : { name: 'mac', attributes: { address: vif.mac } },
      bridge === undefined ? undefined : { name: 'source', attributes: { bridge } },
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
