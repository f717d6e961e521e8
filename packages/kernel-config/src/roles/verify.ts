import { isOfAllVersions, type RoleOption } from './option.ts';

/** A wish that a configuration does not fulfil. Values are in `.config` notation; an absent symbol is `n`. */
export interface Miss {
  readonly symbol: string;
  readonly wanted: string;
  readonly got: string;
}

/**
 * Which of the wanted options a finished `.config` does not hold. An option that not all versions know may be missing.
 *
 * @param configText the text of the `.config` that the build uses, after `olddefconfig`
 */
export function verifyConfig(configText: string, wanted: readonly Omit<RoleOption, 'reason'>[]): readonly Miss[] {
  const values = configValues(configText);
  return wanted
    .filter((option) => values.has(option.symbol) || isOfAllVersions(option))
    .map(({ symbol, value }) => ({ symbol, wanted: value, got: values.get(symbol) ?? 'n' }))
    .filter((miss) => miss.got !== miss.wanted);
}

/** The settings of a `.config` by symbol, in its notation. `# CONFIG_X is not set` is `n`. */
export function configValues(configText: string): ReadonlyMap<string, string> {
  const values = new Map<string, string>();
  for (const line of configText.split('\n')) {
    const setting = /^CONFIG_(\w+)=(.*)$/.exec(line) ?? /^# CONFIG_(\w+) is not set$/.exec(line);
    if (setting) values.set(setting[1]!, setting[2] ?? 'n');
  }
  return values;
}
