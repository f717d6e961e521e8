import type { DomainConfig } from '../../schema/schema.ts';
import type { GuestType } from '../../schema/kind.ts';
import type { Disk } from '../../specs/disk.ts';
import { defined } from '../../specs/options.ts';
import type { Vif } from '../../specs/vif.ts';
import { XlConfigError } from '../../errors.ts';
import type { Conversion, Loss } from '../report.ts';
import { parseXml, type Element } from './xml.ts';

/**
 * A configuration from libvirt's domain XML, for what both sides have: identity, memory, processors, kernel or firmware,
 * disks, bridged and scripted interfaces, graphics, serial ports, host devices. The rest is reported.
 * @throws XlConfigError CONVERT_INVALID when it is not the XML of a domain.
 */
export function fromLibvirt(xml: string): Conversion<DomainConfig> {
  const domain = parseXml(xml);
  if (domain.name !== 'domain')
    throw new XlConfigError('CONVERT_INVALID', `not a domain but <${domain.name}>`, {
      hint: 'Pass what `virsh dumpxml` prints.',
    });
  const losses: Loss[] = [];
  const lose = (what: string, why: string): void => void losses.push({ what, why });
  const type = typeOf(domain);
  const devices = child(domain, 'devices')?.children ?? [];
  const config = defined({
    name: textOf(domain, 'name') ?? '',
    type,
    uuid: textOf(domain, 'uuid')?.toLowerCase(),
    ...memoryOf(domain),
    ...processorsOf(domain),
    ...bootOf(domain, type),
    ...featuresOf(domain, type),
    on_poweroff: actionOf(domain, 'on_poweroff', lose),
    on_reboot: actionOf(domain, 'on_reboot', lose),
    on_crash: actionOf(domain, 'on_crash', lose),
    disk: some(devices.filter(named('disk')).flatMap((disk) => diskOf(disk, lose) ?? [])),
    vif: some(devices.filter(named('interface')).flatMap((nic) => vifOf(nic, lose) ?? [])),
    pci: some(devices.filter(named('hostdev')).flatMap((device) => hostDevice(device, lose) ?? [])),
    ...screenOf(devices, type, lose),
    serial:
      type === 'hvm' && devices.some(({ name, attributes }) => name === 'serial' && attributes['type'] === 'pty')
        ? 'pty'
        : undefined,
  }) as DomainConfig;
  for (const { name } of devices) if (!HANDLED_DEVICES.has(name)) lose(`devices/${name}`, 'has no counterpart here');
  for (const { name } of domain.children) if (!HANDLED.has(name)) lose(name, 'has no counterpart here');
  return { result: config, losses };
}

const HANDLED = new Set([
  'name',
  'uuid',
  'memory',
  'currentMemory',
  'vcpu',
  'os',
  'bootloader',
  'bootloader_args',
  'features',
  'on_poweroff',
  'on_reboot',
  'on_crash',
  'devices',
  'clock',
  'title',
  'description',
]);
const HANDLED_DEVICES = new Set([
  'disk',
  'interface',
  'hostdev',
  'graphics',
  'video',
  'serial',
  'console',
  'emulator',
  'controller',
  'input',
]);

function typeOf(domain: Element): GuestType {
  const type = textOf(child(domain, 'os'), 'type');
  return type === 'hvm' ? 'hvm' : type === 'xenpvh' ? 'pvh' : 'pv';
}

const UNITS: Readonly<Record<string, number>> = {
  b: 1,
  bytes: 1,
  k: 1024,
  kib: 1024,
  m: 1 << 20,
  mib: 1 << 20,
  g: 1 << 30,
  gib: 1 << 30,
  kb: 1000,
  mb: 1e6,
  gb: 1e9,
};

function memoryOf(domain: Element): Partial<DomainConfig> {
  const megabytes = (element: Element | undefined): number | undefined =>
    element === undefined
      ? undefined
      : Math.ceil((Number(element.text) * (UNITS[(element.attributes['unit'] ?? 'KiB').toLowerCase()] ?? 1024)) / (1 << 20));
  const most = megabytes(child(domain, 'memory'));
  const now = megabytes(child(domain, 'currentMemory')) ?? most;
  return { ...(now === undefined ? {} : { memory: now }), ...(most === undefined || most === now ? {} : { maxmem: most }) };
}

function processorsOf(domain: Element): Partial<DomainConfig> {
  const vcpu = child(domain, 'vcpu');
  if (vcpu === undefined) return {};
  const most = Number(vcpu.text);
  const now = Number(vcpu.attributes['current'] ?? most);
  return {
    vcpus: now,
    ...(now === most ? {} : { maxvcpus: most }),
    ...(vcpu.attributes['cpuset'] === undefined ? {} : { cpus: vcpu.attributes['cpuset'] }),
  };
}

function bootOf(domain: Element, type: GuestType): Partial<DomainConfig> {
  const os = child(domain, 'os');
  const bootloader = textOf(domain, 'bootloader');
  const orders: Readonly<Record<string, string>> = { hd: 'c', cdrom: 'd', network: 'n', fd: 'a' };
  const boot = (os?.children ?? [])
    .filter(named('boot'))
    .map(({ attributes }) => orders[attributes['dev'] ?? ''] ?? '')
    .join('');
  const loader = child(os, 'loader');
  return defined({
    kernel: textOf(os, 'kernel'),
    ramdisk: textOf(os, 'initrd'),
    cmdline: textOf(os, 'cmdline'),
    bootloader: bootloader === '' ? 'pygrub' : bootloader,
    bootloader_args: textOf(domain, 'bootloader_args')
      ?.split(/\s+/)
      .filter((word) => word !== ''),
    boot: type === 'hvm' && boot !== '' ? boot : undefined,
    bios: type === 'hvm' && loader?.attributes['type'] === 'pflash' ? ('ovmf' as const) : undefined,
  });
}

function featuresOf(domain: Element, type: GuestType): Partial<DomainConfig> {
  const features = child(domain, 'features');
  const has = (name: string): true | undefined => (child(features, name) === undefined ? undefined : true);
  const offset = child(domain, 'clock')?.attributes['offset'];
  // What libvirt does not name is off, while xl has it on for hvm guests.
  const off = type === 'hvm' ? false : undefined;
  const hvm = type === 'hvm' ? { apic: has('apic') ?? off, pae: has('pae') ?? off, viridian: has('hyperv') } : {};
  return defined({
    acpi: has('acpi') ?? off,
    hap: child(features, 'hap') === undefined ? undefined : child(features, 'hap')?.attributes['state'] !== 'off',
    ...hvm,
    localtime: offset === undefined ? undefined : offset === 'localtime',
  });
}

function actionOf(
  domain: Element,
  name: 'on_poweroff' | 'on_reboot' | 'on_crash',
  lose: (what: string, why: string) => void,
): DomainConfig['on_poweroff'] {
  const action = textOf(domain, name);
  if (
    action === undefined ||
    ['destroy', 'restart', 'preserve', 'rename-restart', 'coredump-destroy', 'coredump-restart'].includes(action)
  )
    return action as DomainConfig['on_poweroff'];
  lose(name, `xl has no action ${action}`);
  return undefined;
}

function diskOf(disk: Element, lose: (what: string, why: string) => void): Disk | undefined {
  const source = child(disk, 'source')?.attributes ?? {};
  const target = source['file'] ?? source['dev'];
  const vdev = child(disk, 'target')?.attributes['dev'];
  const { name: driver, type: format = 'raw', discard } = child(disk, 'driver')?.attributes ?? {};
  if (vdev === undefined || !['file', 'block'].includes(disk.attributes['type'] ?? 'file'))
    return void lose(`disk ${vdev ?? ''}`, `a disk of type ${disk.attributes['type'] ?? ''}`);
  if (!['raw', 'qcow', 'qcow2', 'vhd', 'qed'].includes(format)) return void lose(`disk ${vdev}`, `the format ${format}`);
  const cdrom = disk.attributes['device'] === 'cdrom';
  const backends: Readonly<Record<string, Disk['backendtype']>> = { qemu: 'qdisk', phy: 'phy', tap: 'tap' };
  return defined({
    target,
    format: format as Disk['format'],
    vdev,
    access: child(disk, 'readonly') !== undefined || cdrom ? ('ro' as const) : ('rw' as const),
    devtype: cdrom ? ('cdrom' as const) : undefined,
    backendtype: driver === undefined ? undefined : backends[driver],
    discard: discard === undefined ? undefined : discard === 'unmap',
  });
}

function vifOf(nic: Element, lose: (what: string, why: string) => void): Vif | undefined {
  const type = nic.attributes['type'];
  if (type !== 'bridge' && type !== 'ethernet')
    return void lose(
      `interface ${child(nic, 'mac')?.attributes['address'] ?? ''}`,
      `an interface of type ${type ?? ''}: name its bridge`,
    );
  const model = child(nic, 'model')?.attributes['type'];
  return defined({
    mac: child(nic, 'mac')?.attributes['address']?.toLowerCase(),
    bridge: child(nic, 'source')?.attributes['bridge'],
    ip: child(nic, 'ip')?.attributes['address'],
    script: child(nic, 'script')?.attributes['path'],
    vifname: child(nic, 'target')?.attributes['dev'],
    model: model === 'netfront' ? undefined : model,
    type: model === undefined ? undefined : model === 'netfront' ? ('vif' as const) : ('ioemu' as const),
  });
}

function hostDevice(device: Element, lose: (what: string, why: string) => void): { bdf: string } | undefined {
  const address = child(child(device, 'source'), 'address')?.attributes;
  if (device.attributes['type'] !== 'pci' || address === undefined)
    return void lose('hostdev', `a device of type ${device.attributes['type'] ?? ''}`);
  const [domain, bus, slot, func] = ['domain', 'bus', 'slot', 'function'].map((name) => Number(address[name] ?? 0));
  const hex = (value: number | undefined, digits: number): string => (value ?? 0).toString(16).padStart(digits, '0');
  return { bdf: `${hex(domain, 4)}:${hex(bus, 2)}:${hex(slot, 2)}.${hex(func, 1)}` };
}

function screenOf(
  devices: readonly Element[],
  type: GuestType,
  lose: (what: string, why: string) => void,
): Partial<DomainConfig> {
  const graphics = devices.find(named('graphics'));
  const card = child(devices.find(named('video')), 'model')?.attributes['type'];
  const cards: Readonly<Record<string, DomainConfig['vga']>> = { vga: 'stdvga', cirrus: 'cirrus', qxl: 'qxl', none: 'none' };
  const vga = type === 'hvm' && card !== undefined && cards[card] !== undefined ? { vga: cards[card] } : {};
  // Without a screen libvirt gives an hvm guest none; xl would show it over VNC.
  if (graphics === undefined) return type === 'hvm' ? { ...vga, vnc: false } : vga;
  const { type: kind, listen, port, passwd, autoport, keymap } = graphics.attributes;
  if (kind !== 'vnc') {
    lose('graphics', `a screen over ${kind ?? ''}`);
    return vga;
  }
  const display = port === undefined || Number(port) < 5900 ? undefined : Number(port) - 5900;
  const screen = defined({
    vnc: true,
    vnclisten: listen,
    vncpasswd: passwd,
    vncdisplay: display,
    vncunused: autoport === undefined ? undefined : autoport === 'yes',
    keymap,
  });
  return type === 'pv' ? { vfb: [screen] } : { ...screen, ...vga };
}

function child(element: Element | undefined, name: string): Element | undefined {
  return element?.children.find(named(name));
}

function textOf(element: Element | undefined, name: string): string | undefined {
  return child(element, name)?.text;
}

function named(name: string): (element: Element) => boolean {
  return (element) => element.name === name;
}

function some<T>(list: readonly T[]): readonly T[] | undefined {
  return list.length === 0 ? undefined : list;
}
