import type { Configuration } from '../kconfig/configuration.ts';
import type { Expression, Tristate } from '../kconfig/expression.ts';
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
