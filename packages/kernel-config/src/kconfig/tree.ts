import type { Position } from '../errors.ts';
import type { Dialect } from './dialect.ts';
import type { MenuNode } from './menu.ts';
import type { SymbolTable } from './symbol-table.ts';
import type { KconfigSymbol } from './symbol.ts';

export interface Warning {
  readonly message: string;
  /** It comes from a `$(warning-if,…)` of the tree. */
  readonly isFromTree?: true;
  readonly position: Position;
}

/** A parsed Kconfig tree: all that its files say, before any configuration. */
export interface KconfigTree {
  readonly dialect: Dialect;
  readonly root: MenuNode;
  readonly symbols: SymbolTable;
  /** The symbol that enables modules; the constant `n` if the tree has none. */
  readonly modules: KconfigSymbol;
  /** Old dialects: the symbol whose defaults name default configurations. */
  readonly defconfigList: KconfigSymbol | undefined;
  /** Names of all files, in order of reading. */
  readonly files: readonly string[];
  /** Environment variables that the files referenced. */
  readonly environment: ReadonlyMap<string, string>;
  readonly warnings: readonly Warning[];
}
