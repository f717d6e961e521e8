import { guestTypeOf } from '../../meaning/domain.ts';
import type { GuestType } from '../../schema/kind.ts';
import type { DomainConfig } from '../../schema/schema.ts';
import type { Disk } from '../../specs/disk.ts';
import type { Vif } from '../../specs/vif.ts';

/** Keys whose values do not come back from the XML with the meaning that they had. */
export function unlike(config: DomainConfig, back: DomainConfig): string[] {
  const type = guestTypeOf(config);
  const [before, after] = [meant(config, type), meant(back, type)];
  return Object.keys(before).filter((key) => canonical(before[key]) !== canonical(after[key]));
}

const OFF = ['localtime', 'nographic', 'sdl', 'vif', 'disk', 'pci', 'serial', 'bootloader_args'] as const;
const ON_FOR_HVM = ['acpi', 'apic', 'pae', 'vnc', 'vncunused'] as const;

/** Values under one name each, without those that xl would choose itself. */
function meant(config: DomainConfig, type: GuestType): Record<string, unknown> {
  const { builder: _, vnc, ...keys } = config;
  const values: Record<string, unknown> = {
    ...keys,
    type,
    vnc: type === 'hvm' ? vnc : vnc === true ? vnc : undefined,
    ...commandLine(config),
    memory: config.memory ?? config.maxmem,
    maxmem: config.maxmem === (config.memory ?? config.maxmem) ? undefined : config.maxmem,
    maxvcpus: config.maxvcpus === config.vcpus ? undefined : config.maxvcpus,
    disk: config.disk?.map(disk),
    vfb: config.vfb?.map(({ vncunused, ...screen }) => ({ ...screen, vncunused: vncunused === true ? undefined : vncunused })),
    vif: config.vif?.map((vif) => networkInterface(vif, type)),
    serial: Array.isArray(config.serial) && config.serial.length === 1 ? (config.serial[0] as string) : config.serial,
  };
  for (const key of OFF) if (isOff(values[key])) values[key] = undefined;
  if (type === 'hvm') for (const key of ON_FOR_HVM) if (values[key] === true) values[key] = undefined;
  return values;
}

function isOff(value: unknown): boolean {
  return value === false || value === 'none' || (Array.isArray(value) && value.length === 0);
}

function commandLine({ cmdline, root, extra }: DomainConfig): Pick<Record<string, unknown>, 'cmdline' | 'root' | 'extra'> {
  const words = [...(root === undefined ? [] : [`root=${root}`]), ...(extra === undefined ? [] : [extra])];
  return { cmdline: cmdline ?? (words.length === 0 ? undefined : words.join(' ')), root: undefined, extra: undefined };
}

function disk({ format = 'raw', access = 'rw', devtype = 'disk', backendtype, ...rest }: Disk): object {
  const chosen = format !== 'raw' && backendtype === 'qdisk' ? undefined : backendtype;
  return { ...rest, format, access: devtype === 'cdrom' ? 'ro' : access, devtype, backendtype: chosen };
}

function networkInterface({ bridge, type, ...rest }: Vif, guest: GuestType): object {
  const usual = rest.script === undefined ? (bridge ?? 'xenbr0') : bridge;
  return { ...rest, bridge: usual, type: guest === 'hvm' && type === 'ioemu' ? undefined : type };
}

/** As JSON, fields sorted and those without a value left out. */
function canonical(value: unknown): string {
  if (typeof value === 'bigint') return String(value);
  if (value === null || typeof value !== 'object') return JSON.stringify(value) ?? '';
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  const fields = Object.entries(value).filter(([, field]) => field !== undefined);
  return `{${fields
    .map(([name, field]) => `${name}:${canonical(field)}`)
    .sort()
    .join(',')}}`;
}
