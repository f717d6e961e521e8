import { Configuration } from '../kconfig/configuration.ts';
import { MOD, type Expression } from '../kconfig/expression.ts';
import { quote, readUserValues, unquote } from '../kconfig/read-config.ts';
import type { KconfigSymbol } from '../kconfig/symbol.ts';
import type { KconfigTree } from '../kconfig/tree.ts';
import { symbolNamed, whyNot } from './explain.ts';
import { settingsText } from './merge.ts';
import { Ways, type Way } from './ways.ts';

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
      /** The smallest set of settings to add, in `.config` notation; wishes that follow from the others are not among them. */
      readonly changes: ReadonlyMap<string, string>;
    }
  | {
      readonly possible: false;
      /** A smallest set of wishes and explicit settings that cannot hold together. */
      readonly conflict: readonly { readonly symbol: string; readonly value: string; readonly kind: 'wish' | 'explicit' }[];
      /** What stood in the way of the set of settings that came closest. */
      readonly reasons: readonly string[];
      /** Whether that is proved: every way was looked at. If not, the effort ran out, or a number had too many values to try. */
      readonly exhaustive: boolean;
    };

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
  const goals = new Map<string, Goal>();
  for (const name of options.explicit ?? []) goals.set(bareName(name), { text: search.present(name), kind: 'explicit' });
  for (const [name, value] of Object.entries(options.wishes)) goals.set(bareName(name), { text: bareText(value), kind: 'wish' });

  let attempt = search.solve(textsOf(goals));
  if (attempt.settings !== undefined) return { possible: true, changes: search.inNotation(attempt.settings) };
  let { exhaustive } = attempt;
  // What can be left out without making it possible is not part of the conflict.
  for (const [name, goal] of [...goals]) {
    goals.delete(name);
    const without = search.solve(textsOf(goals));
    if (without.settings !== undefined) goals.set(name, goal);
    else {
      attempt = without;
      exhaustive &&= without.exhaustive;
    }
  }
  const values = search.inNotation(textsOf(goals));
  return {
    possible: false,
    conflict: [...goals].map(([symbol, { kind }]) => ({ symbol, value: values.get(symbol)!, kind })),
    reasons: attempt.closest === undefined ? [] : search.reasons(attempt.closest, goals.size),
    exhaustive,
  };
}

interface Goal {
  /** Without quotes. */
  readonly text: string;
  readonly kind: 'wish' | 'explicit';
}

/** Values without quotes by symbol. */
type Settings = ReadonlyMap<string, string>;

interface Attempt {
  /** The fewest that reach the goals; undefined if none were found. */
  readonly settings?: Settings;
  /** Whether every way was looked at. */
  readonly exhaustive: boolean;
  /** Without success: the settings from which no way led on and which missed the fewest goals. */
  readonly closest?: Settings;
}

class FixSearch {
  private readonly options: FixOptions;
  private readonly effort: number;

  constructor(options: FixOptions) {
    this.options = options;
    this.effort = options.effort ?? 1500;
  }

  /** The value of a symbol in the present configuration. */
  present(name: string): string {
    const configuration = this.evaluate(new Map());
    return configuration.text(symbolNamed(configuration, name));
  }

  /** @param goals all values that must come out, the explicit ones included */
  solve(goals: Settings): Attempt {
    // Sets of further settings, by how many have a prompt: the others only follow.
    const queue: Settings[][] = [[new Map()]];
    const tried = new Set<string>();
    let complete = true;
    let closest: { settings: Settings; missed: number } | undefined;
    for (let cost = 0; cost < queue.length; cost++) {
      // The list grows while it is walked.
      for (const extra of queue[cost] ?? []) {
        const key = JSON.stringify([...extra].sort());
        if (tried.has(key)) continue;
        tried.add(key);
        if (tried.size > this.effort) return { exhaustive: false, ...(closest && { closest: closest.settings }) };
        const settings = new Map([...goals, ...extra]);
        const configuration = this.evaluate(settings);
        const missed = missedIn(configuration, settings);
        if (missed.length === 0) return { settings: this.minimal(goals, extra), exhaustive: true };
        const next = nextSteps(configuration, settings, missed);
        complete &&= next.complete;
        if (next.steps.length === 0 && missed.length < (closest?.missed ?? Infinity))
          closest = { settings, missed: missed.length };
        for (const step of next.steps) {
          const more = new Map([...extra, ...step]);
          const price = [...more.keys()].filter((name) => hasPrompt(symbolNamed(configuration, name))).length;
          (queue[price] ??= []).push(more);
        }
      }
    }
    return { exhaustive: complete, ...(closest && { closest: closest.settings }) };
  }

  /** What stands between settings and the first so many of them, which are the goals. */
  reasons(settings: Settings, goals: number): string[] {
    const configuration = this.evaluate(settings);
    const ways = new Ways(configuration);
    const isHopeless = (term: Expression): boolean => consistent(ways.toCondition(term, 'at-least', MOD), settings).length === 0;
    const sentences = missedIn(configuration, settings).flatMap(([name, text]) =>
      whyNot(configuration, symbolNamed(configuration, name), text, isHopeless),
    );
    const tried = [...settings].slice(goals).filter(([name]) => hasPrompt(symbolNamed(configuration, name)));
    if (tried.length === 0) return sentences;
    return [`Even with ${tried.map(([name, text]) => `${name}=${text}`).join(', ')}:`, ...sentences];
  }

  /** Settings in `.config` notation. */
  inNotation(settings: Settings): Map<string, string> {
    const { symbols } = this.options.tree;
    return new Map([...settings].map(([name, text]) => [name, symbols.find(name)?.type === 'string' ? quote(text) : text]));
  }

  /** Only those settings without which a goal would be missed. */
  private minimal(goals: Settings, extra: Settings): Settings {
    const kept = new Map([...goals, ...extra]);
    // What was found last serves what was wanted first.
    for (const [name, text] of [...kept].reverse()) {
      kept.delete(name);
      const configuration = this.evaluate(kept);
      if (hasPrompt(symbolNamed(configuration, name)) && missedIn(configuration, goals).length > 0) kept.set(name, text);
    }
    return new Map([...goals, ...extra].filter(([name]) => kept.has(name)));
  }

  private evaluate(settings: Settings): Configuration {
    const { tree, config } = this.options;
    const configuration = new Configuration(tree);
    readUserValues(configuration, `${config.replace(/\n?$/, '\n')}${settingsText(this.inNotation(settings))}`, {
      file: 'config',
    });
    configuration.compute(tree.modules);
    return configuration;
  }
}

function missedIn(configuration: Configuration, settings: Settings): [string, string][] {
  return [...settings].filter(([name, text]) => configuration.text(symbolNamed(configuration, name)) !== text);
}

/** What could be set besides to come closer: alternatives. None if what is missed cannot be reached from here. */
function nextSteps(
  configuration: Configuration,
  settings: Settings,
  missed: readonly (readonly [string, string])[],
): { steps: readonly Way[]; complete: boolean } {
  const ways = new Ways(configuration);
  const steps: Way[] = [];
  for (const [name, text] of missed) {
    const open = consistent(ways.toValue(symbolNamed(configuration, name), text), settings);
    const adding = open.map((way) => new Map([...way].filter(([each]) => !settings.has(each)))).filter((way) => way.size > 0);
    // A way that adds nothing waits for other goals; without one, this goal has to be served here.
    if (adding.length === open.length) return { steps: adding, complete: ways.complete };
    steps.push(...adding);
  }
  return { steps, complete: ways.complete };
}

function consistent(ways: readonly Way[], settings: Settings): readonly Way[] {
  return ways.filter((way) => [...way].every(([name, text]) => (settings.get(name) ?? text) === text));
}

function hasPrompt(symbol: KconfigSymbol): boolean {
  return symbol.properties.some(({ text }) => text !== undefined);
}

function textsOf(goals: ReadonlyMap<string, Goal>): Settings {
  return new Map([...goals].map(([name, { text }]) => [name, text]));
}

function bareName(name: string): string {
  return name.replace(/^CONFIG_/, '');
}

function bareText(value: string): string {
  return unquote(value) ?? value;
}
