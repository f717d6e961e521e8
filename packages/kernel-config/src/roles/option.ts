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
