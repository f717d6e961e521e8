import { existsSync, mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, isAbsolute, join } from 'node:path';

import type { Configuration } from '../kconfig/configuration.ts';
import { NO } from '../kconfig/expression.ts';
import { quote, settingsOf, unquote } from '../kconfig/read-config.ts';
import type { KconfigSymbol } from '../kconfig/symbol.ts';
import { heading } from '../kconfig/write-config.ts';

export interface AutoConfOptions {
  readonly configuration: Configuration;
  readonly cwd: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly prefix: string;
  /** The text of a file of the working directory, or else of the tree. */
  readonly open: (name: string) => string | undefined;
  /** Write although auto.conf is there. */
  readonly overwrite: boolean;
}

/**
 * Writes what a build includes: auto.conf, auto.conf.cmd, autoconf.h, rustc_cfg, and touches the file of each symbol that
 * changed since the last auto.conf.
 *
 * @returns false if a file could not be written
 */
export function writeAutoConf(options: AutoConfOptions): boolean {
  const { configuration, cwd, environment, prefix } = options;
  const { dialect, symbols } = configuration.tree;
  const name = environment.KCONFIG_AUTOCONFIG ?? 'include/config/auto.conf';
  const path = (file: string): string => (isAbsolute(file) ? file : join(cwd, file));
  if (!options.overwrite && existsSync(path(name))) return true;
  try {
    replace(path(rulesFile(options, name)), dependencyRules(configuration, name));
    if (dialect.separateSync && !existsSync(dirname(path(name)))) return false;
    const ordered = symbols.inHashOrder(dialect.symbolBuckets);
    for (const symbol of ordered) configuration.compute(symbol);
    const folder = dialect.dependencyFolder === 'fixed' ? path('include/config') : dirname(path(name));
    touchChanged(configuration, options.open(name), folder, prefix);
    const written = ordered.filter((symbol) => symbol.written && symbol.name !== undefined && symbol.type !== 'unknown');
    const lines = (line: (symbol: KconfigSymbol) => string): string => written.map(line).join('');
    replace(
      path(environment.KCONFIG_AUTOHEADER ?? 'include/generated/autoconf.h'),
      heading(configuration, 'c') + lines((symbol) => headerLine(configuration, symbol, prefix)),
    );
    if (dialect.rustConfig) {
      replace(
        path(environment.KCONFIG_RUSTCCFG ?? 'include/generated/rustc_cfg'),
        lines((symbol) => rustLines(configuration, symbol, prefix)),
      );
    }
    if (dialect.tristateConf) {
      replace(
        path(environment.KCONFIG_TRISTATE ?? 'include/config/tristate.conf'),
        heading(configuration, 'hash') + lines((symbol) => tristateLine(configuration, symbol, prefix)),
      );
    }
    // Last, because its presence says that the others are complete.
    replace(path(name), heading(configuration, 'hash') + lines((symbol) => makeLine(configuration, symbol, prefix)));
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === undefined) throw error;
    return false;
  }
}

function replace(path: string, text: string): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(`${path}.tmp`, text, 'latin1');
  renameSync(`${path}.tmp`, path);
}

function makeLine(configuration: Configuration, symbol: KconfigSymbol, prefix: string): string {
  const value = configuration.text(symbol);
  if ((symbol.type === 'bool' || symbol.type === 'tristate') && value === 'n') return '';
  const isQuoted = symbol.type === 'string' && configuration.tree.dialect.quotedAutoConf;
  return `${prefix}${symbol.name}=${isQuoted ? quote(value) : value}\n`;
}

function tristateLine(configuration: Configuration, symbol: KconfigSymbol, prefix: string): string {
  const value = configuration.text(symbol);
  return symbol.type !== 'tristate' || value === 'n' ? '' : `${prefix}${symbol.name}=${value.toUpperCase()}\n`;
}

function headerLine(configuration: Configuration, symbol: KconfigSymbol, prefix: string): string {
  const value = configuration.text(symbol);
  const define = (suffix: string, text: string): string => `#define ${prefix}${symbol.name}${suffix} ${text}\n`;
  switch (symbol.type) {
    case 'bool':
    case 'tristate':
      return value === 'n' ? '' : define(value === 'm' ? '_MODULE' : '', '1');
    case 'hex':
      return define('', withPrefix(value));
    case 'string':
      return define('', quote(value));
    default:
      return define('', value);
  }
}

function rustLines(configuration: Configuration, symbol: KconfigSymbol, prefix: string): string {
  const value = configuration.text(symbol);
  const isLogical = symbol.type === 'bool' || symbol.type === 'tristate';
  if (isLogical && value === 'n') return '';
  const set = isLogical ? `--cfg=${prefix}${symbol.name}\n` : '';
  return `${set}--cfg=${prefix}${symbol.name}=${quote(symbol.type === 'hex' ? withPrefix(value) : value)}\n`;
}

function withPrefix(hex: string): string {
  return /^0[xX]/.test(hex) ? hex : `0x${hex}`;
}

/** Where the rules for make go. */
function rulesFile({ configuration, environment }: AutoConfOptions, name: string): string {
  const { rulesFile: place, configVariable } = configuration.tree.dialect;
  if (place === 'beside') return `${name}.cmd`;
  return place === 'fixed' ? 'include/config/auto.conf.cmd' : join(dirname(environment[configVariable] ?? ''), '.config.cmd');
}

/** Rules for make: auto.conf is out of date when a Kconfig file or a referenced environment variable changes. */
function dependencyRules(configuration: Configuration, name: string): string {
  const { files, environment, dialect } = configuration.tree;
  const variables = (target: string, gap: string): string =>
    [...environment].map(([variable, value]) => `${gap}ifneq "$(${variable})" "${value}"\n${target}: FORCE\nendif\n`).join('');
  switch (dialect.dependencyRules) {
    case 'variable': {
      const list = files.map((file) => `\t${file} \\\n`).join('');
      return `autoconfig := ${name}\n\ndeps_config := \\\n${list}\n$(autoconfig): $(deps_config)\n$(deps_config): ;\n${variables('$(autoconfig)', '\n')}`;
    }
    case 'open-list': {
      const list = files
        .toReversed()
        .map((file) => `\t${file} \\\n`)
        .join('');
      return `deps_config := \\\n${list}\n${name}: $(deps_config)\n\n${variables(name, '')}\n$(deps_config): ;\n`;
    }
    case 'list': {
      const list = files
        .toReversed()
        .map((file) => `\t${file}`)
        .join(' \\\n');
      return `deps_config := \\\n${list}\n\n${name}: \\\n\t$(deps_config)\n\n${variables(name, '')}\n$(deps_config): ;\n`;
    }
  }
}

/** Touches the dependency file of each symbol whose value is not the one in the old auto.conf. */
function touchChanged(configuration: Configuration, autoConf: string | undefined, folder: string, prefix: string): void {
  const { symbols, dialect } = configuration.tree;
  const touch = (name: string): void => {
    const file = dialect.dependencyFiles === 'flat' ? name : `${name.toLowerCase().replaceAll('_', '/')}.h`;
    const target = join(folder, file);
    if (dialect.dependencyFiles === 'parts') mkdirSync(dirname(target), { recursive: true });
    writeFileSync(target, '');
  };
  const old = new Map<KconfigSymbol, string>();
  if (autoConf !== undefined) {
    for (const { name, value } of settingsOf(autoConf, prefix, false, () => undefined)) {
      const symbol = symbols.find(name);
      if (symbol !== undefined)
        old.set(symbol, symbol.type === 'string' && dialect.quotedAutoConf ? (unquote(value) ?? value) : value);
      else if (/^\w+$/.test(name)) touch(name);
    }
  }
  for (const symbol of symbols.all()) {
    if (symbol.isChoice || symbol.name === undefined || symbol.isConstant || symbol.isHidden) continue;
    const before = old.get(symbol);
    if (symbol.written) {
      const isLogical = symbol.type === 'bool' || symbol.type === 'tristate';
      if (before === undefined ? isLogical && symbol.tristate === NO : before === configuration.text(symbol)) continue;
    } else if (before === undefined) continue;
    touch(symbol.name);
  }
}
