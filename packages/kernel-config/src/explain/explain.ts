import { KernelConfigError } from '../errors.ts';
import { choiceMenuOf } from '../kconfig/choices.ts';
import type { Configuration } from '../kconfig/configuration.ts';
import { MOD, NO, type Expression, type Tristate } from '../kconfig/expression.ts';
import { printExpression } from '../kconfig/print-expression.ts';
import { Simplifier } from '../kconfig/simplify.ts';
import { isLogical, type KconfigSymbol, type SymbolType } from '../kconfig/symbol.ts';
import { parseTristate, tristateNames } from '../kconfig/values.ts';
import { blockersOf, termsOf, type Term } from './blockers.ts';

/** All there is to say about a symbol under a configuration. Places are `file:line`. */
export interface Explanation {
  readonly symbol: string;
  readonly type: SymbolType;
  /** As text without quotes; `n` for what is not set. */
  readonly value: string;
  /** What the user said of it. */
  readonly userValue: string | undefined;
  readonly definitions: readonly {
    readonly place: string;
    readonly prompt: string | undefined;
    readonly help: string | undefined;
  }[];
  /** What it depends on: each term with its value. */
  readonly dependsOn: readonly Term[];
  /** Up to which value the user can set it. */
  readonly visible: 'y' | 'm' | 'n';
  readonly defaults: readonly {
    readonly value: string;
    readonly condition: string;
    readonly holds: boolean;
    readonly place: string;
  }[];
  readonly range: readonly [string, string] | undefined;
  readonly selectedBy: readonly Pull[];
  readonly impliedBy: readonly Pull[];
  readonly selects: readonly string[];
  /** The chosen member, if it is a member of a choice. */
  readonly chosen: string | undefined;
  /** Why the value is what it is, as sentences; with a wanted value, why it is not that. */
  readonly reasons: readonly string[];
}

/** A symbol that pulls another up. */
export interface Pull {
  readonly by: string;
  readonly condition: string;
  readonly value: 'y' | 'm' | 'n';
  readonly place: string;
}

/**
 * Explains a symbol's value.
 *
 * @param wanted a value in `.config` notation that it should have had
 * @throws KernelConfigError `SYMBOL_UNKNOWN`
 */
export function explain(configuration: Configuration, name: string, wanted?: string): Explanation {
  const symbol = symbolNamed(configuration, name);
  const { tree } = configuration;
  const simplifier = new Simplifier(tree.symbols, tree.modules, tree.dialect.modalChoices);
  configuration.compute(symbol);
  const dependency = symbol.directDependency === undefined ? undefined : simplifier.directDependency(symbol);
  const pulls = (kind: 'selectedBy' | 'impliedBy'): Pull[] =>
    symbol[kind].map(({ by, property }) => ({
      by: by.name ?? '<choice>',
      condition: property.ownCondition === undefined ? 'y' : printExpression(property.ownCondition),
      value: tristateNames[Math.min(configuration.tristate(by), configuration.value(property.condition)) as Tristate],
      place: `${property.file}:${property.line}`,
    }));
  const range = configuration.rangeOf(symbol)?.range;
  const choice = choiceMenuOf(symbol);
  return {
    symbol: name,
    type: symbol.type,
    value: configuration.text(symbol),
    userValue: symbol.hasUserValue ? (isLogical(symbol) ? tristateNames[symbol.userTristate] : symbol.userText) : undefined,
    definitions: symbol.definitions.map(({ file, line, prompt, help }) => ({
      place: `${file}:${line}`,
      prompt: prompt?.text,
      help,
    })),
    dependsOn: termsOf(configuration, dependency),
    visible: tristateNames[symbol.visible],
    defaults: symbol.properties
      .filter(({ kind }) => kind === 'default')
      .map((property) => ({
        value: printExpression(property.expression),
        condition: property.ownCondition === undefined ? 'y' : printExpression(property.ownCondition),
        holds: configuration.value(property.condition) !== NO,
        place: `${property.file}:${property.line}`,
      })),
    range: range === undefined ? undefined : [configuration.text(range[0]), configuration.text(range[1])],
    selectedBy: pulls('selectedBy'),
    impliedBy: pulls('impliedBy'),
    selects: symbol.properties.flatMap(({ kind, expression }) => (kind === 'select' ? [expression!.symbol!.name!] : [])),
    chosen: choice === undefined ? undefined : configuration.chosenOf(choice)?.name,
    reasons: wanted === undefined ? [whyThis(configuration, symbol)] : whyNotAtAll(configuration, symbol, wanted),
  };
}

export function symbolNamed(configuration: Configuration, name: string): KconfigSymbol {
  const bare = name.replace(/^CONFIG_/, '');
  const symbol = configuration.tree.symbols.find(bare);
  if (symbol === undefined || symbol.isConstant || symbol.definitions.length === 0) {
    const hint = didYouMean(configuration, bare).trim();
    throw new KernelConfigError('SYMBOL_UNKNOWN', `the tree has no symbol ${bare}`, hint === '' ? {} : { hint });
  }
  return symbol;
}

function whyThis(configuration: Configuration, symbol: KconfigSymbol): string {
  const { name } = symbol;
  const value = configuration.text(symbol);
  if (isLogical(symbol) && symbol.selectValue > NO && symbol.tristate === symbol.selectValue) {
    const by = pullersAt(configuration, symbol, 'selectedBy', symbol.tristate);
    return `${name} is ${value} because ${by.join(' and ')} select${by.length === 1 ? 's' : ''} it.`;
  }
  const choice = choiceMenuOf(symbol);
  if (choice !== undefined && symbol.visible !== NO) {
    const chosen = configuration.chosenOf(choice);
    return chosen === symbol
      ? `${name} is the chosen member of "${choice.prompt?.text}".`
      : `${name} is n because ${chosen?.name} is chosen in "${choice.prompt?.text}".`;
  }
  if (symbol.hasUserValue && symbol.visible !== NO) return `${name} is ${value} because the configuration says so.`;
  const source = configuration.defaultOf(symbol);
  if (source !== undefined && (!isLogical(symbol) || symbol.tristate !== NO)) {
    return `${name} is ${value} by its default ${printExpression(source.expression)} (${source.file}:${source.line}).`;
  }
  if (isLogical(symbol) && symbol.tristate !== NO)
    return `${name} is ${value} because ${pullersAt(configuration, symbol, 'impliedBy', symbol.tristate).join(' and ')} imply it.`;
  return `${name} is ${value === '' ? 'empty' : value}: nobody set it, and it has no default that holds.`;
}

/** So many sentences explain enough. */
const MAX_REASONS = 12;

/** Why a symbol does not have a wanted value, and why what it depends on has not, down to what somebody could set. */
export function whyNotAtAll(configuration: Configuration, symbol: KconfigSymbol, wanted: string): string[] {
  const reasons: string[] = [];
  const seen = new Set<KconfigSymbol>();
  const queue: [KconfigSymbol, string][] = [[symbol, wanted]];
  for (const [each, value] of queue) {
    if (seen.has(each)) continue;
    seen.add(each);
    const behind: KconfigSymbol[] = [];
    reasons.push(
      ...whyNot(configuration, each, value, (term) => {
        if (term.operator === 'symbol' && term.symbol!.definitions.length > 0) behind.push(term.symbol!);
        return true;
      }),
    );
    if (reasons.length > MAX_REASONS) break;
    for (const next of behind) queue.push([next, next.type === 'tristate' && value === 'm' ? 'm' : 'y']);
  }
  return reasons;
}

/**
 * Why a symbol does not have a wanted value; empty if it has.
 *
 * @param tells picks those of its conditions that are worth telling; without any, all are told
 */
export function whyNot(
  configuration: Configuration,
  symbol: KconfigSymbol,
  wanted: string,
  tells: (term: Expression) => boolean = () => true,
): string[] {
  configuration.compute(symbol);
  const { name } = symbol;
  const bare = wanted.replace(/^"(.*)"$/s, '$1');
  const value = configuration.text(symbol);
  if (value === bare) return [];
  if (!isLogical(symbol)) return whyNotText(configuration, symbol, bare, tells);
  const target = parseTristate(bare);
  if (target === undefined) return [`${name} is ${symbol.type}: ${wanted} is not a value of it.`];
  if (symbol.tristate > target) {
    const by = pullersAt(configuration, symbol, 'selectedBy', MOD);
    if (symbol.selectValue > target)
      return [`${name} cannot be ${bare}: ${by.join(' and ')} select${by.length === 1 ? 's' : ''} it.`];
    if (target === MOD && configuration.effectiveType(symbol) === 'bool') {
      return [
        symbol.type === 'bool'
          ? `${name} is bool: it cannot be a module.`
          : `${name} cannot be m: ${configuration.tree.modules.name ?? 'MODULES'} is n.`,
      ];
    }
    return [whyThis(configuration, symbol)];
  }
  const reasons: string[] = [];
  // A bool takes m for y.
  const least = symbol.type === 'bool' ? MOD : target;
  const prompts = symbol.properties.filter(({ text }) => text !== undefined);
  if (prompts.length === 0) {
    reasons.push(`${name} has no prompt: only defaults and selects set it.`);
    if (symbol.selectedBy.length > 0)
      reasons.push(
        `It is selected by ${symbol.selectedBy
          .slice(0, 8)
          .map(({ by }) => `${by.name} [=${configuration.text(by)}]`)
          .join(', ')}.`,
      );
    if (symbol.selectedBy.length === 0)
      for (const text of blockerTexts(configuration, symbol.directDependency, least, tells))
        reasons.push(`It depends on ${text}.`);
    return reasons;
  }
  if (symbol.visible < target) {
    const [first] = prompts;
    for (const text of blockerTexts(configuration, first!.condition, least, tells)) reasons.push(`${name} depends on ${text}.`);
    return reasons;
  }
  const choice = choiceMenuOf(symbol);
  if (choice !== undefined)
    return [`${configuration.chosenOf(choice)?.name} is chosen in "${choice.prompt?.text}", and only one can be.`];
  return [
    symbol.hasUserValue
      ? `The configuration says ${name}=${tristateNames[symbol.userTristate]}.`
      : `Nobody set ${name}; its default is ${value}.`,
  ];
}

function whyNotText(
  configuration: Configuration,
  symbol: KconfigSymbol,
  wanted: string,
  tells: (term: Expression) => boolean,
): string[] {
  const { name } = symbol;
  if (symbol.visible === NO) {
    const prompt = symbol.properties.find(({ text }) => text !== undefined);
    if (prompt === undefined) return [`${name} has no prompt: only its defaults set it.`];
    return blockerTexts(configuration, prompt.condition, MOD, tells).map((text) => `${name} depends on ${text}.`);
  }
  if (!configuration.isTextWithinRange(symbol, wanted)) {
    const range = configuration.rangeOf(symbol)?.range;
    return [
      range === undefined
        ? `${wanted} is not a value of type ${symbol.type}.`
        : `${wanted} is outside ${configuration.text(range[0])} to ${configuration.text(range[1])}.`,
    ];
  }
  return [
    symbol.hasUserValue
      ? `The configuration says ${name}=${symbol.userText}.`
      : `Nobody set ${name}; its default is "${symbol.text}".`,
  ];
}

function blockerTexts(
  configuration: Configuration,
  condition: Expression | undefined,
  wanted: Tristate,
  tells: (term: Expression) => boolean,
): string[] {
  const all = blockersOf(configuration, condition, wanted);
  const telling = all.filter(tells);
  return (telling.length > 0 ? telling : all).map((term) => {
    const value = tristateNames[configuration.value(term)];
    return term.operator === 'symbol'
      ? `${printExpression(term)}, which is ${value}`
      : `${printExpression(term, configuration)}, which is ${value}`;
  });
}

function pullersAt(
  configuration: Configuration,
  symbol: KconfigSymbol,
  kind: 'selectedBy' | 'impliedBy',
  least: Tristate,
): string[] {
  return symbol[kind].flatMap(({ by, property }) => {
    const value = Math.min(configuration.tristate(by), configuration.value(property.condition));
    return value >= least && by.name !== undefined ? [by.name] : [];
  });
}

/** ` Did you mean A, B?` for a name that the tree does not have; empty if no name is like it. */
export function didYouMean(configuration: Configuration, name: string): string {
  const near = similarNames(configuration, name);
  return near.length === 0 ? '' : ` Did you mean ${near.join(', ')}?`;
}

/** Names that differ in few letters, or share most words with the given one. */
function similarNames(configuration: Configuration, name: string): string[] {
  const wanted = name.toUpperCase();
  const words = wanted.split('_').filter((word) => word.length > 1);
  const names = configuration.tree.symbols
    .all()
    .flatMap((symbol) => (symbol.name === undefined || symbol.definitions.length === 0 ? [] : [symbol.name]));
  const typos = names
    .map((candidate) => ({
      candidate,
      distance: editDistance(wanted, candidate.toUpperCase(), 1 + Math.floor(wanted.length / 6)),
    }))
    .filter(({ distance }) => distance !== undefined)
    .sort((a, b) => a.distance! - b.distance!);
  const related = names
    .map((candidate) => ({ candidate, score: words.filter((word) => candidate.includes(word)).length - candidate.length / 100 }))
    .filter(({ score }) => words.length > 0 && score > words.length / 2 - 0.5)
    .sort((a, b) => b.score - a.score);
  return [...new Set([...typos, ...related].map(({ candidate }) => candidate))].slice(0, 3);
}

/** How many letters have to be put in, left out or changed; undefined if more than `most`. */
function editDistance(from: string, to: string, most: number): number | undefined {
  if (Math.abs(from.length - to.length) > most) return undefined;
  let previous = Array.from({ length: to.length + 1 }, (_, at) => at);
  for (let row = 1; row <= from.length; row++) {
    const current = [row];
    for (let column = 1; column <= to.length; column++) {
      const change = previous[column - 1]! + (from[row - 1] === to[column - 1] ? 0 : 1);
      current.push(Math.min(change, previous[column]! + 1, current[column - 1]! + 1));
    }
    if (Math.min(...current) > most) return undefined;
    previous = current;
  }
  return previous[to.length]! <= most ? previous[to.length] : undefined;
}
