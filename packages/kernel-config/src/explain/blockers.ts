import type { Configuration } from '../kconfig/configuration.ts';
import { NO, YES, type Expression, type Tristate } from '../kconfig/expression.ts';
import { printExpression } from '../kconfig/print-expression.ts';
import { tristateNames } from '../kconfig/values.ts';

/** A part of a condition, with its value. */
export interface Term {
  /** In Kconfig's notation. */
  readonly text: string;
  readonly value: 'y' | 'm' | 'n';
}

/** The operands of the conjunction that an expression is. */
export function termsOf(configuration: Configuration, expression: Expression | undefined): readonly Term[] {
  return conjuncts(expression).map((term) => ({ text: printExpression(term), value: tristateNames[configuration.value(term)] }));
}

/** The operands of a conjunction that keep it below `wanted`. */
export function blockersOf(
  configuration: Configuration,
  expression: Expression | undefined,
  wanted: Tristate,
): readonly Expression[] {
  const seen = new Set<string>();
  return conjuncts(expression).filter((term) => {
    if (configuration.value(term) >= wanted) return false;
    const text = printExpression(term);
    return !seen.has(text) && seen.add(text);
  });
}

/** The operands of nested conjunctions, in reading order. */
export function conjuncts(expression: Expression | undefined): readonly Expression[] {
  if (expression === undefined) return [];
  return expression.operator === 'and' ? [...conjuncts(expression.left), ...conjuncts(expression.right)] : [expression];
}

/** How one symbol could be made to have a value: at least `m` or `y`, at most `n` or `m`, or exactly some text. */
export type Requirement =
  | { readonly kind: 'at-least' | 'at-most'; readonly name: string; readonly value: Tristate }
  | { readonly kind: 'text'; readonly name: string; readonly text: string };

/** At most this many ways to meet one condition are looked at. */
const MAX_WAYS = 64;

/**
 * The ways to bring an expression to at least (or at most) a value: alternatives, each a set of requirements.
 * No alternative means that it cannot be done by symbols' values.
 */
export function waysTo(
  expression: Expression | undefined,
  direction: 'at-least' | 'at-most',
  value: Tristate,
): readonly (readonly Requirement[])[] {
  if (direction === 'at-least' ? value === NO : value === YES) return [[]];
  if (expression === undefined) return direction === 'at-least' ? [[]] : [];
  const { operator, left, right, symbol, other } = expression;
  switch (operator) {
    case 'symbol':
      if (symbol!.isConstant) {
        const holds = direction === 'at-least' ? symbol!.tristate >= value : symbol!.tristate <= value;
        return holds ? [[]] : [];
      }
      return symbol!.name === undefined ? [] : [[{ kind: direction, name: symbol!.name, value }]];
    case 'not':
      return waysTo(left, direction === 'at-least' ? 'at-most' : 'at-least', (YES - value) as Tristate);
    case 'and':
    case 'or': {
      const needsBoth = (operator === 'and') === (direction === 'at-least');
      const first = waysTo(left, direction, value);
      const second = waysTo(right, direction, value);
      const ways = needsBoth ? first.flatMap((a) => second.map((b) => [...a, ...b])) : [...first, ...second];
      return ways.slice(0, MAX_WAYS);
    }
    default: {
      const constant = other!.isConstant || other!.type === 'unknown' ? other!.name : undefined;
      if (constant === undefined || symbol!.name === undefined) return [];
      const isWanted = direction === 'at-least';
      const exactly = (text: string): readonly Requirement[] => [{ kind: 'text', name: symbol!.name!, text }];
      if ((operator === '=') === isWanted && (operator === '=' || operator === '!=')) return [exactly(constant)];
      // Something else than the constant: for logical symbols the other values, for others nothing can be proposed.
      if (operator === '=' || operator === '!=')
        return symbol!.type === 'bool' || symbol!.type === 'tristate'
          ? ['y', 'm', 'n'].filter((text) => text !== constant).map(exactly)
          : [];
      return [];
    }
  }
}
