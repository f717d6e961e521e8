import type { Fields } from '../libxl/json.ts';
import { int, strtoul } from '../schema/c.ts';
import { devices } from '../schema/kinds.ts';
import type { ReadContext } from '../schema/kind.ts';
import { atLeast } from '../versions.ts';
import { defined, formatOptions, optionsUntilBare, pairsOf, unknownOption } from './options.ts';
import { parseUuid } from './uuid.ts';

/** One entry of `vtpm`: a trusted platform module, served by a domain. */
export interface Vtpm {
  readonly backend: string;
  readonly uuid?: string;
}

export const vtpms = devices<Vtpm>('list of TPMs', readVtpm, (vtpm) => formatOptions('vtpm', Object.entries(vtpm)));

function readVtpm(text: string, context: ReadContext, item: number): Vtpm | undefined {
  let backend: string | undefined;
  let uuid: string | undefined;
  for (const { name, value } of optionsUntilBare(text)) {
    if (name === 'backend') backend = value;
    else if (name !== 'uuid') return unknownOption(context, item, name, ['backend', 'uuid']);
    else {
      uuid = parseUuid(value);
      if (uuid === undefined) return void context.refuse('BAD_VALUE', `vtpm: not a UUID: ${JSON.stringify(value)}`, { item });
    }
  }
  if (backend === undefined)
    return void context.refuse('MISSING', 'vtpm: backend is missing', { item, hint: 'Add backend=DOMAIN.' });
  return defined({ backend, uuid });
}

/** @internal */
export function vtpmToLibxl(vtpm: Vtpm, index: number): Fields {
  return defined({ backend_domname: vtpm.backend, uuid: vtpm.uuid, devid: index });
}

/** One entry of `pvcalls`. */
export interface PvCalls {
  readonly backend?: string;
}

export const pvcalls = devices<PvCalls>('list of PV calls devices', readPvcalls, (device) =>
  formatOptions('pvcalls', Object.entries(device)),
);

function readPvcalls(text: string, context: ReadContext, item: number): PvCalls | undefined {
  let device: PvCalls = {};
  for (const { name, value } of optionsUntilBare(text)) {
    if (name !== 'backend') return unknownOption(context, item, name, ['backend']);
    device = { backend: value };
  }
  return device;
}

/** @internal */
export function pvcallsToLibxl(device: PvCalls, index: number): Fields {
  return defined({ backend_domname: device.backend, devid: index });
}

/** One entry of `p9`: a folder of the host, shared by the 9P protocol. */
export interface P9 {
  readonly tag?: string;
  readonly path?: string;
  readonly security_model?: string;
  /** @default 'Domain-0' */
  readonly backend?: string;
  /** Since Xen 4.19, as are the options below. */
  readonly type?: 'unknown' | 'qemu' | 'xen_9pfsd';
  readonly 'max-files'?: number;
  readonly 'max-open-files'?: number;
  /** MiB. */
  readonly 'max-space'?: number;
  readonly 'auto-delete'?: boolean;
}

const P9_TEXTS = ['tag', 'path', 'security_model', 'backend'] as const;
const P9_NUMBERS = ['max-files', 'max-open-files', 'max-space'] as const;
const P9_TYPES = ['unknown', 'qemu', 'xen_9pfsd'] as const;

export const p9s = devices<P9>('list of shared folders', readP9, (p9) =>
  formatOptions(
    'p9',
    Object.entries(p9).map(([name, value]) => [name, typeof value === 'boolean' ? (value ? 1 : 0) : (value as string | number)]),
    true,
  ),
);

function readP9(text: string, context: ReadContext, item: number): P9 | undefined {
  const pairs = atLeast(context.xen, '4.18') ? pairsOf(text, context.xen) : optionsUntilBare(text);
  if (pairs === undefined)
    return void context.refuse('BAD_VALUE', `p9 ${JSON.stringify(text)}: options are name=value`, { item });
  const p9: { -readonly [K in keyof P9]: P9[K] } = {};
  const fresh = atLeast(context.xen, '4.19');
  for (const { name, value } of pairs) {
    const word = P9_TEXTS.find((known) => known === name);
    const number = fresh ? P9_NUMBERS.find((known) => known === name) : undefined;
    if (word !== undefined) p9[word] = value;
    else if (number !== undefined) {
      const { value: parsed, length } = strtoul(value, 10);
      if (length === 0 || parsed === 2n ** 64n - 1n)
        return void context.refuse('BAD_VALUE', `p9: ${name} is not a number: ${JSON.stringify(value)}`, { item });
      p9[number] = int(parsed);
    } else if (fresh && name === 'auto-delete') p9['auto-delete'] = strtoul(value, 0).value !== 0n;
    else if (fresh && name === 'type') {
      const type = P9_TYPES.find((known) => known === value.toLowerCase());
      if (type === undefined)
        return void context.refuse('BAD_VALUE', `p9: unknown type ${JSON.stringify(value)}`, {
          item,
          hint: 'Known are qemu and xen_9pfsd.',
        });
      p9.type = type;
    } else return unknownOption(context, item, name, fresh ? [...P9_TEXTS, ...P9_NUMBERS, 'auto-delete', 'type'] : P9_TEXTS);
  }
  const missing = P9_TEXTS.slice(0, 3).find((name) => p9[name] === undefined);
  if (!fresh && missing !== undefined) return void context.refuse('MISSING', `p9: ${missing} is missing`, { item });
  return p9;
}

/** @internal */
export function p9ToLibxl(p9: P9, domain: string): Fields {
  return defined({
    backend_domname: p9.backend,
    tag: p9.tag,
    path: p9.path ?? (p9.type === 'xen_9pfsd' ? `/var/log/xen/guests/${domain}` : undefined),
    security_model: p9.security_model,
    type: p9.type,
    max_space: p9['max-space'],
    max_files: p9['max-files'],
    max_open_files: p9['max-open-files'],
    auto_delete: p9['auto-delete'],
  });
}
