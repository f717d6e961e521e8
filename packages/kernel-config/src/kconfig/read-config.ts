import { choiceMenuOf, prioritise } from './choices.ts';
import type { Configuration } from './configuration.ts';
import { MOD, NO, YES } from './expression.ts';
import type { KconfigSymbol } from './symbol.ts';
import { isValidText } from './values.ts';

/** A line of a `.config` that could not be taken as it stands. */
export interface ConfigWarning {
  readonly file: string;
  readonly line: number;
  readonly message: string;
}

export interface ReadOptions {
  /** The name of the file, for warnings. */
  readonly file: string;
  /** Warn of symbols that the tree does not have (`KCONFIG_WARN_UNKNOWN_SYMBOLS`). @default false */
  readonly warnUnknown?: boolean;
  /** What the names of symbols begin with in the file. @default what the tree has: `CONFIG_` mostly */
  readonly prefix?: string;
}

/** One line of a `.config` that sets something. */
export interface Setting {
  readonly name: string;
  readonly value: string;
  readonly line: number;
}

/**
 * The settings of a `.config`, line by line.
 *
 * @param loose take `# X is not set` with more behind it as well
 */
export function* settingsOf(
  text: string,
  prefix: string,
  loose: boolean,
  unexpected: (line: number, text: string) => void,
): Generator<Setting> {
  const lines = text.split('\n');
  if (lines.at(-1) === '') lines.pop();
  for (const [at, raw] of lines.entries()) {
    const line = raw.endsWith('\r') ? raw.slice(0, -1) : raw;
    if (line === '') continue;
    if (line.startsWith('#')) {
      if (!line.startsWith(`# ${prefix}`)) continue;
      const start = 2 + prefix.length;
      const space = line.indexOf(' ', start);
      if (space < 0) continue;
      const rest = line.slice(space + 1);
      if (loose ? rest.startsWith('is not set') : rest === 'is not set')
        yield { name: line.slice(start, space), value: 'n', line: at + 1 };
      continue;
    }
    const equals = line.startsWith(prefix) ? line.indexOf('=', prefix.length) : -1;
    if (equals < 0) {
      if (!loose || !line.startsWith(prefix)) unexpected(at + 1, line);
    } else yield { name: line.slice(prefix.length, equals), value: line.slice(equals + 1), line: at + 1 };
  }
}

/**
 * Takes the user's values from the text of a `.config`. Values of an earlier file are forgotten.
 *
 * @returns what could not be taken; those lines are left out
 */
export function readUserValues(configuration: Configuration, text: string, options: ReadOptions): ConfigWarning[] {
  const { symbols, dialect } = configuration.tree;
  const warnings: ConfigWarning[] = [];
  const warn = (line: number, message: string): void => void warnings.push({ file: options.file, line, message });
  for (const symbol of symbols.all()) {
    symbol.hasUserValue = dialect.modalChoices && symbol.isChoice;
    symbol.userText = undefined;
    symbol.userTristate = NO;
    symbol.userChoice = undefined;
  }
  configuration.beginReading();
  const settings = settingsOf(text, options.prefix ?? dialect.prefix, dialect.looseUnset, (line, data) =>
    warn(line, dialect.ancient ? 'unexpected data' : `unexpected data: ${data}`),
  );
  for (const { name, value, line } of settings) {
    const symbol = symbols.find(name);
    if (symbol === undefined) {
      if (dialect.ancient) warn(line, `trying to assign nonexistent symbol ${name}`);
      else if (options.warnUnknown) warn(line, `unknown symbol: ${name}`);
      configuration.changed = true;
      continue;
    }
    if (dialect.ancient && symbol.hasUserValue) {
      warn(line, `trying to reassign symbol ${name}`);
      continue;
    }
    if (symbol.hasUserValue && !symbol.isConstant) warn(line, `override: reassigning to symbol ${name}`);
    const problem = setUserValue(symbol, value);
    if (problem !== undefined) {
      if (!dialect.ancient || value !== '') warn(line, problem);
      continue;
    }
    if (dialect.modalChoices) noteMode(symbol, dialect.ancient, (message) => warn(line, message));
    else if (symbol.inChoice) {
      const choice = choiceMenuOf(symbol);
      if (choice !== undefined) prioritise(choice, symbol);
    }
  }
  return warnings;
}

/** Gives the symbol a user value in `.config` notation, or says why not. */
function setUserValue(symbol: KconfigSymbol, value: string): string | undefined {
  switch (symbol.type) {
    case 'bool':
    case 'tristate': {
      const letter = value[0];
      if (letter === 'm' && symbol.type === 'tristate') symbol.userTristate = MOD;
      else if (letter === 'y') symbol.userTristate = YES;
      else if (letter === 'n') symbol.userTristate = NO;
      else return `symbol value '${value}' invalid for ${symbol.name}`;
      symbol.hasUserValue = true;
      return undefined;
    }
    case 'string':
    case 'int':
    case 'hex': {
      const text = symbol.type === 'string' && value.startsWith('"') ? unquote(value) : value;
      if (text === undefined) return 'invalid string found';
      if (!isValidText(symbol.type, text)) return `symbol value '${text}' invalid for ${symbol.name}`;
      symbol.userText = text;
      symbol.hasUserValue = true;
      return undefined;
    }
    default:
      return undefined;
  }
}

/** The text of a quoted string; undefined if the closing quote is missing. What follows it is ignored. */
export function unquote(quoted: string): string | undefined {
  const match = /^"((?:[^"\\]|\\.)*)"/s.exec(quoted);
  return match?.[1]!.replace(/\\(.)/gs, '$1');
}

/** `text` in quotes, with quotes and backslashes escaped. */
export function quote(text: string): string {
  return `"${text.replace(/["\\]/g, '\\$&')}"`;
}

/** Old dialects: what a member's value says of its choice. */
function noteMode(member: KconfigSymbol, isAncient: boolean, warn: (message: string) => void): void {
  const { choice } = member;
  if (choice === undefined) return;
  if (isAncient && member.userTristate === YES && choice.userTristate !== NO) {
    warn(`${member.name} creates inconsistent choice state`);
    choice.hasUserValue = false;
    choice.userTristate = YES;
    return;
  }
  if (member.userTristate === MOD && choice.userTristate === YES) {
    warn(`${member.name} creates inconsistent choice state`);
    choice.hasUserValue = false;
  }
  if (member.userTristate === YES) {
    if (choice.userTristate !== NO) warn(`override: ${member.name} changes choice state`);
    choice.userChoice = member;
  }
  if (member.userTristate > choice.userTristate) choice.userTristate = member.userTristate;
}

/**
 * Takes the user's values from a `.config` and computes everything, noting whether writing it would change it.
 */
export function readConfig(configuration: Configuration, text: string, options: ReadOptions): ConfigWarning[] {
  configuration.changed = false;
  const warnings = readUserValues(configuration, text, options);
  if (adoptUserValues(configuration) || warnings.length > 0) configuration.changed = true;
  return warnings;
}

/** Computes all values; true if they differ from what the user gave. Old dialects then forget stray user values. */
function adoptUserValues(configuration: Configuration): boolean {
  const { tree } = configuration;
  const { dialect } = tree;
  const ordered = tree.symbols.inHashOrder(dialect.symbolBuckets);
  configuration.compute(tree.modules);
  let differs = false;
  for (const symbol of ordered) {
    configuration.compute(symbol);
    if (symbol.isChoice || (dialect.modalChoices && symbol.isHidden)) continue;
    if (symbol.hasUserValue && symbol.written) {
      const isLogical = symbol.type === 'bool' || symbol.type === 'tristate';
      if (isLogical ? symbol.userTristate === configuration.tristate(symbol) : symbol.text === symbol.userText) continue;
    } else if (!symbol.hasUserValue && !symbol.written) continue;
    differs = true;
  }
  if (dialect.modalChoices) {
    for (const symbol of ordered) {
      if (!symbol.hasUserValue || symbol.inChoice) continue;
      // What the user said of a symbol that cannot be seen counts as new when the symbol appears.
      if (symbol.visible === NO && (!differs || dialect.ancient)) symbol.hasUserValue = false;
      if (symbol.type !== 'string' && symbol.type !== 'int' && symbol.type !== 'hex') continue;
      if (configuration.isTextWithinRange(symbol, symbol.userText ?? '')) continue;
      symbol.hasUserValue = false;
      configuration.forgetValue(symbol);
      differs = true;
    }
  }
  return differs;
}
