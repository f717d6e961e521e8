import type { Fields } from '../libxl/json.ts';
import { strtoul } from '../schema/c.ts';
import { devices } from '../schema/kinds.ts';
import type { ReadContext } from '../schema/kind.ts';
import { defined, formatOptions, optionsOf, unknownOption } from './options.ts';

/** One entry of `vkb`: a paravirtual keyboard and pointer. */
export interface Keyboard {
  readonly 'backend-type': 'qemu' | 'linux';
  readonly backend?: string;
  readonly 'unique-id'?: string;
  readonly 'feature-disable-keyboard'?: boolean;
  readonly 'feature-disable-pointer'?: boolean;
  readonly 'feature-abs-pointer'?: boolean;
  readonly 'feature-raw-pointer'?: boolean;
  readonly 'feature-multi-touch'?: boolean;
  readonly 'multi-touch-width'?: number;
  readonly 'multi-touch-height'?: number;
  readonly 'multi-touch-num-contacts'?: number;
  readonly width?: number;
  readonly height?: number;
}

const FLAGS = [
  'feature-disable-keyboard',
  'feature-disable-pointer',
  'feature-abs-pointer',
  'feature-raw-pointer',
  'feature-multi-touch',
] as const;
const NUMBERS = ['multi-touch-width', 'multi-touch-height', 'multi-touch-num-contacts', 'width', 'height'] as const;
const KNOWN = ['backend-type', 'backend', 'unique-id', ...FLAGS, ...NUMBERS];

export const keyboards = devices<Keyboard>('list of keyboards', readKeyboard, formatKeyboard);

function readKeyboard(text: string, context: ReadContext, item: number): Keyboard | undefined {
  const result: { -readonly [K in keyof Keyboard]?: Keyboard[K] | undefined } = {};
  for (const { name, value, text: option } of optionsOf(text)) {
    if (value === undefined) return unknownOption(context, item, option, KNOWN);
    const flag = FLAGS.find((known) => known === name);
    const number = NUMBERS.find((known) => known === name);
    if (flag !== undefined) result[flag] = strtoul(value, 0).value !== 0n;
    else if (number !== undefined) result[number] = Number(strtoul(value, 0).value & 0xffffffffn);
    else if (name === 'backend' || name === 'unique-id') result[name] = value;
    else if (name !== 'backend-type') return unknownOption(context, item, option, KNOWN);
    else if (!/^(qemu|linux|unknown)$/i.test(value))
      return void context.refuse('BAD_VALUE', `vkb: unknown backend-type ${JSON.stringify(value)}`, {
        item,
        hint: 'Known are qemu and linux.',
      });
    else result['backend-type'] = value.toLowerCase() === 'unknown' ? undefined : (value.toLowerCase() as 'qemu' | 'linux');
  }
  if (result['backend-type'] === undefined)
    return void context.refuse('MISSING', 'vkb: backend-type is missing', {
      item,
      hint: 'Add backend-type=qemu or backend-type=linux.',
    });
  const touch =
    (result['multi-touch-width'] ?? 0) + (result['multi-touch-height'] ?? 0) + (result['multi-touch-num-contacts'] ?? 0) > 0;
  if (result['feature-multi-touch'] === true && !touch) {
    return void context.refuse('MISSING', 'vkb: multi-touch needs multi-touch-width, -height or -num-contacts', { item });
  }
  return (touch ? { ...result, 'feature-multi-touch': true } : result) as Keyboard;
}

function formatKeyboard(keyboard: Keyboard): string {
  return formatOptions(
    'vkb',
    Object.entries(keyboard).map(([name, value]) => [
      name,
      typeof value === 'boolean' ? (value ? 1 : 0) : (value as string | number),
    ]),
  );
}

/** @internal */
export function keyboardToLibxl(keyboard: Keyboard, index: number): Fields {
  const named = Object.entries(keyboard).map(([name, value]): [string, unknown] => [
    LIBXL_NAMES[name] ?? name.replaceAll('-', '_'),
    value,
  ]);
  return defined({ ...(Object.fromEntries(named) as Fields), devid: index });
}

const LIBXL_NAMES: Readonly<Record<string, string>> = { backend: 'backend_domname' };
