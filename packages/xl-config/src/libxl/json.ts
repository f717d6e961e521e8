import { atLeast, XEN_VERSIONS, type XenVersion } from '../versions.ts';
import { ENUM_DEFAULTS, STRUCTS } from './layout.ts';

/** JSON as libxl prints it; whole numbers beyond 2^53 are bigint. */
export type LibxlJson = null | boolean | number | bigint | string | readonly LibxlJson[] | { readonly [name: string]: LibxlJson };
export type LibxlObject = { readonly [name: string]: LibxlJson };

/**
 * Values for the fields of one libxl struct; what is missing has libxl's initial value. Defbools are booleans,
 * enumerations words, bitmaps lists of bits, and a union is `u` beside its key.
 */
export interface Fields {
  [name: string]: FieldValue;
}
export type FieldValue = undefined | null | boolean | number | bigint | string | Fields | readonly FieldValue[];

/** A struct's fields as JSON, in libxl's order, without those that have their initial value. */
export function structJson(name: string, fields: Fields, xen: XenVersion): LibxlObject {
  const result: Record<string, LibxlJson> = {};
  for (const field of layoutOf(name, xen)) {
    if (field.union !== undefined) {
      const key = String(fields[field.union.key] ?? '');
      const member = field.union.members.get(key);
      if (member !== undefined)
        result[`${field.union.key}.${key}`] = member === '' ? {} : structJson(member, (fields[field.name] ?? {}) as Fields, xen);
      continue;
    }
    const value = fields[field.name];
    if (field.struct && !field.array) result[field.name] = structJson(field.type, (value ?? {}) as Fields, xen);
    else if (value !== undefined && value !== null && !isInitial(field, value))
      result[field.name] = field.array
        ? (value as FieldValue[]).map((item) => valueJson(field, item, xen))
        : valueJson(field, value, xen);
  }
  return result;
}

interface Field {
  readonly name: string;
  readonly type: string;
  readonly struct: boolean;
  readonly array: boolean;
  readonly initial: FieldValue;
  readonly union: { readonly key: string; readonly members: ReadonlyMap<string, string> } | undefined;
}

const layouts = new Map<XenVersion, Map<string, readonly Field[]>>();

function layoutOf(name: string, xen: XenVersion): readonly Field[] {
  let known = layouts.get(xen);
  if (known === undefined) layouts.set(xen, (known = new Map<string, readonly Field[]>()));
  let layout = known.get(name);
  if (layout === undefined) known.set(name, (layout = readLayout(name, xen)));
  return layout;
}

function readLayout(name: string, xen: XenVersion): Field[] {
  const rows = (STRUCTS[name] ?? '').trim().split(/\s+/);
  return rows.filter((row) => row !== '').flatMap((row) => fieldOf(name, row, xen) ?? []);
}

/** `name:type[=initial][@since[-until]]`. */
function fieldOf(owner: string, row: string, xen: XenVersion): Field | undefined {
  const [declaration = '', range] = row.split('@');
  const [since = '', until = ''] = (range ?? '').split('-');
  if (since !== '' && !atLeast(xen, since as XenVersion)) return undefined;
  if (until !== '' && XEN_VERSIONS.indexOf(xen) > XEN_VERSIONS.indexOf(until as XenVersion)) return undefined;
  const [, name = '', type = '', initial] = /^(\w+):((?:union\(.*\)|[\w]+)(?:\[\])?)(?:=(.*))?$/.exec(declaration) ?? [];
  const plain = type.replace('[]', '');
  return {
    name,
    type: plain,
    struct: plain in STRUCTS,
    array: type.endsWith('[]'),
    initial: initialOf(plain, initial),
    union: unionOf(owner, plain),
  };
}

function unionOf(owner: string, type: string): Field['union'] {
  const match = /^union\((\w+):\w+:(.*)\)$/.exec(type);
  if (match === null) return undefined;
  const prefix = owner.replace(/^domain_build_info$/, 'build').replace(/^device_/, '');
  const members = (match[2] as string)
    .split('|')
    .map((member): [string, string] => (member.endsWith('-') ? [member.slice(0, -1), ''] : [member, `${prefix}_${member}`]));
  return { key: match[1] as string, members: new Map(members) };
}

function initialOf(type: string, initial: string | undefined): FieldValue {
  if (initial === 'max') return type === 'uint64' ? 2n ** 64n - 1n : type === 'int' ? -1 : 0xffffffff;
  if (initial !== undefined) return Number(initial);
  if (type === 'devid') return -1;
  if (type === 'memkb') return 2n ** 64n - 1n;
  return ENUM_DEFAULTS[type];
}

function isInitial(field: Field, value: FieldValue): boolean {
  if (Array.isArray(value)) return value.length === 0;
  switch (field.type) {
    case 'defbool':
    case 'string':
      return false;
    case 'bool':
      return value === false;
    case 'uuid':
      return value === '00000000-0000-0000-0000-000000000000';
    case 'mac':
      return value === '00:00:00:00:00:00';
    case 'cpuid_policy_list': {
      const { cpuid, msr } = value as { cpuid: readonly FieldValue[]; msr: readonly FieldValue[] | null };
      return cpuid.length === 0 && msr === null;
    }
    default:
      return typeof value === 'string' ? value === field.initial : value == (field.initial ?? 0);
  }
}

function valueJson(field: Field, value: FieldValue, xen: XenVersion): LibxlJson {
  if (field.struct) return structJson(field.type, value as Fields, xen);
  if (field.type === 'defbool') return value === true ? 'True' : 'False';
  // From 4.21 libxl writes JSON with json-c, and hands 32-bit values to it as signed ones.
  if (field.type === 'uint32' && atLeast(xen, '4.21')) return Number(BigInt.asIntN(32, BigInt(value as number)));
  if (field.type === 'cpuid_policy_list') return policyJson(value as Fields, xen);
  if (typeof value === 'bigint') return value <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(value) : value;
  return value as LibxlJson;
}

function policyJson({ cpuid, msr }: Fields, xen: XenVersion): LibxlJson {
  const signed = (value: FieldValue): LibxlJson =>
    typeof value === 'number' && atLeast(xen, '4.21') ? value | 0 : (value as LibxlJson);
  const rows = (list: FieldValue): LibxlJson =>
    ((list ?? []) as Fields[]).map((row) =>
      Object.fromEntries(Object.entries(row).map(([name, value]) => [name, signed(value)])),
    );
  return { cpuid: rows(cpuid), msr: rows(msr) };
}

/** The text of libxl's JSON: two columns of indentation a level would do, libxl has four; bigints are plain digits. */
export function stringifyLibxl(json: LibxlJson, indent = '    ', start = ''): string {
  if (typeof json === 'bigint') return String(json);
  if (json === null || typeof json !== 'object') return JSON.stringify(json);
  const inner = start + indent;
  if (Array.isArray(json)) {
    if (json.length === 0) return '[\n\n' + start + ']';
    return `[\n${json.map((item: LibxlJson) => inner + stringifyLibxl(item, indent, inner)).join(',\n')}\n${start}]`;
  }
  const entries = Object.entries(json as LibxlObject);
  if (entries.length === 0) return '{\n\n' + start + '}';
  return `{\n${entries.map(([name, value]) => `${inner}${JSON.stringify(name)}: ${stringifyLibxl(value, indent, inner)}`).join(',\n')}\n${start}}`;
}
