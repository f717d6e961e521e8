import { XlConfigError } from '../errors.ts';
import { strtoul } from '../schema/c.ts';
import { strictDevices } from '../schema/kinds.ts';
import type { Kind, ReadContext } from '../schema/kind.ts';

/** Words of `smbios`: each sets one string of the guest's SMBIOS tables. */
export const SMBIOS_TYPES = [
  'bios_vendor',
  'bios_version',
  'system_manufacturer',
  'system_product_name',
  'system_version',
  'system_serial_number',
  'baseboard_manufacturer',
  'baseboard_product_name',
  'baseboard_version',
  'baseboard_serial_number',
  'baseboard_asset_tag',
  'baseboard_location_in_chassis',
  'enclosure_manufacturer',
  'enclosure_serial_number',
  'enclosure_asset_tag',
  'battery_manufacturer',
  'battery_device_name',
  'oem',
] as const;

/** One entry of `smbios`. */
export interface Smbios {
  readonly key: (typeof SMBIOS_TYPES)[number];
  readonly value: string;
}

const MOST_OEM = 99;

const entries = strictDevices<Smbios>('list of SMBIOS strings', readSmbios, formatSmbios);

/** xl ends when it is no list. */
export const smbios: Kind<readonly Smbios[]> = {
  ...entries,
  read: (value, context) => {
    if (typeof value !== 'string') return entries.read(value, context);
    return void context.refuse('WRONG_SHAPE', 'smbios must be a list', { hint: 'Write smbios = ["KEY=VALUE"].' });
  },
};

function readSmbios(text: string, context: ReadContext, item: number): Smbios | undefined {
  const at = text.indexOf('=');
  const key = SMBIOS_TYPES.find((known) => known === text.slice(0, Math.max(at, 0)).toLowerCase());
  if (at !== -1 && at < text.length - 1 && key !== undefined) return { key, value: text.slice(at + 1) };
  return void context.refuse('BAD_VALUE', `smbios: not KEY=VALUE: ${JSON.stringify(text)}`, {
    item,
    hint: `Keys are ${SMBIOS_TYPES.join(', ')}.`,
  });
}

function formatSmbios({ key, value }: Smbios): string {
  if (value === '') throw new XlConfigError('NOT_WRITABLE', `smbios ${key} cannot be empty`, { hint: 'Leave it out.' });
  return `${key}=${value}`;
}

/** More vendor strings than the table holds. @internal */
export function tooManyOem(strings: readonly Smbios[]): boolean {
  return strings.filter(({ key }) => key === 'oem').length > MOST_OEM;
}

/** One entry of `xenstore_quota` (since Xen 4.22). */
export interface XenstoreQuota {
  readonly name: string;
  readonly value: number;
}

export const xenstoreQuota = strictDevices<XenstoreQuota>(
  'list of NAME=NUMBER',
  readQuota,
  ({ name, value }) => `${name}=${value}`,
);

function readQuota(text: string, context: ReadContext, item: number): XenstoreQuota | undefined {
  const at = text.indexOf('=');
  const digits = text.slice(at + 1);
  const { value, length, overflow } = strtoul(digits, 0);
  if (at !== -1 && length > 0 && length === digits.length && !overflow && value <= 0xffffffffn)
    return { name: text.slice(0, at), value: Number(value) };
  return void context.refuse('BAD_VALUE', `xenstore_quota: not NAME=NUMBER: ${JSON.stringify(text)}`, { item });
}
