import { Configuration } from '../kconfig/configuration.ts';
import { NO, YES, type Tristate } from '../kconfig/expression.ts';
import { quote, readUserValues } from '../kconfig/read-config.ts';
import { isLogical, type KconfigSymbol } from '../kconfig/symbol.ts';
import type { KconfigTree } from '../kconfig/tree.ts';
import { parseTristate, tristateNames } from '../kconfig/values.ts';
import { waysTo, type Requirement } from './blockers.ts';
import { symbolNamed, whyNot } from './explain.ts';
import { settingsText } from './merge.ts';

export interface FixOptions {
  readonly tree: KconfigTree;
  /** The text of the present `.config`. */
  readonly config: string;
  /** Wanted values in `.config` notation by symbol. */
  readonly wishes: Readonly<Record<string, string>>;
  /** Symbols whose present setting is the user's own word and must stay. @default none */
  readonly explicit?: readonly string[];
  /** How many candidate sets of changes to try. @default 1500 */
  readonly effort?: number;
}

export type FixResult =
  | {
      readonly possible: true;
      /** The smallest set of settings to add, the wishes included where they are not yet so. */
      readonly changes: ReadonlyMap<string, string>;
    }
  | {
      readonly possible: false;
      /** A smallest set of wishes and explicit settings that cannot hold together. */
      readonly conflict: readonly { readonly symbol: string; readonly value: string; readonly kind: 'wish' | 'explicit' }[];
      readonly reasons: readonly string[];
      /** Whether every way was looked at, or the effort ran out. */
      readonly exhaustive: boolean;
    };

type Assignments = ReadonlyMap<string, string>;

/**
 * Finds the smallest set of settings that makes wishes come true without touching explicit ones, or the wishes that
 * exclude each other.
 *
 * Sets are tried by size. Each set is evaluated for real; where a wish does not hold, the conditions that hold it back say
 * which symbols could be set next.
 *
 * @throws KernelConfigError `SYMBOL_UNKNOWN`
 */
export function fix(options: FixOptions): FixResult {
  const search = new FixSearch(options);
  const kept = new Map<string, Goal>();
  for (const name of options.explicit ?? []) kept.set(name, { value: search.present(name), kind: 'explicit' });
  for (const [name, value] of Object.entries(options.wishes)) kept.set(name.replace(/^CONFIG_/, ''), { value, kind: 'wish' });
  const attempt = (): ReturnType<FixSearch['solve']> =>
    search.solve(new Map([...kept].map(([name, { value }]) => [name, value])));

  const found = attempt();
  if (found.changes !== undefined) return { possible: true, changes: found.changes };
  // What can be left out without making it possible is not part of the conflict.
  let { exhaustive } = found;
  for (const [name, goal] of [...kept]) {
    kept.delete(name);
    const without = attempt();
    if (without.changes !== undefined) kept.set(name, goal);
    else exhaustive &&= without.exhaustive;
  }
  return {
    possible: false,
    conflict: [...kept].map(([symbol, goal]) => ({ symbol, ...goal })),
    reasons: search.reasons(new Map([...kept].map(([name, { value }]) => [name, value]))),
    exhaustive,
  };
}

interface Goal {
  /** In `.config` notation. */
  readonly value: string;
  readonly kind: 'wish' | 'explicit';
}

class FixSearch {
  private readonly options: FixOptions;
  private readonly effort: number;

  constructor(options: FixOptions) {
    this.options = options;
    this.effort = options.effort ?? 1500;
  }

  /** The value of a symbol in the present configuration, in `.config` notation. */
  present(name: string): string {
    const configuration = this.evaluate(new Map());
    const symbol = symbolNamed(configuration, name);
    const text = configuration.text(symbol);
    return symbol.type === 'string' ? quote(text) : text;
  }

  reasons(wishes: Assignments): string[] {
    const configuration = this.evaluate(wishes);
    return [...wishes].flatMap(([name, value]) => whyNot(configuration, symbolNamed(configuration, name), value));
  }

  /** @param goals all values that must come out, the explicit ones included */
  solve(goals: Assignments): { changes: Assignments | undefined; exhaustive: boolean } {
    // Sets of further goals, by how many settings they cost.
    const queue: Map<string, string>[][] = [[new Map<string, string>()]];
    const tried = new Set<string>();
    let spent = 0;
    for (let cost = 0; cost < queue.length; cost++) {
      // The list grows while it is walked: goals without a prompt cost nothing.
      for (const extra of queue[cost] ?? []) {
        const key = JSON.stringify([...extra].sort());
        if (tried.has(key)) continue;
        tried.add(key);
        if (++spent > this.effort) return { changes: undefined, exhaustive: false };
        const assigned = new Map([...goals, ...extra]);
        const configuration = this.evaluate(assigned);
        const children = this.children(configuration, assigned);
        if (children === 'done') return { changes: this.needed(this.minimal(goals, extra)), exhaustive: true };
        for (const child of children) {
          const next = new Map([...extra, ...child]);
          const price = [...next.keys()].filter((name) => hasPrompt(symbolNamed(configuration, name))).length;
          (queue[price] ??= []).push(next);
        }
      }
    }
    return { changes: undefined, exhaustive: true };
  }

  /** The goals with only those of the further ones that cannot be left out. */
  private minimal(goals: Assignments, extra: Assignments): Assignments {
    const kept = new Map([...goals, ...extra]);
    for (const [name, value] of extra) {
      kept.delete(name);
      if (this.children(this.evaluate(kept), kept) !== 'done') kept.set(name, value);
    }
    return kept;
  }

  /** What could be added to come closer to the goals: alternatives. None if the goals cannot be reached from here. */
  private children(configuration: Configuration, assigned: Assignments): 'done' | Map<string, string>[] {
    const children: Map<string, string>[] = [];
    let isDone = true;
    for (const [name, value] of assigned) {
      const symbol = symbolNamed(configuration, name);
      if (configuration.text(symbol) === bare(value)) continue;
      isDone = false;
      const open = this.ways(configuration, symbol, bare(value)).filter((way) =>
        [...way].every(([each, wanted]) => (assigned.get(each) ?? wanted) === wanted),
      );
      if (open.length === 0) return [];
      const fresh = open.map((way) => new Map([...way].filter(([each]) => !assigned.has(each))));
      const adding = fresh.filter((way) => way.size > 0);
      children.push(...adding);
      // A way that adds nothing waits for other goals; without one, this goal has to be served here.
      if (adding.length === fresh.length) return adding;
    }
    return isDone ? 'done' : children;
  }

  private evaluate(assigned: Assignments): Configuration {
    const configuration = new Configuration(this.options.tree);
    readUserValues(configuration, this.options.config + settingsText(assigned), { file: 'config' });
    configuration.compute(this.options.tree.modules);
    return configuration;
  }

  /** Sets of settings, each of which removes one obstacle between a symbol and its wanted value. */
  private ways(configuration: Configuration, symbol: KconfigSymbol, wanted: string): Map<string, string>[] {
    const target = isLogical(symbol) ? parseTristate(wanted) : YES;
    if (target === undefined) return [];
    const requirements: (readonly Requirement[])[] = [];
    if (isLogical(symbol) && configuration.tristate(symbol) > target) {
      // Something selects it: every selector has to go.
      const selectors = symbol.selectedBy.filter(
        ({ by, property }) => Math.min(configuration.tristate(by), configuration.value(property.condition)) > target,
      );
      let ways: (readonly Requirement[])[] = [[]];
      for (const { by, property } of selectors) {
        const off: (readonly Requirement[])[] = [
          ...(by.name === undefined ? [] : [[{ kind: 'at-most', name: by.name, value: target } as const]]),
          ...waysTo(property.ownCondition, 'at-most', target),
        ];
        ways = ways.flatMap((way) => off.map((more) => [...way, ...more])).slice(0, 64);
      }
      if (selectors.length > 0) requirements.push(...ways);
      if (target === 1 && configuration.effectiveType(symbol) === 'bool' && configuration.tree.modules.name !== undefined) {
        requirements.push([{ kind: 'at-least', name: configuration.tree.modules.name, value: YES }]);
      }
    } else {
      for (const property of symbol.properties) {
        if (property.text !== undefined) requirements.push(...waysTo(property.condition, 'at-least', target));
        else if (property.kind === 'default' && symbol.properties.every(({ text }) => text === undefined)) {
          const conditions = waysTo(property.condition, 'at-least', target);
          const values = isLogical(symbol)
            ? waysTo(property.expression, 'at-least', target)
            : printsAs(property.expression?.symbol, wanted)
              ? [[]]
              : [];
          requirements.push(...conditions.flatMap((a) => values.map((b) => [...a, ...b])));
        }
      }
      for (const { by, property } of symbol.selectedBy) {
        if (by.name === undefined) continue;
        for (const way of waysTo(property.ownCondition, 'at-least', target))
          requirements.push([{ kind: 'at-least', name: by.name, value: target }, ...way]);
      }
    }
    return requirements.flatMap((way) => {
      const settings = this.settingsFor(configuration, way);
      return settings === undefined ? [] : [settings];
    });
  }

  /** Requirements that do not hold yet, as settings; undefined if one cannot be set. */
  private settingsFor(configuration: Configuration, way: readonly Requirement[]): Map<string, string> | undefined {
    const settings = new Map<string, string>();
    for (const requirement of way) {
      const symbol = configuration.tree.symbols.find(requirement.name);
      if (symbol === undefined || symbol.definitions.length === 0) return undefined;
      let value: string;
      if (requirement.kind === 'text') {
        if (configuration.text(symbol) === requirement.text) continue;
        value = symbol.type === 'string' ? quote(requirement.text) : requirement.text;
      } else {
        const present = configuration.tristate(symbol);
        if (requirement.kind === 'at-least' ? present >= requirement.value : present <= requirement.value) continue;
        value = tristateNames[valueFor(symbol, requirement.kind, requirement.value)];
      }
      if (settings.has(requirement.name) && settings.get(requirement.name) !== value) return undefined;
      settings.set(requirement.name, value);
    }
    return settings;
  }

  /** The settings that are not already what the present configuration gives; symbols without a prompt follow by themselves. */
  private needed(assigned: Assignments): Assignments {
    const configuration = this.evaluate(new Map());
    return new Map(
      [...assigned].filter(([name, value]) => {
        const symbol = symbolNamed(configuration, name);
        return hasPrompt(symbol) && configuration.text(symbol) !== bare(value);
      }),
    );
  }
}

function valueFor(symbol: KconfigSymbol, kind: 'at-least' | 'at-most', value: Tristate): Tristate {
  if (symbol.type === 'tristate') return value;
  return kind === 'at-least' ? YES : value === YES ? YES : NO;
}

function hasPrompt(symbol: KconfigSymbol): boolean {
  return symbol.properties.some(({ text }) => text !== undefined);
}

function printsAs(symbol: KconfigSymbol | undefined, text: string): boolean {
  return symbol?.isConstant === true && symbol.name === text;
}

function bare(value: string): string {
  return value.replace(/^"(.*)"$/s, '$1');
}
