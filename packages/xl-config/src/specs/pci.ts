import { XlConfigError } from '../errors.ts';
import type { Fields } from '../libxl/json.ts';
import { atoi } from '../schema/c.ts';
import { devices } from '../schema/kinds.ts';
import type { ReadContext } from '../schema/kind.ts';
import { carried, defined, formatOptions } from './options.ts';

/** One entry of `pci`, as xl-pci-configuration(5) names its parameters: either `bdf` or `name` says which device. */
export interface Pci {
  /** `[DDDD:]BB:DD.F`, or `.*` for all functions. */
  readonly bdf?: string;
  /** A name given with `xl pci-assignable-add -n`. */
  readonly name?: string;
  /** Slot in the guest, 0 to 31. */
  readonly vslot?: number;
  readonly permissive?: boolean;
  readonly msitranslate?: boolean;
  readonly seize?: boolean;
  readonly power_mgmt?: boolean;
  readonly rdm_policy?: 'strict' | 'relaxed' | 'invalid';
}

type Draft = { -readonly [K in keyof Pci]: Pci[K] };
const FLAGS = ['permissive', 'msitranslate', 'seize', 'power_mgmt'] as const;
const POLICIES = ['strict', 'relaxed', 'invalid'] as const;

export const pciDevices = devices<Pci>('list of PCI devices', readPci, formatPci);

function readPci(text: string, context: ReadContext, item: number): Pci | undefined {
  const pci = parsePci(text);
  if (typeof pci !== 'string') return pci;
  context.refuse('BAD_VALUE', `pci ${JSON.stringify(text)}: ${pci}`, { item, hint: 'See xl-pci-configuration(5).' });
  return undefined;
}

/** Reads a device as libxlu_pci.c does; a text says why it is refused. */
export function parsePci(text: string): Pci | string {
  const pci: Draft = {};
  let rest = text;
  const first = scanBdf(text);
  if (first !== undefined) {
    pci.bdf = first.bdf;
    rest = text.slice(first.length);
    if (rest.startsWith('@')) {
      const slot = scanSlot(rest.slice(1));
      if (slot === undefined) return 'the virtual slot is not a number below 20 (hexadecimal)';
      pci.vslot = slot.slot;
      rest = rest.slice(1 + slot.length);
    }
    if (rest.startsWith(',')) rest = rest.slice(1);
    else if (rest !== '') return `unexpected ${JSON.stringify(rest)} after the device's address`;
  }
  while (rest !== '') {
    const match = /^([^=]*)=([^,]*),?/.exec(rest);
    if (match === null) return `neither an address nor name=value: ${JSON.stringify(rest)}`;
    const fault = setOption(pci, match[1] as string, match[2] as string);
    if (fault !== undefined) return fault;
    rest = rest.slice(match[0].length);
  }
  if (pci.bdf !== undefined && pci.name !== undefined) return 'both an address and a name';
  return pci.bdf === undefined && pci.name === undefined ? 'neither an address nor a name' : pci;
}

function setOption(pci: Draft, name: string, value: string): string | undefined {
  const flag = FLAGS.find((known) => known === name);
  if (flag !== undefined) pci[flag] = atoi(value) !== 0;
  else if (name === 'name') pci.name = value;
  else if (name === 'bdf') {
    const bdf = scanBdf(value);
    if (bdf === undefined) return `not a device's address: ${JSON.stringify(value)}`;
    pci.bdf = bdf.bdf;
  } else if (name === 'vslot') {
    const slot = scanSlot(value);
    if (slot === undefined) return `not a slot: ${JSON.stringify(value)}`;
    pci.vslot = slot.slot;
  } else if (name === 'rdm_policy') {
    const policy = POLICIES.find((known) => known === value.toLowerCase());
    if (policy === undefined) return `unknown rdm_policy ${JSON.stringify(value)}: known are strict, relaxed`;
    pci.rdm_policy = policy;
  } else return `unknown option ${JSON.stringify(name)}`;
  return undefined;
}

/** `%x` of scanf(3): white space, a sign and 0x are fine; an unsigned int comes out. */
const HEX = '\\s*([+-]?(?:0[xX](?=[0-9a-fA-F]))?[0-9a-fA-F]+)';
const SHORT = new RegExp(`^${HEX}:${HEX}\\.`);
const LONG = new RegExp(`^${HEX}:${HEX}:${HEX}\\.`);
const ONE = new RegExp(`^${HEX}`);

function scanBdf(text: string): { bdf: string; length: number } | undefined {
  const colons = (/^[0-9a-fA-F:]*/.exec(text) as RegExpExecArray)[0].split(':').length - 1;
  const match = colons === 1 ? SHORT.exec(text) : colons === 2 ? LONG.exec(text) : null;
  if (match === null) return undefined;
  const [domain, bus, device] = [...(colons === 1 ? ['0'] : []), ...match.slice(1)].map(hex) as [number, number, number];
  if (domain > 0xffff || bus > 0xff || device > 0x1f) return undefined;
  const address = [pad(domain, 4), pad(bus, 2), pad(device, 2)].join(':');
  const rest = text.slice(match[0].length);
  if (rest.startsWith('*')) return { bdf: `${address}.*`, length: match[0].length + 1 };
  const func = ONE.exec(rest);
  if (func === null || hex(func[1] as string) > 7) return undefined;
  return { bdf: `${address}.${hex(func[1] as string)}`, length: match[0].length + func[0].length };
}

function scanSlot(text: string): { slot: number; length: number } | undefined {
  const match = ONE.exec(text);
  const slot = match === null ? 0x20 : hex(match[1] as string);
  return match === null || slot > 0x1f ? undefined : { slot, length: match[0].length };
}

function hex(text: string): number {
  const digits = text.replace(/^[+-]?(0[xX])?/, '');
  const value = BigInt(`0x${digits}`);
  const bounded = value > 2n ** 64n - 1n ? 2n ** 64n - 1n : text.startsWith('-') ? -value : value;
  return Number(BigInt.asUintN(32, bounded));
}

function pad(value: number, digits: number): string {
  return value.toString(16).padStart(digits, '0');
}

/** @throws XlConfigError NOT_WRITABLE for a device that the format cannot name. */
export function formatPci(pci: Pci): string {
  const bdf = addressOf(pci);
  const flag = (name: (typeof FLAGS)[number]) => [name, pci[name] === undefined ? undefined : pci[name] ? 1 : 0] as const;
  const text = formatOptions('pci', [
    ['bdf', bdf],
    ['name', pci.name],
    ['vslot', pci.vslot?.toString(16)],
    ...FLAGS.map(flag),
    ['rdm_policy', pci.rdm_policy],
  ]);
  return text.replace(/^bdf=/, '');
}

function addressOf({ bdf, name, vslot }: Pci): string | undefined {
  const fault = (message: string): XlConfigError =>
    new XlConfigError('NOT_WRITABLE', message, { hint: 'Give bdf: "0000:01:00.0" or a name.' });
  if ((bdf === undefined) === (name === undefined)) throw fault('a pci device needs either an address or a name');
  if (vslot !== undefined && !(Number.isInteger(vslot) && vslot >= 0 && vslot <= 0x1f))
    throw fault(`not a slot from 0 to 31: ${vslot}`);
  if (bdf === undefined) return undefined;
  const scanned = scanBdf(bdf);
  if (scanned?.length !== bdf.length) throw fault(`not a device's address: ${JSON.stringify(bdf)}`);
  return scanned.bdf;
}

/** Flags that a device does not set come from the `pci_…` keys. @internal */
export function pciToLibxl(
  pci: Pci,
  shared: { readonly [K in (typeof FLAGS)[number]]: boolean } & { readonly rdm_policy: string },
): Fields {
  const bdf = addressOf(pci);
  if (pci.name !== undefined) carried('pci name', pci.name);
  const [domain, bus, device, func] = bdf === undefined ? [] : bdf.split(/[:.]/);
  const number = (text: string | undefined): number | undefined =>
    text === undefined ? undefined : text === '*' ? 0 : parseInt(text, 16);
  return defined({
    func: number(func),
    dev: number(device),
    bus: number(bus),
    domain: number(domain),
    vdevfn: pci.vslot === undefined ? undefined : pci.vslot << 3,
    vfunc_mask: bdf === undefined ? undefined : func === '*' ? 0xffffffff : 1,
    ...Object.fromEntries(FLAGS.map((name) => [name, pci[name] ?? shared[name]])),
    rdm_policy: pci.rdm_policy ?? shared.rdm_policy,
    name: pci.name,
  });
}
