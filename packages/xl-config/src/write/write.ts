import type { DomainConfig } from '../config.ts';
import { formatDisk } from '../specs/disk.ts';
import { formatVif } from '../specs/vif.ts';
import { literal, type Value } from './literal.ts';

/** The order in which keys are written, in groups with an empty line between them. */
const GROUPS: readonly (readonly (keyof DomainConfig)[])[] = [
  ['name', 'type', 'uuid'],
  ['memory', 'maxmem', 'vcpus', 'maxvcpus'],
  ['kernel', 'ramdisk', 'cmdline', 'root', 'extra', 'bootloader', 'bootloader_args', 'boot'],
  ['disk'],
  ['vif'],
  ['serial', 'vnc', 'nographic'],
  ['on_poweroff', 'on_reboot', 'on_watchdog', 'on_crash', 'on_soft_reset'],
];

/**
 * A configuration as xl.cfg text: stable order, one key a line, read back by libxlu as exactly these values.
 * @throws XlConfigError NOT_WRITABLE for a value that the format cannot carry.
 */
export function write(config: DomainConfig): string {
  const groups = GROUPS.map((keys) => keys.filter((key) => config[key] !== undefined).map((key) => line(key, config)).join(''));
  return groups.filter((group) => group !== '').join('\n');
}

function line(key: keyof DomainConfig, config: DomainConfig): string {
  const value = config[key];
  const start = `${key} = `;
  return `${start}${literal(atoms(key, value), { bare: typeof value === 'number' || typeof value === 'boolean', column: start.length })}\n`;
}

function atoms(key: keyof DomainConfig, value: DomainConfig[keyof DomainConfig]): Value {
  if (key === 'disk') return (value as NonNullable<DomainConfig['disk']>).map(formatDisk);
  if (key === 'vif') return (value as NonNullable<DomainConfig['vif']>).map(formatVif);
  if (typeof value === 'boolean') return value ? '1' : '0';
  if (typeof value === 'number') return String(value);
  return value as Value;
}
