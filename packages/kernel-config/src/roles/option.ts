/**
 * One wish about one symbol.
 *
 * `value` is in the notation of a `.config` line: `y`, `m`, `n`, `100`, `0x1000`, `"-xen-dom0"` (strings with their quotes).
 * `n` means "not set": an option that the tree does not have fulfils it.
 */
export interface RoleOption {
  /** The symbol's name without the `CONFIG_` prefix. */
  readonly symbol: string;
  readonly value: string;
  /** Why a kernel of this role wants it, for a person who wonders about the line. */
  readonly reason: string;
  /** The first version of Linux that has the symbol: `6.9`. @default all that this package knows */
  readonly since?: string;
  /** The last one. @default all since */
  readonly until?: string;
}

/** Options that share one reason. A name alone means `y`; `NAME=value` says otherwise. */
export function because(reason: string, ...settings: readonly string[]): readonly RoleOption[] {
  return settings.map((setting) => {
    const equals = setting.indexOf('=');
    return equals < 0
      ? { symbol: setting, value: 'y', reason }
      : { symbol: setting.slice(0, equals), value: setting.slice(equals + 1), reason };
  });
}

/** Options whose symbols came with a version. */
export function since(version: string, options: readonly RoleOption[]): readonly RoleOption[] {
  return options.map((option) => ({ ...option, since: version }));
}

/** Options whose symbols were there for the last time in a version. */
export function until(version: string, options: readonly RoleOption[]): readonly RoleOption[] {
  return options.map((option) => ({ ...option, until: version }));
}

export function isOfAllVersions({ since: first, until: last }: Pick<RoleOption, 'since' | 'until'>): boolean {
  return first === undefined && last === undefined;
}

/** Whether a version of Linux (`6.12`, `6.12.107`) has the symbol, as far as the option knows. */
export function isKnownTo(version: string, { since: first, until: last }: Pick<RoleOption, 'since' | 'until'>): boolean {
  return (first === undefined || difference(version, first) >= 0) && (last === undefined || difference(version, last) <= 0);
}

/** Negative if a version is before a bound: 6.8.12 is neither before nor after 6.8. */
function difference(version: string, bound: string): number {
  const parts = version.split('.').map((part) => Number.parseInt(part, 10));
  const differences = bound.split('.').map((part, at) => (parts[at] ?? 0) - Number(part));
  return differences.find((each) => each !== 0) ?? 0;
}
