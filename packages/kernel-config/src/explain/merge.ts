import { settingsOf } from '../kconfig/read-config.ts';

export interface Fragment {
  /** The name that conflicts are reported with. */
  readonly file: string;
  readonly text: string;
}

/** One symbol that fragments want to have different values. */
export interface MergeConflict {
  readonly symbol: string;
  readonly wanted: readonly { readonly value: string; readonly file: string; readonly line: number }[];
}

export interface Merged {
  /** Values in `.config` notation by symbol, in alphabetical order; conflicting symbols are left out. */
  readonly settings: ReadonlyMap<string, string>;
  readonly conflicts: readonly MergeConflict[];
}

/**
 * Puts fragments together. The order of fragments does not matter: where two want different values of a symbol, that is
 * a conflict and not a race. Within one fragment the last line counts.
 */
export function mergeFragments(fragments: readonly Fragment[], prefix = 'CONFIG_'): Merged {
  const wishes = new Map<string, { value: string; file: string; line: number }[]>();
  for (const { file, text } of fragments) {
    const own = new Map([...settingsOf(text, prefix, false, () => undefined)].map((setting) => [setting.name, setting]));
    for (const { name, value, line } of own.values()) {
      const list = wishes.get(name) ?? [];
      list.push({ value, file, line });
      wishes.set(name, list);
    }
  }
  const settings = new Map<string, string>();
  const conflicts: MergeConflict[] = [];
  for (const [symbol, list] of [...wishes].sort(([a], [b]) => (a < b ? -1 : 1))) {
    if (new Set(list.map(({ value }) => value)).size === 1) settings.set(symbol, list[0]!.value);
    else
      conflicts.push({ symbol, wanted: list.toSorted((a, b) => (a.file < b.file ? -1 : a.file > b.file ? 1 : a.line - b.line)) });
  }
  return { settings, conflicts };
}

/** The text of a fragment with these settings. */
export function settingsText(settings: ReadonlyMap<string, string>, prefix = 'CONFIG_'): string {
  return [...settings]
    .map(([name, value]) => (value === 'n' ? `# ${prefix}${name} is not set\n` : `${prefix}${name}=${value}\n`))
    .join('');
}
