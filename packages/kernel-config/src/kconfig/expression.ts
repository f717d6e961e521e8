import type { KconfigSymbol } from './symbol.ts';

/** `n`, `m`, `y` as numbers, so that `&&` is the smaller and `||` the larger of two. */
export type Tristate = 0 | 1 | 2;
export const NO = 0;
export const MOD = 1;
export const YES = 2;

export type Comparison = '=' | '!=' | '<' | '<=' | '>' | '>=';
export type Operator = 'symbol' | 'not' | 'and' | 'or' | Comparison;

/**
 * A node of a dependency expression. All kinds share one shape, which keeps evaluation fast.
 *
 * - `symbol`: `symbol`
 * - `not`: `left`
 * - `and`, `or`: `left`, `right`
 * - comparisons: `symbol`, `other`
 */
export class Expression {
  readonly operator: Operator;
  readonly left: Expression | undefined;
  readonly right: Expression | undefined;
  symbol: KconfigSymbol | undefined;
  other: KconfigSymbol | undefined;
  /** The value in the evaluation round `round`. */
  value: Tristate = NO;
  round = -1;

  constructor(
    operator: Operator,
    left: Expression | undefined,
    right: Expression | undefined,
    symbol: KconfigSymbol | undefined,
    other: KconfigSymbol | undefined,
  ) {
    this.operator = operator;
    this.left = left;
    this.right = right;
    this.symbol = symbol;
    this.other = other;
  }
}

export function symbolTerm(symbol: KconfigSymbol): Expression {
  return new Expression('symbol', undefined, undefined, symbol, undefined);
}

export function comparison(operator: Comparison, left: KconfigSymbol, right: KconfigSymbol): Expression {
  return new Expression(operator, undefined, undefined, left, right);
}

export function not(operand: Expression): Expression {
  return new Expression('not', operand, undefined, undefined, undefined);
}

export function binary(operator: 'and' | 'or', left: Expression, right: Expression): Expression {
  return new Expression(operator, left, right, undefined, undefined);
}

/** Conjunction where a missing side means `y`. */
export function and(left: Expression | undefined, right: Expression | undefined): Expression | undefined {
  if (left === undefined) return right;
  return right === undefined ? left : binary('and', left, right);
}

/** Disjunction where a missing side is left out. */
export function or(left: Expression | undefined, right: Expression | undefined): Expression | undefined {
  if (left === undefined) return right;
  return right === undefined ? left : binary('or', left, right);
}

/** Whether a comparison is true, given how its sides differ: negative, zero or positive. */
export const holds = {
  '=': (difference: number) => difference === 0,
  '!=': (difference: number) => difference !== 0,
  '<': (difference: number) => difference < 0,
  '<=': (difference: number) => difference <= 0,
  '>': (difference: number) => difference > 0,
  '>=': (difference: number) => difference >= 0,
} as const;

/** Each symbol that the expression mentions, in reading order, repeats included. */
export function* symbolsOf(expression: Expression | undefined): Generator<KconfigSymbol> {
  if (expression === undefined) return;
  yield* symbolsOf(expression.left);
  yield* symbolsOf(expression.right);
  if (expression.symbol !== undefined) yield expression.symbol;
  if (expression.other !== undefined) yield expression.other;
}

export function mentions(expression: Expression | undefined, symbol: KconfigSymbol): boolean {
  if (expression === undefined) return false;
  return (
    expression.symbol === symbol ||
    expression.other === symbol ||
    mentions(expression.left, symbol) ||
    mentions(expression.right, symbol)
  );
}
