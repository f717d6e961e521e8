import { Configuration } from '../kconfig/configuration.ts';
import type { Tristate } from '../kconfig/expression.ts';
import { readConfig } from '../kconfig/read-config.ts';
import { isLogical, type KconfigSymbol } from '../kconfig/symbol.ts';
import { configValues } from '../roles/verify.ts';
import type { KconfigTree } from '../kconfig/tree.ts';
import { tristateNames } from '../kconfig/values.ts';

/** A symbol that two configurations give different values, and what made the difference. */
export interface Difference {
  readonly symbol: string;
  readonly before: string;
  readonly after: string;
  /** Sentences; symbols that they name differ themselves, down to those that the user set differently. */
  readonly causes: readonly string[];
}

interface Facts {
  readonly value: string;
  readonly userValue: string | undefined;
  readonly visible: Tristate;
  readonly selected: Tristate;
  readonly selectors: ReadonlySet<string>;
  readonly implied: Tristate;
}

/** What differs between two `.config` texts of one tree, after both are evaluated, with causes. */
export function diffConfigs(tree: KconfigTree, before: string, after: string): readonly Difference[] {
  const old = factsOf(tree, before);
  const now = factsOf(tree, after);
  const differs = (symbol: KconfigSymbol): boolean => old.get(symbol)?.value !== now.get(symbol)?.value;
  return [...now].flatMap(([symbol, facts]) => {
    const earlier = old.get(symbol)!;
    if (earlier.value === facts.value) return [];
    return [
      { symbol: symbol.name!, before: earlier.value, after: facts.value, causes: causesOf(symbol, earlier, facts, differs) },
    ];
  });
}

/** What differs between two `.config` texts as they stand, without a tree: no causes, and what is missing counts as `n`. */
export function diffSettings(before: string, after: string): readonly Difference[] {
  const old = configValues(before);
  const now = configValues(after);
  return [...new Set([...old.keys(), ...now.keys()])].sort().flatMap((symbol) => {
    const [earlier, later] = [old.get(symbol) ?? 'n', now.get(symbol) ?? 'n'];
    return earlier === later ? [] : [{ symbol, before: earlier, after: later, causes: [] }];
  });
}

function factsOf(tree: KconfigTree, text: string): Map<KconfigSymbol, Facts> {
  const configuration = new Configuration(tree);
  readConfig(configuration, text, { file: 'config' });
  const facts = new Map<KconfigSymbol, Facts>();
  for (const symbol of tree.symbols.all()) {
    if (symbol.name === undefined || symbol.isChoice || symbol.isConstant || symbol.definitions.length === 0) continue;
    const selectors = symbol.selectedBy.flatMap(({ by, property }) =>
      by.name !== undefined && Math.min(configuration.tristate(by), configuration.value(property.condition)) > 0 ? [by.name] : [],
    );
    facts.set(symbol, {
      value: configuration.text(symbol),
      userValue: symbol.hasUserValue ? (isLogical(symbol) ? tristateNames[symbol.userTristate] : symbol.userText) : undefined,
      visible: symbol.visible,
      selected: symbol.selectValue,
      selectors: new Set(selectors),
      implied: symbol.implyValue,
    });
  }
  return facts;
}

function causesOf(symbol: KconfigSymbol, before: Facts, after: Facts, differs: (symbol: KconfigSymbol) => boolean): string[] {
  const causes: string[] = [];
  const gained = [...after.selectors].filter((name) => !before.selectors.has(name));
  const lost = [...before.selectors].filter((name) => !after.selectors.has(name));
  if (after.selected > before.selected && gained.length > 0) causes.push(`now selected by ${gained.join(', ')}`);
  if (after.selected < before.selected && lost.length > 0) causes.push(`no longer selected by ${lost.join(', ')}`);
  if (after.visible !== before.visible) {
    const changed = [...new Set(symbol.properties.flatMap(({ condition }) => mentioned(condition)))].filter(
      (each) => each.name !== undefined && differs(each),
    );
    const names = changed.map(({ name }) => name).join(', ');
    causes.push(
      `${after.visible > before.visible ? 'can be set now' : 'can no longer be set'}${names === '' ? '' : ` because of ${names}`}`,
    );
  }
  if (causes.length === 0 && after.userValue !== before.userValue)
    causes.push(`set to ${after.userValue ?? 'nothing'}, was ${before.userValue ?? 'not set'}`);
  if (causes.length === 0 && after.implied !== before.implied) causes.push('implied differently');
  if (causes.length === 0) {
    const sources = symbol.properties.flatMap(({ kind, expression, condition }) =>
      kind === 'default' ? [...mentioned(expression), ...mentioned(condition)] : [],
    );
    const names = [...new Set(sources)].filter((each) => each.name !== undefined && differs(each)).map(({ name }) => name);
    causes.push(
      names.length === 0 ? 'another member of its choice, or a default, changed' : `its default follows ${names.join(', ')}`,
    );
  }
  return causes;
}

function mentioned(expression: Parameters<typeof collect>[0]): KconfigSymbol[] {
  const found: KconfigSymbol[] = [];
  collect(expression, found);
  return found;
}

function collect(expression: KconfigSymbol['directDependency'], into: KconfigSymbol[]): void {
  if (expression === undefined) return;
  collect(expression.left, into);
  collect(expression.right, into);
  if (expression.symbol !== undefined) into.push(expression.symbol);
  if (expression.other !== undefined) into.push(expression.other);
}
