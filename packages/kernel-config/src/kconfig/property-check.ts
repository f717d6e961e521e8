import type { Property } from './menu.ts';
import { isLogical, type KconfigSymbol } from './symbol.ts';
import { isValidText } from './values.ts';

/** What is wrong with the properties of a symbol, as the C program words it. */
export function* propertyMistakes(symbol: KconfigSymbol): Generator<{ message: string; property: Property }> {
  const isNumber = symbol.type === 'int' || symbol.type === 'hex';
  const isNumeric = (value: KconfigSymbol): boolean =>
    value.type === 'int' || value.type === 'hex' || (value.type === 'unknown' && isValidText(symbol.type, value.name ?? ''));
  for (const property of symbol.properties) {
    const target = property.expression?.operator === 'symbol' ? property.expression.symbol : undefined;
    switch (property.kind) {
      case 'default':
        if ((symbol.type === 'string' || isNumber) && target === undefined) {
          yield { message: `default for config symbol '${symbol.name}' must be a single symbol`, property };
        }
        if (target === undefined) break;
        if (isNumber && !isNumeric(target)) yield { message: `'${symbol.name}': number is invalid`, property };
        if (
          symbol.isChoice &&
          !target.definitions.some((menu) => menu.prompt !== undefined && isBelow(menu.writtenParent, symbol))
        ) {
          yield { message: `choice default symbol '${target.name}' is not contained in the choice`, property };
        }
        break;
      case 'select':
      case 'imply':
        if (!isLogical(symbol)) {
          yield { message: `config symbol '${symbol.name}' uses ${property.kind}, but is not bool or tristate`, property };
        } else if (target !== undefined && target.type !== 'unknown' && !isLogical(target)) {
          yield {
            message: `'${target.name}' has wrong type. '${property.kind}' only accept arguments of bool and tristate type`,
            property,
          };
        }
        break;
      case 'range':
        if (!isNumber) yield { message: 'range is only allowed for int or hex symbols', property };
        if (!property.range!.every(isNumeric)) yield { message: 'range is invalid', property };
        break;
      default:
    }
  }
}

function isBelow(
  menu: { symbol: KconfigSymbol | undefined; writtenParent: unknown } | undefined,
  choice: KconfigSymbol,
): boolean {
  for (let at = menu; at !== undefined; at = at.writtenParent as typeof menu)
    if (at.symbol !== undefined) return at.symbol === choice;
  return false;
}
