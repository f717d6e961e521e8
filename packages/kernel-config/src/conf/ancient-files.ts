import { existsSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import type { Configuration } from '../kconfig/configuration.ts';
import { NO } from '../kconfig/expression.ts';
import { nextInTree } from '../kconfig/menu.ts';
import { configLine } from '../kconfig/write-config.ts';
import { quote } from '../kconfig/read-config.ts';
import type { KconfigSymbol } from '../kconfig/symbol.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** The text of `.config` as ancient dialects have it: every symbol at each place where it is defined. */
export function ancientConfig(configuration: Configuration, environment: Environment): string {
  return `#\n# Automatically generated make config: don't edit\n# Busybox version: ${environment.KERNELVERSION ?? ''}\n${timeLine(environment)}#\n${body(
    configuration,
    '\n#\n# ',
    '\n#\n',
    (symbol) =>
      symbol.type === 'int' && configuration.text(symbol) === ''
        ? `CONFIG_${symbol.name}=0\n`
        : configLine(configuration, symbol),
  )}`;
}

/**
 * Writes `.config`, `include/autoconf.h` and the rules for make.
 *
 * @returns false if a file could not be written
 */
export function writeAncient(configuration: Configuration, cwd: string, environment: Environment): boolean {
  const path = (name: string): string => join(cwd, name);
  try {
    writeFileSync(path('.kconfig.d'), rules(configuration));
    writeFileSync(path('.tmpconfig.h'), header(configuration, environment), 'latin1');
    writeFileSync(path(`.tmpconfig.${process.pid}`), ancientConfig(configuration, environment), 'latin1');
    // Without the folder, the header stays where it is.
    if (existsSync(path('include'))) renameSync(path('.tmpconfig.h'), path('include/autoconf.h'));
    if (existsSync(path('.config'))) renameSync(path('.config'), path('.config.old'));
    renameSync(path(`.tmpconfig.${process.pid}`), path('.config'));
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === undefined) throw error;
    return false;
  }
}

function body(configuration: Configuration, open: string, close: string, line: (symbol: KconfigSymbol) => string): string {
  const { root } = configuration.tree;
  const parts: string[] = [];
  for (let menu = nextInTree(root, root); menu !== undefined; menu = nextInTree(menu, root)) {
    const { symbol } = menu;
    if (symbol === undefined) {
      if (configuration.isMenuVisible(menu)) parts.push(`${open}${menu.prompt!.text}${close}`);
    } else if (!symbol.isChoice) parts.push(line(symbol));
  }
  return parts.join('');
}

function header(configuration: Configuration, environment: Environment): string {
  const define = (symbol: KconfigSymbol): string => {
    const value = configuration.text(symbol);
    const { name } = symbol;
    const isLogical = symbol.type === 'bool' || symbol.type === 'tristate';
    if (symbol.type === 'unknown') return '';
    if (isLogical && configuration.tristate(symbol) === NO) {
      return `#undef CONFIG_${name}\n#define ENABLE_${name} 0\n#define IF_${name}(...)\n#define IF_NOT_${name}(...) __VA_ARGS__\n`;
    }
    if (value === 'm' && isLogical) return `#define CONFIG_${name}_MODULE 1\n`;
    return (
      `#define CONFIG_${name} ${isLogical ? '1' : symbol.type === 'string' ? quote(value) : symbol.type === 'hex' && !/^0[xX]/.test(value) ? `0x${value}` : value === '' ? '0' : value}\n` +
      `#define ENABLE_${name} 1\n#ifdef MAKE_SUID\n# define IF_${name}(...) __VA_ARGS__ "CONFIG_${name}"\n#else\n# define IF_${name}(...) __VA_ARGS__\n#endif\n#define IF_NOT_${name}(...)\n`
    );
  };
  const stamp = environment.KCONFIG_NOTIMESTAMP ? '' : stampOf(environment);
  return (
    `/*\n * Automatically generated C config: don't edit\n * Busybox version: ${environment.KERNELVERSION ?? ''}\n */\n` +
    `#define AUTOCONF_TIMESTAMP "${stamp}"\n\n${body(configuration, '\n/*\n * ', '\n */\n', define)}`
  );
}

/** The time of writing, or of `SOURCE_DATE_EPOCH`. */
function timeOf({ SOURCE_DATE_EPOCH: epoch }: Environment): { time: Date; isGiven: boolean } {
  const isGiven = epoch !== undefined && /^\d+$/.test(epoch);
  return { time: isGiven ? new Date(Number(epoch) * 1000) : new Date(), isGiven };
}

/** The line with the time, as ctime(3) has it. */
function timeLine(environment: Environment): string {
  if (environment.KCONFIG_NOTIMESTAMP) return '';
  const { time } = timeOf(environment);
  const [day, month, date, year, clock] = time.toString().split(' ');
  return `# ${day} ${month} ${date!.replace(/^0/, ' ')} ${clock} ${year}\n`;
}

function stampOf(environment: Environment): string {
  const { time, isGiven } = timeOf(environment);
  const shown = isGiven ? time : new Date(time.getTime() - time.getTimezoneOffset() * 60_000);
  const zone = isGiven ? 'GMT' : new Intl.DateTimeFormat('en', { timeZoneName: 'short' }).format(time).split(' ').at(-1);
  return `${shown.toISOString().slice(0, 19).replace('T', ' ')} ${zone}`;
}

function rules(configuration: Configuration): string {
  const list = configuration.tree.files
    .toReversed()
    .map((file) => `\t${file}`)
    .join(' \\\n');
  return `deps_config := \\\n${list}\n\n.config include/autoconf.h: $(deps_config)\n\ninclude/autoconf.h: .config\n\n$(deps_config):\n`;
}
