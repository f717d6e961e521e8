import type { RoleOption } from './option.ts';

/**
 * A `.config` fragment: each reason as a comment above the lines that it explains.
 *
 * The small way to use it is `make KCONFIG_ALLCONFIG=<fragment> allnoconfig`: what it does not name is off. Appended to
 * `tinyconfig`'s `.config` before `make olddefconfig` it works too, but `olddefconfig` gives every option that only now
 * became visible its default, which adds some 250 (mice, wireless, CPU frequency …).
 */
export function fragment(options: readonly RoleOption[]): string {
  const lines: string[] = [];
  let reason: string | undefined;
  for (const option of options) {
    if (option.reason !== reason) lines.push(...(reason === undefined ? [] : ['']), `# ${option.reason}`);
    reason = option.reason;
    lines.push(option.value === 'n' ? `# CONFIG_${option.symbol} is not set` : `CONFIG_${option.symbol}=${option.value}`);
  }
  return `${lines.join('\n')}\n`;
}
