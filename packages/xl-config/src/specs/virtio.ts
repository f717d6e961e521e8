import type { Fields } from '../libxl/json.ts';
import { strtok, strtoul } from '../schema/c.ts';
import { devices } from '../schema/kinds.ts';
import type { ReadContext } from '../schema/kind.ts';
import { XlConfigError } from '../errors.ts';
import { defined, formatOptions, unknownOption } from './options.ts';

/** One entry of `virtio` (since Xen 4.18). */
export interface Virtio {
  readonly backend?: string;
  /** `virtio,device<N>` in lower-case hexadecimal, or `i2c`, `gpio`. */
  readonly type?: string;
  readonly transport?: 'mmio' | 'unknown';
  readonly grant_usage?: boolean;
}

export const virtios = devices<Virtio>('list of virtio devices', readVirtio, formatVirtio);

function readVirtio(text: string, context: ReadContext, item: number): Virtio | undefined {
  const virtio: { -readonly [K in keyof Virtio]: Virtio[K] } = {};
  const pieces = strtok(text);
  for (let at = 0; at < pieces.length; at++) {
    const option = (pieces[at] as string).replace(/^ +/, '');
    const value = option.slice(option.indexOf('=') + 1);
    if (option.startsWith('backend=')) virtio.backend = value;
    else if (option.startsWith('grant_usage=')) virtio.grant_usage = strtoul(value, 0).value !== 0n;
    else if (option.startsWith('type=')) {
      // The type may hold a comma: xl takes the next piece along.
      const next = value.startsWith('virtio') ? pieces[++at] : '';
      if (next === undefined)
        return void context.refuse('BAD_VALUE', `virtio: xl crashes on ${option} as the last option`, {
          item,
          hint: 'Write type=virtio,deviceN.',
        });
      virtio.type = next === '' ? value : `${value},${next}`;
    } else if (!option.startsWith('transport='))
      return unknownOption(context, item, option, ['backend', 'type', 'transport', 'grant_usage']);
    else if (!/^(mmio|unknown)$/i.test(value))
      return void context.refuse('BAD_VALUE', `virtio: unknown transport ${JSON.stringify(value)}`, {
        item,
        hint: 'Only mmio is known.',
      });
    else virtio.transport = value.toLowerCase() as 'mmio' | 'unknown';
  }
  return virtio;
}

function formatVirtio(virtio: Virtio): string {
  const { type, ...rest } = virtio;
  const others = formatOptions(
    'virtio',
    Object.entries(rest).map(([name, value]) => [name, typeof value === 'boolean' ? (value ? 1 : 0) : value]),
  );
  if (type === undefined) return others;
  if (!/^(virtio[^,]*,[^,]+|(?!virtio)[^,]*)$/.test(type))
    throw new XlConfigError('NOT_WRITABLE', `not a virtio type: ${JSON.stringify(type)}`, {
      hint: 'Like virtio,device22 or i2c.',
    });
  return others === '' ? `type=${type}` : `type=${type},${others}`;
}

/** @internal */
export function virtioToLibxl(virtio: Virtio, index: number): Fields {
  return defined({
    backend_domname: virtio.backend,
    type: virtio.type,
    transport: virtio.transport,
    grant_usage: virtio.grant_usage,
    devid: index,
  });
}
