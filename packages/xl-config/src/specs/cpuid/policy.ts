import type { Fields } from '../../libxl/json.ts';
import { strtoul } from '../../schema/c.ts';
import { atLeast, XEN_VERSIONS, type XenVersion } from '../../versions.ts';
import { FEATURE_WORDS, LEAF_FIELDS } from './features.ts';

type Register = 'eax' | 'ebx' | 'ecx' | 'edx';

interface Entry {
  readonly leaf: number;
  readonly subleaf?: number;
  readonly registers: Partial<Record<Register, string>>;
}

/** Where a name's bits are. */
type Place =
  | {
      readonly leaf: number;
      readonly subleaf: number | undefined;
      readonly register: Register;
      readonly bit: number;
      readonly length: number;
    }
  | { readonly msr: number; readonly bit: number };

/**
 * A processor policy under construction: for each leaf and register one character a bit (`0`, `1`, `x` default, `k`
 * as the host, `s` as the host and kept). Source: libxl_cpuid.c.
 */
export class CpuPolicy {
  readonly cpuid: Entry[] = [];
  readonly msr: { readonly index: number; policy: string }[] = [];
  private touched = false;
  private readonly xen: XenVersion;

  constructor(xen: XenVersion) {
    this.xen = xen;
  }

  /** libxl's own syntax: one `name=value` of `"host,name=value,…"`. A text says why it is ignored. */
  setFlag(option: string): string | undefined {
    const equals = option.indexOf('=');
    if (equals === -1) return 'not name=value';
    const name = option.slice(0, equals);
    const value = option.slice(equals + 1);
    const place = placesOf(this.xen).get(name);
    if (place === undefined) return `unknown processor flag ${JSON.stringify(name)}`;
    return 'msr' in place ? this.setMsr(place, value) : this.setBits(place, name, value);
  }

  /** xend's syntax: `leaf[,subleaf]:eax=32 characters,…`. A text says why the rest is ignored. */
  setLeaf(text: string): string | undefined {
    const leaf = strtoul(text, 0);
    if (leaf.length === 0) return 'no leaf number';
    let rest = text.slice(leaf.length);
    let subleaf: number | undefined;
    if (rest.startsWith(',')) {
      const sub = strtoul(rest.slice(1), 0);
      if (sub.length === 0) return 'no subleaf number';
      subleaf = Number(sub.value & 0xffffffffn);
      rest = rest.slice(1 + sub.length);
    }
    if (!rest.startsWith(':')) return 'a colon is missing after the leaf';
    rest = rest.slice(1);
    const entry = this.entry(Number(leaf.value & 0xffffffffn), subleaf);
    while (rest !== '') {
      const register = /^e([abcd])x/.exec(rest);
      const equals = rest.indexOf('=');
      if (register === null || equals === -1) return 'not a register: eax, ebx, ecx or edx';
      const [policy = ''] = rest.slice(equals + 1).split(',', 1);
      if (byteLength(policy) !== 32) return 'a register has exactly 32 characters';
      entry.registers[`e${register[1] as 'a' | 'b' | 'c' | 'd'}x`] = policy;
      rest = rest.slice(equals + 1 + policy.length).replace(/^,[ \n]*/, '');
    }
    return undefined;
  }

  /** @internal */
  toLibxl(): Fields | undefined {
    if (!this.touched) return undefined;
    const cpuid = this.cpuid.map(({ leaf, subleaf, registers }) => ({
      leaf,
      ...(subleaf === undefined ? {} : { subleaf }),
      ...Object.fromEntries(
        (['eax', 'ebx', 'ecx', 'edx'] as const).flatMap((name) =>
          registers[name] === undefined ? [] : [[name, registers[name]]],
        ),
      ),
    }));
    return { cpuid, msr: this.msr.length === 0 ? null : this.msr.map(({ index, policy }) => ({ index, policy })) };
  }

  private entry(leaf: number, subleaf: number | undefined): Entry {
    this.touched = true;
    const known = this.cpuid.find((entry) => entry.leaf === leaf && entry.subleaf === subleaf);
    if (known !== undefined) return known;
    const entry: Entry = { leaf, ...(subleaf === undefined ? {} : { subleaf }), registers: {} };
    this.cpuid.push(entry);
    return entry;
  }

  private setBits(place: Exclude<Place, { msr: number }>, name: string, value: string): string | undefined {
    const entry = this.entry(place.leaf, place.subleaf);
    const number = strtoul(value, 0);
    const letter = value.charAt(0);
    if (number.length === 0 && !['x', 'k', 's'].includes(letter))
      return `a flag is a number, x, k or s: ${JSON.stringify(value)}`;
    const bits = number.length > 0 ? binary(number.value, place.length) : letter.repeat(place.length);
    const before = entry.registers[place.register] ?? 'x'.repeat(32);
    entry.registers[place.register] =
      name === 'family'
        ? family(before, number.value, bits)
        : name === 'model'
          ? model(before, bits)
          : paste(before, place.bit, bits);
    return undefined;
  }

  private setMsr(place: { readonly msr: number; readonly bit: number }, value: string): string | undefined {
    this.touched = true;
    let entry = this.msr.find(({ index }) => index === place.msr);
    if (entry === undefined) this.msr.push((entry = { index: place.msr, policy: 'x'.repeat(64) }));
    if (!/^[01xks]$/.test(value)) return `a flag of a model-specific register is 0, 1, x or k: ${JSON.stringify(value)}`;
    const at = 63 - place.bit;
    entry.policy = entry.policy.slice(0, at) + (value === 's' ? 'k' : value) + entry.policy.slice(at + 1);
    return undefined;
  }
}

function byteLength(text: string): number {
  return new TextEncoder().encode(text).length;
}

function binary(value: bigint, length: number): string {
  return BigInt.asUintN(length, value).toString(2).padStart(length, '0');
}

/** Bits into a register's text, which has its highest bit first. */
function paste(register: string, bit: number, bits: string): string {
  const at = 32 - bits.length - bit;
  return register.slice(0, at) + bits + register.slice(at + bits.length);
}

/** The family has four bits at 8, and eight more at 20 for what is above 15. */
function family(register: string, value: bigint, bits: string): string {
  if (value < 16n) return paste(paste(register, 8, bits.slice(4)), 20, '00000000');
  const extended = binary(value - 15n, 7);
  return paste(paste(register, 8, '1111'), 20, bits.charAt(0) + extended);
}

/** The model has its lower half at 4 and its upper half at 16. */
function model(register: string, bits: string): string {
  return paste(paste(register, 16, bits.slice(0, 4)), 4, bits.slice(4));
}

const tables = new Map<XenVersion, ReadonlyMap<string, Place>>();

function placesOf(xen: XenVersion): ReadonlyMap<string, Place> {
  let table = tables.get(xen);
  if (table === undefined) tables.set(xen, (table = new Map([...featurePlaces(xen), ...fieldPlaces(xen)])));
  return table;
}

/** Names of all processor flags that a release knows. */
export function cpuFlags(xen: XenVersion): string[] {
  return [...placesOf(xen).keys()].sort();
}

function featurePlaces(xen: XenVersion): [string, Place][] {
  return FEATURE_WORDS.flatMap(([where, features]) =>
    features
      .split(/\s+/)
      .filter(Boolean)
      .flatMap((feature): [string, Place][] => {
        const [definition = '', since] = feature.split('@');
        const [name = '', bit = ''] = definition.split(':');
        return since !== undefined && !atLeast(xen, since as XenVersion) ? [] : [[name, featurePlace(where, Number(bit))]];
      }),
  );
}

function featurePlace(where: string, bit: number): Place {
  const [first = '', second = '', half] = where.split(' ');
  if (first === 'msr') return { msr: Number(second), bit: half === 'high' ? bit + 32 : bit };
  const [leaf, subleaf] = first.split('.');
  return {
    leaf: Number(leaf),
    subleaf: subleaf === undefined ? undefined : Number(subleaf),
    register: second as Register,
    bit,
    length: 1,
  };
}

function fieldPlaces(xen: XenVersion): [string, Place][] {
  return LEAF_FIELDS.split(/\s+/)
    .filter(Boolean)
    .flatMap((field): [string, Place][] => {
      const match = /^(.+):(0x[0-9a-f]+)(?:\.([0-9]+))?\.(e[abcd]x):(\d+):(\d+)(?:-(4\.\d+))?$/.exec(field);
      if (match === null) return [];
      const [, name = '', leaf, subleaf, register, bit, length, until] = match;
      if (until !== undefined && XEN_VERSIONS.indexOf(xen) > XEN_VERSIONS.indexOf(until as XenVersion)) return [];
      return [
        [
          name,
          {
            leaf: Number(leaf),
            subleaf: subleaf === undefined ? undefined : Number(subleaf),
            register: register as Register,
            bit: Number(bit),
            length: Number(length),
          },
        ],
      ];
    });
}
