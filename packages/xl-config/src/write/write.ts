import { XlConfigError } from '../errors.ts';
import type { SettingValue } from '../grammar/settings.ts';
import type { Written } from '../schema/kind.ts';
import { specOf, type DomainConfig } from '../schema/schema.ts';
import { placeOf } from './order.ts';
import { literal } from './literal.ts';

export interface WriteOptions {
  /** Keys that xl does not know, written last; their values as libxlu sees them. */
  readonly extensions?: Readonly<Record<string, SettingValue>>;
}

/**
 * A configuration as xl.cfg text: stable order, related keys together, read back by libxlu as exactly these values.
 * @throws XlConfigError NOT_WRITABLE for a value that the format cannot carry; UNKNOWN_KEY for a key of no xl.
 */
export function write(config: DomainConfig, options: WriteOptions = {}): string {
  const lines = [...writtenSettings(config)].map(([key, written]) => ({ ...placeOf(key), text: line(key, written) }));
  const groups: string[] = [];
  for (const { group, text } of lines.sort((a, b) => a.rank - b.rank)) groups[group] = (groups[group] ?? '') + text;
  const extensions = Object.entries(options.extensions ?? {}).map(([key, value]) => line(extensionName(key), { value }));
  return [...groups.filter((group) => group !== undefined), extensions.join('')].filter((group) => group !== '').join('\n');
}

/** Each key's value as it is written. @internal */
export function writtenSettings(config: DomainConfig): Map<string, Written> {
  const written = new Map<string, Written>();
  for (const [key, value] of Object.entries(config)) {
    if (value === undefined) continue;
    const spec = specOf(key);
    if (spec === undefined)
      throw new XlConfigError('UNKNOWN_KEY', `xl knows no key ${JSON.stringify(key)}`, {
        hint: 'Pass keys of your own as extensions.',
      });
    written.set(key, spec.kind.write(value));
  }
  return written;
}

function line(key: string, { value, bare = false }: Written): string {
  const start = `${key} = `;
  return `${start}${literal(value, { bare, column: start.length })}\n`;
}

function extensionName(key: string): string {
  if (/^[a-z][._0-9a-z]*$/.test(key)) return key;
  throw new XlConfigError('NOT_WRITABLE', `not a name that xl.cfg can hold: ${JSON.stringify(key)}`, {
    hint: 'A lower-case letter, then letters, digits, . and _.',
  });
}
