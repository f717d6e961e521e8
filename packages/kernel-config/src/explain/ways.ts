import type { Configuration } from '../kconfig/configuration.ts';
import { choiceMenuOf } from '../kconfig/choices.ts';
import { holds, MOD, NO, YES, type Comparison, type Expression, type Tristate } from '../kconfig/expression.ts';
import type { Property, PropertyKind } from '../kconfig/menu.ts';
import { isLogical, type KconfigSymbol, type Puller } from '../kconfig/symbol.ts';
import { compareValues, isValidText, parseTristate } from '../kconfig/values.ts';

/** Values (without quotes) by symbol that together remove an obstacle; none if there is no obstacle. */
export type Way = ReadonlyMap<string, string>;

type Direction = 'at-least' | 'at-most';

const NOTHING_NEEDED: readonly Way[] = [new Map()];
const IMPOSSIBLE: readonly Way[] = [];
/** At most this many ways past one obstacle are looked at. */
const MAX_WAYS = 64;

/**
 * What could be set next to bring a symbol to a value that it does not have under a configuration.
 *
 * Whatever configuration gives the symbol the value, it also has the values of one of the ways; so where there is no way,
 * there is no such configuration. That holds as long as `complete` does.
 */
export class Ways {
  /** Whether nothing was left out: numbers without end, or more alternatives than are looked at. */
  complete = true;
  private readonly configuration: Configuration;

  constructor(configuration: Configuration) {
    this.configuration = configuration;
  }

  /** Ways to a value, given without quotes. The user's word for it is taken for granted. */
  toValue(symbol: KconfigSymbol, wanted: string): readonly Way[] {
    if (!isLogical(symbol)) return isValidText(symbol.type, wanted) ? this.toText(symbol, wanted) : IMPOSSIBLE;
    const target = parseTristate(wanted);
    if (target === undefined || (target === MOD && symbol.type === 'bool')) return IMPOSSIBLE;
    return this.configuration.tristate(symbol) < target ? this.up(symbol, target) : this.down(symbol, target);
  }

  /** Ways to bring a condition to at least, or at most, a value. */
  toCondition(expression: Expression | undefined, direction: Direction, value: Tristate): readonly Way[] {
    const present = this.configuration.value(expression);
    if (direction === 'at-least' ? present >= value : present <= value) return NOTHING_NEEDED;
    if (expression === undefined) return IMPOSSIBLE;
    const { operator, left, right, symbol, other } = expression;
    switch (operator) {
      case 'symbol':
        return this.toLevel(symbol!, direction, value);
      case 'not':
        return this.toCondition(left, direction === 'at-least' ? 'at-most' : 'at-least', (YES - value) as Tristate);
      case 'and':
      case 'or': {
        const sides = [this.toCondition(left, direction, value), this.toCondition(right, direction, value)];
        return (operator === 'and') === (direction === 'at-least') ? this.all(sides) : this.any(sides);
      }
      default:
        return this.toComparison(operator, symbol!, other!, direction === 'at-least');
    }
  }

  // Logical symbols.

  private up(symbol: KconfigSymbol, target: Tristate): readonly Way[] {
    // A bool takes m for y, wherever that comes from.
    const level = symbol.type === 'bool' ? MOD : target;
    const pulls = ({ by, property }: Puller): (readonly Way[])[] => [
      this.toLevel(by, 'at-least', level),
      this.toCondition(property.condition, 'at-least', level),
    ];
    return this.any([
      ...prompts(symbol).map(({ condition }) => this.toCondition(condition, 'at-least', level)),
      ...symbol.selectedBy.map((puller) => this.all(pulls(puller))),
      ...this.eachActive(symbol, 'default', level).map(({ property, ways }) =>
        this.all([ways, this.toCondition(property.expression, 'at-least', level)]),
      ),
      ...symbol.impliedBy.map((puller) =>
        this.all([...pulls(puller), this.toCondition(symbol.directDependency, 'at-least', level)]),
      ),
    ]);
  }

  private down(symbol: KconfigSymbol, target: Tristate): readonly Way[] {
    const { configuration } = this;
    const { modules } = configuration.tree;
    const release = (kind: 'selectedBy' | 'impliedBy'): readonly Way[] =>
      this.all(
        symbol[kind].map(({ by, property }) =>
          this.any([this.toLevel(by, 'at-most', target), this.toCondition(property.condition, 'at-most', target)]),
        ),
      );
    if (symbol.selectValue > target) return release('selectedBy');
    if (target === MOD && configuration.effectiveType(symbol) === 'bool')
      return modules.name === undefined ? IMPOSSIBLE : this.toLevel(modules, 'at-least', YES);
    if (symbol.visible !== NO) return this.toOtherMember(symbol);
    const source = configuration.defaultOf(symbol);
    return this.any([
      ...prompts(symbol).map(({ condition }) => this.toCondition(condition, 'at-least', MOD)),
      this.all([
        source === undefined
          ? NOTHING_NEEDED
          : this.any([
              this.toCondition(source.condition, 'at-most', target),
              this.toCondition(source.expression, 'at-most', target),
            ]),
        symbol.implyValue > target
          ? this.any([release('impliedBy'), this.toCondition(symbol.directDependency, 'at-most', target)])
          : NOTHING_NEEDED,
      ]),
    ]);
  }

  /** Of a choice that can be seen, one member is always chosen. */
  private toOtherMember(symbol: KconfigSymbol): readonly Way[] {
    const choice = choiceMenuOf(symbol);
    if (choice === undefined || this.configuration.tree.dialect.modalChoices) {
      this.complete = false;
      return IMPOSSIBLE;
    }
    return this.any([
      ...choice.writtenMembers.filter((member) => member !== symbol).map((member) => this.toLevel(member, 'at-least', YES)),
      this.all(prompts(symbol).map(({ condition }) => this.toCondition(condition, 'at-most', NO))),
    ]);
  }

  private toLevel(symbol: KconfigSymbol, direction: Direction, level: Tristate): readonly Way[] {
    const present = this.configuration.tristate(symbol);
    if (direction === 'at-least' ? present >= level : present <= level) return NOTHING_NEEDED;
    if (symbol.name === undefined) this.complete = false;
    if (symbol.name === undefined || symbol.isConstant || !isLogical(symbol)) return IMPOSSIBLE;
    return this.valuesOf(symbol)
      .filter((text) => (direction === 'at-least' ? parseTristate(text)! >= level : parseTristate(text)! <= level))
      .map((text) => new Map([[symbol.name!, text]]));
  }

  /** What a logical symbol can be; a module is preferred to a built-in where there are modules. */
  private valuesOf(symbol: KconfigSymbol): readonly string[] {
    if (symbol.type === 'bool') return ['y', 'n'];
    return this.configuration.effectiveType(symbol) === 'tristate' ? ['m', 'y', 'n'] : ['y', 'm', 'n'];
  }

  // Numbers and strings.

  private toText(symbol: KconfigSymbol, wanted: string): readonly Way[] {
    const range = this.toRange(symbol, wanted);
    return this.any([
      ...prompts(symbol).map(({ condition }) => this.all([this.toCondition(condition, 'at-least', MOD), range])),
      ...this.eachActive(symbol, 'default', MOD).map(({ property, ways }) => {
        const source = property.expression?.symbol;
        return source === undefined ? IMPOSSIBLE : this.all([ways, this.toSameText(source, wanted), range]);
      }),
    ]);
  }

  private toSameText(source: KconfigSymbol, wanted: string): readonly Way[] {
    if (this.configuration.text(source) === wanted) return NOTHING_NEEDED;
    return source.isConstant || source.type === 'unknown' ? IMPOSSIBLE : [new Map([[source.name!, wanted]])];
  }

  private toRange(symbol: KconfigSymbol, wanted: string): readonly Way[] {
    if (this.configuration.isTextWithinRange(symbol, wanted)) return NOTHING_NEEDED;
    const ranges = symbol.properties.filter(({ kind }) => kind === 'range');
    const value = { text: wanted, type: symbol.type };
    return this.any([
      ...this.eachActive(symbol, 'range', MOD).map(({ property, ways }) => {
        const [low, high] = property.range!;
        return this.all([ways, this.toBound(low, '<=', value), this.toBound(high, '>=', value)]);
      }),
      this.all(ranges.map(({ condition }) => this.toCondition(condition, 'at-most', NO))),
    ]);
  }

  private toBound(
    bound: KconfigSymbol,
    operator: Comparison,
    value: { readonly text: string; readonly type: KconfigSymbol['type'] },
  ): readonly Way[] {
    const fits = (text: string): boolean => holds[operator](compareValues(text, bound.type, value.text, value.type));
    return this.pick(bound, this.textsOf(bound, [value.text]).filter(fits));
  }

  private toComparison(operator: Comparison, left: KconfigSymbol, right: KconfigSymbol, isTrue: boolean): readonly Way[] {
    const lefts = this.textsOf(left, isFixed(right) ? [right.name!] : []);
    const rights = this.textsOf(right, isFixed(left) ? [left.name!] : []);
    return this.any(
      lefts.flatMap((a) =>
        rights
          .filter((b) => holds[operator](compareValues(a, left.type, b, right.type)) === isTrue)
          .map((b) => this.all([this.pick(left, [a]), this.pick(right, [b])])),
      ),
    );
  }

  /** What a symbol can be, as far as that can be listed: of numbers those that its defaults and what it is compared with suggest. */
  private textsOf(symbol: KconfigSymbol, near: readonly string[]): readonly string[] {
    if (isFixed(symbol)) return [symbol.name!];
    if (isLogical(symbol)) return this.valuesOf(symbol);
    const defaults = symbol.properties.flatMap(({ kind, expression }) => (kind === 'default' ? [expression?.symbol] : []));
    const constants = defaults.flatMap((source) => (source !== undefined && isFixed(source) ? [source.name!] : []));
    const isOpen = prompts(symbol).length > 0;
    if (isOpen || constants.length < defaults.length) this.complete = false;
    const around = isOpen ? near.flatMap((text) => [text, ...neighbours(text)]) : [];
    return [...new Set([this.configuration.text(symbol), ...around, ...constants])].filter((text) =>
      isValidText(symbol.type, text),
    );
  }

  private pick(symbol: KconfigSymbol, texts: readonly string[]): readonly Way[] {
    if (texts.includes(this.configuration.text(symbol)) || (isFixed(symbol) && texts.length > 0)) return NOTHING_NEEDED;
    return texts.map((text) => new Map([[symbol.name!, text]]));
  }

  // Properties of which the first that holds counts.

  private eachActive(
    symbol: KconfigSymbol,
    kind: PropertyKind,
    level: Tristate,
  ): { readonly property: Property; readonly ways: readonly Way[] }[] {
    const all = symbol.properties.filter((property) => property.kind === kind);
    return all.map((property, at) => ({
      property,
      ways: this.all([
        this.toCondition(property.condition, 'at-least', level),
        ...all.slice(0, at).map(({ condition }) => this.toCondition(condition, 'at-most', NO)),
      ]),
    }));
  }

  // Putting ways together.

  private any(alternatives: readonly (readonly Way[])[]): readonly Way[] {
    const ways = alternatives.flat();
    const free = ways.find((way) => way.size === 0);
    return free === undefined ? this.bounded(ways) : [free];
  }

  private all(needs: readonly (readonly Way[])[]): readonly Way[] {
    let ways = NOTHING_NEEDED;
    for (const need of needs) {
      if (need.length === 0) return IMPOSSIBLE;
      ways = this.bounded(ways.flatMap((way) => need.flatMap((more) => joined(way, more))));
    }
    return ways;
  }

  private bounded(ways: readonly Way[]): readonly Way[] {
    if (ways.length > MAX_WAYS) this.complete = false;
    return ways.slice(0, MAX_WAYS);
  }
}

function joined(first: Way, second: Way): Way[] {
  for (const [name, text] of second) if ((first.get(name) ?? text) !== text) return [];
  return [new Map([...first, ...second])];
}

function prompts(symbol: KconfigSymbol): readonly Property[] {
  return symbol.properties.filter(({ text }) => text !== undefined);
}

/** Whether a symbol is nothing but its name: a constant, or one that no file defines. */
function isFixed(symbol: KconfigSymbol): boolean {
  return symbol.isConstant || symbol.type === 'unknown';
}

/** The numbers below and above. */
function neighbours(text: string): string[] {
  if (!/^(-?\d+|0[xX][0-9a-fA-F]+)$/.test(text)) return [];
  const number = BigInt(text);
  const print = (value: bigint): string => (/^0[xX]/.test(text) ? `0x${value.toString(16)}` : String(value));
  return [print(number + 1n), ...(number === 0n ? [] : [print(number - 1n)])];
}
