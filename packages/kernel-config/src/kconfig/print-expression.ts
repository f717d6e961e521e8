import type { Configuration } from './configuration.ts';
import type { Expression, Operator, Tristate } from './expression.ts';
import type { KconfigSymbol } from './symbol.ts';

/** How tightly an operator binds, as far as parentheses are concerned. */
const rank: Readonly<Record<Operator, number>> = {
  symbol: 9,
  '<': 5,
  '<=': 5,
  '>': 5,
  '>=': 5,
  '=': 4,
  '!=': 4,
  not: 3,
  and: 2,
  or: 1,
};

/**
 * An expression in Kconfig's notation, fully or with the value behind each symbol: `A [=y] && !B [=n]`.
 *
 * @param configuration gives the values; without, none are shown
 */
export function printExpression(expression: Expression | undefined, configuration?: Configuration, outer?: Operator): string {
  if (expression === undefined) return 'y';
  const { operator } = expression;
  const text = printInner(expression, configuration);
  return outer !== undefined && outer !== operator && operator !== 'symbol' && rank[outer] > rank[operator] ? `(${text})` : text;
}

function printInner(expression: Expression, configuration: Configuration | undefined): string {
  const { operator, left, right, symbol, other } = expression;
  switch (operator) {
    case 'symbol':
      return printSymbol(symbol!, configuration);
    case 'not':
      return `!${printExpression(left, configuration, 'not')}`;
    case 'and':
      return `${printExpression(left, configuration, 'and')} && ${printExpression(right, configuration, 'and')}`;
    case 'or':
      return `${printExpression(left, configuration, 'or')} || ${printExpression(right, configuration, 'or')}`;
    default:
      return `${printSymbol(symbol!, configuration)}${operator}${printSymbol(other!, configuration)}`;
  }
}

function printSymbol(symbol: KconfigSymbol, configuration: Configuration | undefined): string {
  if (symbol.name === undefined) return '<choice>';
  if (configuration === undefined || symbol.type === 'unknown') return symbol.name;
  return `${symbol.name} [=${configuration.text(symbol)}]`;
}

/** One line `  - by && condition` for each of the terms that have that value, below the title; empty if none has. */
export function printPullers(terms: readonly Expression[], configuration: Configuration, value: Tristate, title: string): string {
  const lines = terms
    .filter((term) => configuration.value(term) === value)
    .map((term) => `  - ${printExpression(term, configuration)}\n`);
  return lines.length === 0 ? '' : title + lines.join('');
}
