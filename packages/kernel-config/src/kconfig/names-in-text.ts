import type { SymbolTable } from './symbol-table.ts';

/**
 * A text with the values of symbols in place of `$NAME`, as dialects without macros have it in titles and names of files:
 * what `option env` gave the symbol, nothing for others.
 */
export function expandNames(text: string, symbols: SymbolTable): string {
  return text.replace(/\$(\w*)/g, (_, name: string) => {
    const source = symbols.find(name)?.properties.find(({ kind }) => kind === 'default')?.expression;
    return source?.operator === 'symbol' && source.symbol!.isConstant ? (source.symbol!.name ?? '') : '';
  });
}
