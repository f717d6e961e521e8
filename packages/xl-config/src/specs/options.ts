import { XlConfigError } from '../errors.ts';
import { strtok } from '../schema/c.ts';
import type { ReadContext } from '../schema/kind.ts';
import { atLeast, type XenVersion } from '../versions.ts';

/** `name=value` cut at the first `=`; the value is missing without one. */
export interface Option {
  readonly name: string;
  readonly value: string | undefined;
  readonly text: string;
}

/** A device string cut at commas as strtok(3) does it, spaces before each option dropped. */
export function optionsOf(text: string): Option[] {
  return strtok(text).map((piece) => {
    const option = piece.replace(/^ +/, '');
    const equals = option.indexOf('=');
    return equals === -1
      ? { name: option, value: undefined, text: option }
      : { name: option.slice(0, equals), value: option.slice(equals + 1), text: option };
  });
}

/** Options up to the first one without `=`, where the older readers of xl stop. */
export function optionsUntilBare(text: string): { readonly name: string; readonly value: string }[] {
  const options = optionsOf(text);
  const end = options.findIndex(({ value }) => value === undefined);
  return (end === -1 ? options : options.slice(0, end)) as { name: string; value: string }[];
}

/**
 * Options with white space around name and value dropped, as the newer readers of xl take them; `undefined` where xl
 * ends. Up to 4.17 a second `=` cut the value short.
 */
export function pairsOf(text: string, xen: XenVersion): { readonly name: string; readonly value: string }[] | undefined {
  const pieces = strtok(text);
  if (pieces.length === 0) return undefined;
  const pairs = pieces.map((piece) => pairOf(piece, '=', xen));
  return pairs.every((pair) => pair !== undefined)
    ? pairs.map(([name, value]) => ({ name: name.trim(), value: value.trim() }))
    : undefined;
}

/** A text in two at a separator; `undefined` when a half is missing. */
export function pairOf(text: string, separator: string, xen: XenVersion): [string, string] | undefined {
  if (!atLeast(xen, '4.18')) {
    const [name, value] = strtok(text, separator);
    return name === undefined || value === undefined ? undefined : [name, value];
  }
  const at = text.indexOf(separator);
  return at === -1 || at === text.length - 1 ? undefined : [text.slice(0, at), text.slice(at + 1)];
}

type OptionValue = string | number | bigint | undefined;

/**
 * Named options joined with commas; those without a value are left out.
 * @throws XlConfigError NOT_WRITABLE for what a comma-separated string cannot carry.
 */
export function formatOptions(
  device: string,
  options: readonly (readonly [name: string, value: OptionValue])[],
  trimmed = false,
): string {
  return options
    .flatMap(([name, value]) => (value === undefined ? [] : [`${name}=${carried(`${device} ${name}`, String(value), trimmed)}`]))
    .join(',');
}

/** A value that an option can hold: no comma, and nothing that xl would trim or refuse. */
export function carried(what: string, value: string, trimmed = false): string {
  const fault = value.includes(',')
    ? 'a comma'
    : trimmed && (value !== value.trim() || value === '')
      ? 'nothing, or white space at an end'
      : undefined;
  if (fault === undefined) return value;
  throw new XlConfigError('NOT_WRITABLE', `${what} cannot hold ${fault}: ${JSON.stringify(value)}`, {
    hint: 'The format has no escape for it; choose another value.',
  });
}

/** xl does not know the option: it ends. */
export function unknownOption(context: ReadContext, item: number, option: string, known: readonly string[]): undefined {
  context.refuse('BAD_VALUE', `${context.key}: unknown option ${JSON.stringify(option)}`, {
    item,
    hint: `Known are ${known.join(', ')}.`,
  });
  return undefined;
}

/** Values without `undefined`, as exact optional properties want them. */
export function defined<T extends object>(value: T): { [K in keyof T]: Exclude<T[K], undefined> } {
  const fields: Record<string, unknown> = {};
  for (const [name, field] of Object.entries(value)) if (field !== undefined) fields[name] = field;
  return fields as { [K in keyof T]: Exclude<T[K], undefined> };
}
