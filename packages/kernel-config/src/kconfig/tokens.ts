import { KernelConfigError } from '../errors.ts';
import type { Dialect } from './dialect.ts';
import type { Lexer } from './lexer.ts';
import type { Macros } from './macros.ts';
import type { MenuNode } from './menu.ts';
import type { SymbolTable } from './symbol-table.ts';
import type { KconfigSymbol } from './symbol.ts';
import type { Warning } from './tree.ts';

/** What all parts of the parser share: the tokens, and where mistakes go. */
export class Tokens {
  readonly lexer: Lexer;
  readonly dialect: Dialect;
  readonly symbols: SymbolTable;
  readonly macros: Macros;
  readonly errors: KernelConfigError[] = [];
  private readonly warnings: Warning[];

  constructor(lexer: Lexer, dialect: Dialect, symbols: SymbolTable, macros: Macros, warnings: Warning[]) {
    this.lexer = lexer;
    this.dialect = dialect;
    this.symbols = symbols;
    this.macros = macros;
    this.warnings = warnings;
  }

  isText(): boolean {
    return this.lexer.kind === 'quoted' || (this.dialect.looseWords && this.lexer.kind === 'word');
  }

  /** The text of a token in quotes; entered on it, left behind it, like all methods that take a token. */
  quotedText(what: string): string {
    const { lexer } = this;
    if (!this.isText()) throw this.syntax(`${what} in quotes expected`);
    const text = this.macros.settle(lexer.text);
    lexer.next();
    return text;
  }

  symbolName(what: string): KconfigSymbol {
    if (this.lexer.kind !== 'word') throw this.syntax(`${what} expected`);
    return this.symbols.lookUp(this.word());
  }

  word(): string {
    const text = this.macros.settle(this.lexer.text);
    this.lexer.next();
    return text;
  }

  expect(kind: string): void {
    if (this.lexer.kind !== kind) throw this.syntax(`'${kind}' expected`);
    this.lexer.next();
  }

  endOfLine(): void {
    if (this.lexer.kind !== 'eol') throw this.syntax('end of line expected');
  }

  syntax(message: string): KernelConfigError {
    return this.lexer.error('KCONFIG_SYNTAX', message);
  }

  /** Notes a mistake of an entry; reading goes on. */
  fail(message: string, menu: MenuNode): void {
    const position = { file: menu.file, line: menu.line, column: menu.column };
    this.errors.push(new KernelConfigError('KCONFIG_SEMANTICS', message, { position }));
  }

  warn(message: string): void {
    this.warnings.push({ message, position: this.lexer.statement });
  }

  /** Does `read`; if it meets a mistake, notes it and goes on behind the statement. */
  recovering(read: () => void): void {
    try {
      read();
    } catch (error) {
      if (!(error instanceof KernelConfigError) || error.code !== 'KCONFIG_SYNTAX') throw error;
      this.errors.push(error);
      this.lexer.skipStatement();
    }
  }
}
