import { KernelConfigError, type Position } from '../errors.ts';
import type { Prober } from '../probes/prober.ts';
import type { Dialect } from './dialect.ts';
import { EntryParser, isAttribute } from './entry-parser.ts';
import { ExpressionParser } from './expression-parser.ts';
import { keywordsOf, Lexer } from './lexer.ts';
import { Macros } from './macros.ts';
import type { MenuNode } from './menu.ts';
import { MenuBuilder } from './menu-builder.ts';
import { expandNames } from './names-in-text.ts';
import { SymbolTable } from './symbol-table.ts';
import type { KconfigSymbol } from './symbol.ts';
import { Tokens } from './tokens.ts';
import type { Warning } from './tree.ts';

/** What the parser needs of the world. */
export interface ParserInput {
  /** The name of the first file. */
  readonly file: string;
  /** The text of a file as Latin-1, undefined if there is none. */
  readonly read: (name: string) => string | undefined;
  readonly dialect: Dialect;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly prober: Prober;
  /** Where `$(info,…)` goes. */
  readonly info: (text: string) => void;
  /** `rsource`, `orsource` and `osource`, which the C program does not have. */
  readonly relativeSource: boolean;
  /** The names that match a glob pattern, for trees that use patterns in `source`. */
  readonly glob: ((pattern: string) => readonly string[]) | undefined;
}

export interface ParsedFiles {
  readonly root: MenuNode;
  readonly symbols: SymbolTable;
  readonly modules: KconfigSymbol | undefined;
  readonly defconfigList: KconfigSymbol | undefined;
  readonly files: readonly string[];
  readonly environment: ReadonlyMap<string, string>;
  readonly warnings: Warning[];
  readonly errors: KernelConfigError[];
}

type Block = { readonly kind: 'menu' | 'choice' | 'if'; readonly menu: MenuNode };

/** So many blocks may be open at once. */
const MAX_BLOCKS = 2000;

/**
 * Reads Kconfig files into a menu tree, following `source`.
 *
 * Mistakes are collected and reading goes on with the next statement; what makes going on pointless (a missing file, a
 * loop of inclusions, `$(error-if)`) is thrown.
 */
export function parseFiles(input: ParserInput): ParsedFiles {
  return new Parser(input).run();
}

/** Reads statements and blocks; what belongs to one entry is left to the `EntryParser`. */
class Parser {
  private readonly input: ParserInput;
  private readonly dialect: Dialect;
  private readonly symbols: SymbolTable;
  private readonly warnings: Warning[] = [];
  private readonly blocks: Block[] = [];
  private readonly macros: Macros;
  private readonly lexer: Lexer;
  private readonly tokens: Tokens;
  private readonly expressions: ExpressionParser;
  private readonly builder: MenuBuilder;
  private readonly entries: EntryParser;

  constructor(input: ParserInput) {
    const { dialect, environment, prober, info } = input;
    this.input = input;
    this.dialect = dialect;
    this.symbols = new SymbolTable(dialect.typedConstants);
    const warn = (message: string, position: Position): void => void this.warnings.push({ message, position });
    this.macros = new Macros({
      position: () => this.lexer.position,
      includedFrom: () => this.lexer.includedFrom(),
      environment,
      prober,
      info,
      warn: (message, position) => this.warnings.push({ message, position, isFromTree: true }),
    });
    this.lexer = new Lexer({
      macros: this.macros,
      keywords: keywordsOf(dialect, input.relativeSource),
      hasMacros: dialect.macros,
      looseWords: dialect.looseWords,
      ignoresUnknown: dialect.ancient,
      sourceOnce: dialect.sourceOnce,
      warn,
    });
    this.tokens = new Tokens(this.lexer, dialect, this.symbols, this.macros, this.warnings);
    this.expressions = new ExpressionParser(this.tokens, prober);
    this.builder = new MenuBuilder(warn);
    this.entries = new EntryParser(this.tokens, this.expressions, this.builder, environment);
  }

  run(): ParsedFiles {
    const { tokens, entries, builder } = this;
    this.open(this.input.file);
    let first = true;
    while (this.lexer.next() !== 'eof') {
      tokens.recovering(() => this.statement(first));
      first = false;
    }
    for (const { kind, menu } of this.blocks.reverse()) tokens.fail(`missing end${kind} for this ${kind}`, menu);
    this.expressions.resolveDeferred();
    if (!this.dialect.macros && builder.root.prompt !== undefined) {
      builder.setMainMenu(expandNames(builder.root.prompt.text ?? '', this.symbols), { file: '', line: 0, column: 0 });
    }
    return {
      root: builder.root,
      symbols: this.symbols,
      modules: entries.modules,
      defconfigList: entries.defconfigList,
      files: [...this.lexer.files],
      environment: this.dialect.environmentOption ? entries.environment : this.macros.referenced,
      warnings: this.warnings,
      errors: tokens.errors,
    };
  }

  // Statements. Each method is entered with the lexer on the keyword and leaves it on the end of the line.

  private statement(first: boolean): void {
    const { lexer, tokens } = this;
    const inChoice = this.blocks.some(({ kind }) => kind === 'choice');
    const keyword = lexer.kind;
    switch (keyword) {
      case 'config':
      case 'menuconfig':
        if (inChoice && keyword === 'menuconfig' && !this.dialect.modalChoices)
          throw tokens.syntax('menuconfig is not allowed in a choice');
        return this.config(keyword);
      case 'choice':
        if (inChoice) throw tokens.syntax('a choice is not allowed in a choice');
        return this.choice();
      case 'menu':
      case 'if':
        if (inChoice && keyword === 'menu') throw tokens.syntax('a menu is not allowed in a choice');
        return keyword === 'menu' ? this.menu() : this.if();
      case 'endmenu':
      case 'endif':
      case 'endchoice':
        return this.end(keyword.slice(3) as Block['kind']);
      case 'comment':
        return this.comment();
      case 'mainmenu':
        if (!first && this.dialect.macros) throw tokens.syntax('mainmenu is only allowed as the first statement');
        lexer.next();
        this.mainMenu(tokens.quotedText('the title'));
        return tokens.endOfLine();
      case 'source':
      case 'rsource':
      case 'osource':
      case 'orsource':
        return this.source(keyword);
      case 'word':
        return this.assignment();
      default:
        this.builder.closeEntry();
        throw tokens.syntax(isAttribute(keyword) ? `'${keyword}' is not allowed here` : 'invalid statement');
    }
  }

  private mainMenu(title: string): void {
    // Ancient dialects read the statement and keep their own title.
    if (!this.dialect.ancient) this.builder.setMainMenu(title, this.lexer.statement);
  }

  private config(keyword: 'config' | 'menuconfig'): void {
    const { lexer, tokens } = this;
    lexer.next();
    const symbol = tokens.symbolName(`a symbol's name`);
    const entry = this.builder.addEntry(symbol, lexer.statement);
    tokens.endOfLine();
    this.entries.ofConfig(entry);
    const choice = this.currentChoice();
    if (choice !== undefined) this.joinChoice(entry, choice);
    if (keyword === 'menuconfig') {
      if (entry.prompt !== undefined) entry.prompt.kind = 'menu';
      else if (this.dialect.strictEntries) tokens.fail('menuconfig statement without prompt', entry);
      else tokens.warn('menuconfig statement without prompt');
    }
  }

  private choice(): void {
    const { lexer, tokens, builder, dialect } = this;
    lexer.next();
    const name = dialect.modalChoices && lexer.kind === 'word' ? tokens.word() : undefined;
    const symbol = this.symbols.choice(name);
    const entry = builder.addEntry(symbol, lexer.statement);
    if (!dialect.modalChoices) symbol.type = 'bool';
    else builder.needMode(symbol);
    tokens.endOfLine();
    this.entries.ofChoice(entry);
    if (entry.prompt === undefined && !dialect.modalChoices) tokens.fail('choice must have a prompt', entry);
    this.openBlock('choice', entry);
  }

  private menu(): void {
    const entry = this.titled('menu', 'a title');
    this.entries.ofMenu(entry);
    this.openBlock('menu', entry);
  }

  private comment(): void {
    this.entries.ofComment(this.titled('comment', 'a text'));
  }

  private titled(kind: 'menu' | 'comment', what: string): MenuNode {
    const { lexer, tokens, builder } = this;
    lexer.next();
    const entry = builder.addEntry(undefined, lexer.statement);
    builder.addPrompt(kind, tokens.quotedText(what), undefined, lexer.statement);
    tokens.endOfLine();
    return entry;
  }

  private if(): void {
    this.lexer.next();
    const entry = this.builder.addEntry(undefined, this.lexer.statement);
    entry.ownDependency = this.expressions.expression();
    this.tokens.endOfLine();
    this.openBlock('if', entry);
  }

  private end(kind: Block['kind']): void {
    const { lexer, tokens } = this;
    this.builder.closeEntry();
    const block = this.blocks.pop();
    if (block === undefined) throw tokens.syntax(`end${kind} without ${kind}`);
    this.builder.closeMenu();
    const { menu } = block;
    if (block.kind !== kind)
      throw tokens.syntax(`unexpected end${kind} within ${block.kind} block (opened at ${menu.file}:${menu.line})`);
    if (menu.file !== lexer.fileName)
      throw tokens.syntax(`end${kind} in different file than ${kind} (${menu.file}:${menu.line})`);
    lexer.next();
    tokens.endOfLine();
  }

  private source(keyword: string): void {
    const { lexer, tokens, input } = this;
    this.builder.closeEntry();
    lexer.next();
    let name = tokens.quotedText('a file name');
    tokens.endOfLine();
    if (!this.dialect.macros) name = expandNames(name, this.symbols);
    if (keyword.includes('rsource')) {
      const folder = lexer.fileName.includes('/') ? lexer.fileName.replace(/\/[^/]*$/, '/') : '';
      name = folder + name;
    }
    const optional = keyword.startsWith('o');
    const names = /[*?[]/.test(name) && input.glob !== undefined ? input.glob(name) : [name];
    // The last opened is read first.
    for (const each of [...names].reverse()) this.open(each, optional);
  }

  private open(name: string, optional = false): void {
    const text = this.input.read(name);
    if (text === undefined) {
      if (optional) return;
      const isFirst = this.lexer.files.size === 0;
      throw new KernelConfigError('KCONFIG_NOT_FOUND', isFirst ? `can't find file ${name}` : `can't open file "${name}"`, {
        ...(isFirst ? {} : { position: this.lexer.statement, includedFrom: this.lexer.includedFrom() }),
        hint: 'Names are relative to the working directory and to $srctree.',
      });
    }
    this.lexer.open(name, text);
  }

  private assignment(): void {
    const { lexer, tokens } = this;
    this.builder.closeEntry();
    const name = this.macros.settle(lexer.text);
    const kind = lexer.next();
    if (!this.dialect.macros || (kind !== '=' && kind !== ':=' && kind !== '+='))
      throw tokens.syntax(`unknown statement "${name}"`);
    this.macros.assign(name, kind, lexer.restOfLine());
    tokens.endOfLine();
  }

  // Blocks.

  private openBlock(kind: Block['kind'], menu: MenuNode): void {
    if (this.blocks.length > MAX_BLOCKS)
      throw new KernelConfigError('KCONFIG_TOO_DEEP', 'blocks are nested too deeply', { position: this.lexer.statement });
    this.blocks.push({ kind, menu });
    this.builder.openMenu(menu);
  }

  private currentChoice(): MenuNode | undefined {
    return this.blocks.findLast(({ kind }) => kind === 'choice')?.menu;
  }

  private joinChoice(entry: MenuNode, choice: MenuNode): void {
    const symbol = entry.symbol!;
    if (this.dialect.modalChoices) return;
    if (entry.prompt === undefined) this.tokens.fail('choice member must have a prompt', entry);
    if (symbol.type !== 'bool') this.tokens.fail('choice member must be bool', entry);
    if (!symbol.inChoice) {
      symbol.inChoice = true;
      choice.writtenMembers.push(symbol);
    }
  }
}
