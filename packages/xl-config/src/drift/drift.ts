import { XlConfigError } from '../errors.ts';
import type { LibxlJson, LibxlObject } from '../libxl/json.ts';
import { toLibxlJson, type InterpretOptions } from '../meaning/interpret.ts';
import type { DomainConfig } from '../schema/schema.ts';

/** One field that differs between a file and a running domain. */
export interface Difference {
  /** Where in libxl's JSON: `b_info.max_memkb`, `disks[xvda].readwrite`. */
  readonly path: string;
  /**
   * `changed`: both have it. `missing`: only the file. `extra`: a device that only the domain has.
   * `filled`: the file leaves it to libxl, which chose a value; no drift.
   */
  readonly kind: 'changed' | 'missing' | 'extra' | 'filled';
  readonly file?: LibxlJson;
  readonly domain?: LibxlJson;
}

/** By what the devices of a list are told apart; the others go by their place. */
const IDENTITY: Readonly<Record<string, (device: LibxlObject) => LibxlJson | undefined>> = {
  disks: ({ vdev }) => vdev,
  nics: ({ devid }) => devid ?? 0,
  pcidevs: ({ name, domain = 0, bus = 0, dev = 0, func = 0 }) => name ?? [domain, bus, dev, func].join(':'),
  dtdevs: ({ path }) => path,
  p9s: ({ tag }) => tag,
  channels: ({ name }) => name,
};

/**
 * Compares a file (or configuration) with the JSON of a running domain: one element of `xl list -l`, or what is below
 * its `config`. A UUID that the file does not give is left out.
 * @throws XlConfigError CONVERT_INVALID when the JSON is not that of a domain; else as {@link toLibxlJson}.
 */
export function drift(source: string | DomainConfig, domain: unknown, options: InterpretOptions = {}): Difference[] {
  return compareObjects('', toLibxlJson(source, options), configOf(domain));
}

/** Has anything but libxl's own choices changed? */
export function isDrift({ kind }: Difference): boolean {
  return kind !== 'filled';
}

function configOf(domain: unknown): LibxlObject {
  const one = Array.isArray(domain) && domain.length === 1 ? (domain[0] as unknown) : domain;
  const config = isObject(one as LibxlJson) && 'config' in (one as object) ? (one as { config: unknown }).config : one;
  if (isObject(config as LibxlJson) && 'c_info' in (config as object)) return config as LibxlObject;
  throw new XlConfigError('CONVERT_INVALID', 'not the JSON of one domain', { hint: 'Pass what `xl list -l DOMAIN` prints.' });
}

function compareObjects(path: string, file: LibxlObject, domain: LibxlObject): Difference[] {
  const names = new Set([...Object.keys(file), ...Object.keys(domain)]);
  return [...names].flatMap((name) => compare(path === '' ? name : `${path}.${name}`, name, file[name], domain[name]));
}

function compare(path: string, name: string, file: LibxlJson | undefined, domain: LibxlJson | undefined): Difference[] {
  if (domain === undefined) return isEmpty(file) ? [] : [{ path, kind: 'missing', file: file as LibxlJson }];
  if (isDeviceList(file ?? [], domain))
    return compareDevices(path, name, (file ?? []) as readonly LibxlObject[], domain as readonly LibxlObject[]);
  if (file === undefined && isObject(domain)) return compareObjects(path, {}, domain);
  if (file === undefined) return [{ path, kind: 'filled', domain }];
  if (isObject(file) && isObject(domain)) return compareObjects(path, file, domain);
  return same(file, domain) ? [] : [{ path, kind: 'changed', file, domain }];
}

function compareDevices(path: string, name: string, file: readonly LibxlObject[], domain: readonly LibxlObject[]): Difference[] {
  const identify = IDENTITY[name];
  const keyed = (devices: readonly LibxlObject[]): Map<string, LibxlObject> =>
    new Map(devices.map((device, index) => [String(identify?.(device) ?? index), device]));
  const [wanted, found] = [keyed(file), keyed(domain)];
  return [...new Set([...wanted.keys(), ...found.keys()])].flatMap((key): Difference[] => {
    const [ours, theirs] = [wanted.get(key), found.get(key)];
    const place = `${path}[${key}]`;
    if (ours === undefined) return [{ path: place, kind: 'extra', domain: theirs as LibxlObject }];
    return theirs === undefined ? [{ path: place, kind: 'missing', file: ours }] : compareObjects(place, ours, theirs);
  });
}

function isDeviceList(file: LibxlJson, domain: LibxlJson): boolean {
  if (!Array.isArray(file) || !Array.isArray(domain)) return false;
  const devices: readonly LibxlJson[] = (file as LibxlJson[]).concat(domain as LibxlJson[]);
  return devices.length > 0 && devices.every((device) => isObject(device));
}

function isObject(value: LibxlJson | undefined): value is LibxlObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isEmpty(value: LibxlJson | undefined): boolean {
  return value === undefined || (isObject(value) && Object.values(value).every(isEmpty));
}

function same(a: LibxlJson, b: LibxlJson): boolean {
  if (Array.isArray(a) && Array.isArray(b))
    return a.length === b.length && a.every((item, index) => same(item as LibxlJson, b[index] as LibxlJson));
  return typeof a === 'string' || typeof b === 'string' ? a === b : a == b;
}
