import { XlConfigError } from '../errors.ts';
import type { SettingValue } from '../grammar/settings.ts';

/**
 * The escapes that libxlu decodes to what they stand for. It refuses `\xNN` and drops octal escapes, so every other
 * byte is written as itself.
 */
const ESCAPES: ReadonlyMap<string, string> = new Map([
  ['\\', '\\\\'],
  ['"', '\\"'],
  ['\n', '\\n'],
  ['\x07', '\\a'],
  ['\b', '\\b'],
  ['\f', '\\f'],
  ['\r', '\\r'],
  ['\t', '\\t'],
  ['\v', '\\v'],
]);

const SPECIAL = /[\\"\n\x07\b\f\r\t\v]/;

/** What libxlu's lexer takes for a number without quotes. */
const BARE_NUMBER = /^[0-9][0-9a-fx]*$/;

/**
 * One value as xl.cfg text. Lists that do not fit into `width` columns take a line for each item.
 * @throws XlConfigError NOT_WRITABLE for NUL bytes and unpaired surrogates, which no file can carry.
 */
export function literal(
  value: SettingValue,
  options: { readonly bare?: boolean; readonly column?: number; readonly width?: number } = {},
): string {
  if (typeof value === 'string') return options.bare === true && BARE_NUMBER.test(value) ? value : quote(value);
  const items = value.map((item) => literal(item));
  const line = `[${items.join(', ')}]`;
  if (items.length === 0 || (options.column ?? 0) + line.length <= (options.width ?? 100)) return line;
  return `[\n${items.map((item) => `  ${item},\n`).join('')}]`;
}

/** A string in double quotes, escaped so that libxlu gives back exactly these characters. */
export function quote(text: string): string {
  if (text.includes('\0')) {
    throw new XlConfigError('NOT_WRITABLE', `xl.cfg cannot carry a NUL byte: ${JSON.stringify(text)}`, {
      hint: 'Remove the NUL byte from the value.',
    });
  }
  if (!text.isWellFormed()) {
    throw new XlConfigError('NOT_WRITABLE', `a string with an unpaired surrogate has no UTF-8 form: ${JSON.stringify(text)}`, {
      hint: 'Pass well-formed Unicode text.',
    });
  }
  if (!SPECIAL.test(text)) return `"${text}"`;
  return `"${text.replace(/[\\"\n\x07\b\f\r\t\v]/g, (character) => ESCAPES.get(character) ?? character)}"`;
}
