import { KernelConfigError, type Position } from '../errors.ts';
import type { Prober } from '../probes/prober.ts';
import type { Dialect } from './dialect.ts';
import { keywordsOf, Lexer } from './lexer.ts';
import { and, binary, comparison, not, or, symbolTerm, type Comparison, type Expression } from './expression.ts';
import { Macros, pendingResult } from './macros.ts';
import type { MenuNode } from './menu.ts';
import { MenuBuilder } from './menu-builder.ts';
import { negatedForCondition } from './simplify.ts';
import { SymbolTable } from './symbol-table.ts';
import type { KconfigSymbol, SymbolType } from './symbol.ts';
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

/** An expression that stands for an answer that is still being worked on. */
interface Deferred {
  readonly expression: Expression;
  readonly side: 'symbol' | 'other';
  readonly id: number;
}

type Block = { readonly kind: 'menu' | 'choice' | 'if'; readonly menu: MenuNode };

const TYPES: ReadonlySet<string> = new Set(['bool', 'tristate', 'int', 'hex', 'string']);
const COMPARISONS: ReadonlySet<string> = new Set(['=', '!=', '<', '<=', '>', '>=']);
const MAX_NESTING = 2000;

/**
 * Reads Kconfig files into a menu tree, following `source`.
 *
 * Mistakes are collected and reading goes on with the next statement; what makes going on pointless (a missing file, a
 * loop of inclusions, `$(error-if)`) is thrown.
 */
export function parseFiles(input: ParserInput): ParsedFiles {
  return new Parser(input).run();
}

class Parser {
  private readonly input: ParserInput;
  private readonly symbols = new SymbolTable();
  private readonly warnings: Warning[] = [];
  private readonly errors: KernelConfigError[] = [];
  private readonly deferred: Deferred[] = [];
  private readonly blocks: Block[] = [];
  private readonly macros: Macros;
  private readonly lexer: Lexer;
  private readonly builder: MenuBuilder;
  private modules: KconfigSymbol | undefined;
  private defconfigList: KconfigSymbol | undefined;
  private nesting = 0;

  constructor(input: ParserInput) {
    this.input = input;
    const warn = (message: string, position: Position): void => void this.warnings.push({ message, position });
    this.macros = new Macros({
      position: () => this.lexer.position,
      includedFrom: () => this.lexer.includedFrom(),
      environment: input.environment,
      prober: input.prober,
      info: input.info,
      warn: (message, position) => this.warnings.push({ message, position, isFromTree: true }),
    });
    this.lexer = new Lexer({
      macros: this.macros,
      keywords: keywordsOf(input.dialect, input.relativeSource),
      hasMacros: input.dialect.macros,
      looseWords: input.dialect.looseWords,
      warn,
    });
    this.builder = new MenuBuilder(warn);
  }

  run(): ParsedFiles {
    this.open(this.input.file);
    let first = true;
    while (this.lexer.next() !== 'eof') {
      try {
        this.statement(first);
      } catch (error) {
        if (!(error instanceof KernelConfigError) || error.code !== 'KCONFIG_SYNTAX') throw error;
        this.errors.push(error);
        this.lexer.skipStatement();
      }
      first = false;
    }
    for (const { kind, menu } of this.blocks.reverse()) this.fail(`missing end${kind} for this ${kind}`, menu);
    this.resolveDeferred();
    return {
      root: this.builder.root,
      symbols: this.symbols,
      modules: this.modules,
      defconfigList: this.defconfigList,
      files: [...this.lexer.files],
      environment: this.macros.referenced,
      warnings: this.warnings,
      errors: this.errors,
    };
  }

  // Statements. Each method is entered with the lexer on the keyword and leaves it on the end of the line.

  private statement(first: boolean): void {
    const { lexer } = this;
    const inChoice = this.blocks.some(({ kind }) => kind === 'choice');
    const keyword = lexer.kind;
    switch (keyword) {
      case 'config':
      case 'menuconfig':
        if (inChoice && keyword === 'menuconfig' && !this.input.dialect.modalChoices)
          throw this.syntax('menuconfig is not allowed in a choice');
        return this.config(keyword);
      case 'choice':
        if (inChoice) throw this.syntax('a choice is not allowed in a choice');
        return this.choice();
      case 'menu':
      case 'if':
        if (inChoice && keyword === 'menu') throw this.syntax('a menu is not allowed in a choice');
        return keyword === 'menu' ? this.menu() : this.if();
      case 'endmenu':
      case 'endif':
      case 'endchoice':
        return this.end(keyword.slice(3) as Block['kind']);
      case 'comment':
        return this.comment();
      case 'mainmenu':
        if (!first && this.input.dialect.name !== 'linux-4.17')
          throw this.syntax('mainmenu is only allowed as the first statement');
        lexer.next();
        this.builder.setMainMenu(this.quotedText('the title'), lexer.statement);
        return this.endOfLine();
      case 'source':
      case 'rsource':
      case 'osource':
      case 'orsource':
        return this.source(keyword);
      case 'word':
        return this.assignment();
      default:
        this.builder.closeEntry();
        throw this.syntax(this.isAttribute(keyword) ? `'${keyword}' is not allowed here` : 'invalid statement');
    }
  }

  private config(keyword: 'config' | 'menuconfig'): void {
    this.lexer.next();
    const symbol = this.symbolName(`a symbol's name`);
    const entry = this.builder.addEntry(symbol, this.lexer.statement);
    this.endOfLine();
    this.attributes(entry, (kind) => this.configAttribute(kind, entry));
    const choice = this.currentChoice();
    if (choice !== undefined) this.joinChoice(entry, choice);
    if (keyword === 'menuconfig') {
      if (entry.prompt !== undefined) entry.prompt.kind = 'menu';
      else if (this.input.dialect.strictEntries) this.fail('menuconfig statement without prompt', entry);
      else this.warn('menuconfig statement without prompt');
    }
  }

  private configAttribute(kind: string, entry: MenuNode): boolean {
    const { lexer, builder, input } = this;
    const symbol = entry.symbol!;
    const { statement } = lexer;
    if (TYPES.has(kind)) {
      lexer.next();
      if (this.isText()) builder.addPrompt('prompt', this.quotedText('a prompt'), this.condition(), statement);
      builder.setType(entry, kind as SymbolType);
      return true;
    }
    switch (kind) {
      case 'prompt':
        lexer.next();
        builder.addPrompt('prompt', this.quotedText('a prompt'), this.condition(), statement);
        return true;
      case 'default':
      case 'def_bool':
      case 'def_tristate': {
        lexer.next();
        const expression = this.expression();
        builder.addProperty('default', { expression, condition: this.condition() }, statement);
        if (kind !== 'default') builder.setType(entry, kind.slice(4) as SymbolType);
        return true;
      }
      case 'select':
      case 'imply': {
        lexer.next();
        const expression = symbolTerm(this.symbolName(`a symbol's name`));
        builder.addProperty(kind, { expression, condition: this.condition() }, statement);
        return true;
      }
      case 'range': {
        lexer.next();
        const range = [this.operand(), this.operand()] as const;
        builder.addProperty('range', { range, condition: this.condition() }, statement);
        return true;
      }
      case 'modules':
        lexer.next();
        this.setModules(symbol);
        return true;
      case 'transitional':
        lexer.next();
        symbol.isTransitional = true;
        return true;
      case 'option':
        if (!input.dialect.options) return false;
        lexer.next();
        this.option(symbol);
        return true;
      case 'optional':
        throw this.syntax(`'optional' is only for choices`);
      default:
        return this.commonAttribute(kind, entry, true);
    }
  }

  private choice(): void {
    const { lexer, builder, input } = this;
    lexer.next();
    const name = input.dialect.modalChoices && lexer.kind === 'word' ? this.word() : undefined;
    const symbol = this.symbols.choice(name);
    const entry = builder.addEntry(symbol, lexer.statement);
    if (!input.dialect.modalChoices) symbol.type = 'bool';
    else builder.needMode(symbol);
    this.endOfLine();
    this.attributes(entry, (kind) => this.choiceAttribute(kind, entry));
    if (entry.prompt === undefined && !input.dialect.modalChoices) this.fail('choice must have a prompt', entry);
    this.openBlock('choice', entry);
  }

  private choiceAttribute(kind: string, entry: MenuNode): boolean {
    const { lexer, builder, input } = this;
    const { statement } = lexer;
    const { modalChoices } = input.dialect;
    if (modalChoices && (kind === 'bool' || kind === 'tristate')) {
      lexer.next();
      if (this.isText()) builder.addPrompt('prompt', this.quotedText('a prompt'), this.condition(), statement);
      builder.setType(entry, kind);
      return true;
    }
    switch (kind) {
      case 'bool':
      case 'prompt':
        if (kind === 'bool' && !input.dialect.choiceBool) return false;
        lexer.next();
        builder.addPrompt('prompt', this.quotedText('a prompt'), this.condition(), statement);
        return true;
      case 'default': {
        lexer.next();
        const expression = symbolTerm(this.symbolName('a member of the choice'));
        builder.addProperty('default', { expression, condition: this.condition() }, statement);
        return true;
      }
      case 'optional':
        if (!modalChoices) return false;
        lexer.next();
        builder.makeOptional(entry.symbol!);
        return true;
      default:
        return this.commonAttribute(kind, entry, true);
    }
  }

  /** `depends on` and, where it is allowed, `help`. */
  private commonAttribute(kind: string, entry: MenuNode, mayHaveHelp: boolean): boolean {
    const { lexer, input } = this;
    if (kind === 'depends') {
      lexer.next();
      this.expect('on');
      const dependency = this.expression();
      const condition = input.dialect.conditionalDepends ? this.condition() : undefined;
      entry.ownDependency = and(
        entry.ownDependency,
        condition === undefined ? dependency : or(dependency, negatedForCondition(condition, this.symbols)),
      );
      return true;
    }
    if (kind === 'help' && mayHaveHelp) {
      lexer.next();
      this.endOfLine();
      this.help(entry);
      return true;
    }
    return false;
  }

  private help(entry: MenuNode): void {
    const text = this.lexer.helpText();
    const name = entry.symbol?.name ?? '<choice>';
    const complain = (message: string): void =>
      this.input.dialect.strictEntries ? this.fail(message, entry) : this.warn(message);
    if (entry.help !== undefined) {
      complain(
        `'${name}' defined with more than one help text${this.input.dialect.strictEntries ? '' : ' -- only the last one will be used'}`,
      );
    }
    if (text.trim() === '') complain(`'${name}' defined with blank help text`);
    entry.help = text;
  }

  private menu(): void {
    const { lexer, builder } = this;
    lexer.next();
    const entry = builder.addEntry(undefined, lexer.statement);
    builder.addPrompt('menu', this.quotedText('a title'), undefined, lexer.statement);
    this.endOfLine();
    this.attributes(entry, (kind) => {
      if (kind !== 'visible') return this.commonAttribute(kind, entry, false);
      lexer.next();
      entry.visibility = and(entry.visibility, this.condition());
      return true;
    });
    this.openBlock('menu', entry);
  }

  private if(): void {
    this.lexer.next();
    const entry = this.builder.addEntry(undefined, this.lexer.statement);
    entry.ownDependency = this.expression();
    this.endOfLine();
    this.openBlock('if', entry);
  }

  private comment(): void {
    const { lexer, builder } = this;
    lexer.next();
    const entry = builder.addEntry(undefined, lexer.statement);
    builder.addPrompt('comment', this.quotedText('a text'), undefined, lexer.statement);
    this.endOfLine();
    this.attributes(entry, (kind) => this.commonAttribute(kind, entry, false));
  }

  private end(kind: Block['kind']): void {
    const { lexer } = this;
    this.builder.closeEntry();
    const block = this.blocks.pop();
    if (block === undefined) throw this.syntax(`end${kind} without ${kind}`);
    this.builder.closeMenu();
    if (block.kind !== kind)
      throw this.syntax(`unexpected end${kind} within ${block.kind} block (opened at ${block.menu.file}:${block.menu.line})`);
    if (block.menu.file !== lexer.fileName)
      throw this.syntax(`end${kind} in different file than ${kind} (${block.menu.file}:${block.menu.line})`);
    lexer.next();
    this.endOfLine();
  }

  private source(keyword: string): void {
    const { lexer, input } = this;
    this.builder.closeEntry();
    lexer.next();
    let name = this.quotedText('a file name');
    this.endOfLine();
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
    const { lexer } = this;
    this.builder.closeEntry();
    const name = this.macros.settle(lexer.text);
    const kind = lexer.next();
    if (kind !== '=' && kind !== ':=' && kind !== '+=') throw this.syntax(`unknown statement "${name}"`);
    this.macros.assign(name, kind, lexer.restOfLine());
    this.endOfLine();
  }

  private option(symbol: KconfigSymbol): void {
    const { lexer } = this;
    const name = lexer.kind === 'modules' ? 'modules' : this.word();
    if (lexer.kind === 'modules') lexer.next();
    if (name === 'modules') this.setModules(symbol);
    else if (name === 'defconfig_list') this.defconfigList ??= symbol;
    else if (name === 'allnoconfig_y') symbol.allNoY = true;
    else if (name === 'env') {
      this.expect('=');
      const variable = this.quotedText('a variable');
      this.builder.addProperty(
        'default',
        { expression: symbolTerm(this.symbols.constant(this.input.environment[variable] ?? '')) },
        lexer.statement,
      );
    } else throw this.syntax(`unknown option '${name}'`);
  }

  private setModules(symbol: KconfigSymbol): void {
    if (this.modules !== undefined) {
      this.fail(
        `symbol '${symbol.name}' redefines option 'modules' already defined by symbol '${this.modules.name}'`,
        symbol.definitions.at(-1)!,
      );
    }
    this.modules = symbol;
  }

  // Attributes of entries, and the blocks that entries open.

  private attributes(entry: MenuNode, read: (keyword: string) => boolean): void {
    const { lexer } = this;
    for (;;) {
      // The next statement is looked at, not taken, until it proves to be an attribute.
      const kind = lexer.peekStatement();
      if (!this.isAttribute(kind)) return;
      lexer.next();
      try {
        if (!read(kind))
          throw this.syntax(
            `'${kind}' is not allowed in a ${entry.symbol === undefined ? 'menu or comment' : entry.symbol.isChoice ? 'choice' : 'config'}`,
          );
        this.endOfLine();
      } catch (error) {
        if (!(error instanceof KernelConfigError) || error.code !== 'KCONFIG_SYNTAX') throw error;
        this.errors.push(error);
        lexer.skipStatement();
      }
    }
  }

  private isAttribute(kind: string): boolean {
    return ATTRIBUTES.has(kind);
  }

  private openBlock(kind: Block['kind'], menu: MenuNode): void {
    if (this.blocks.length > MAX_NESTING)
      throw new KernelConfigError('KCONFIG_TOO_DEEP', 'blocks are nested too deeply', { position: this.lexer.statement });
    this.blocks.push({ kind, menu });
    this.builder.openMenu(menu);
  }

  private currentChoice(): MenuNode | undefined {
    return this.blocks.findLast(({ kind }) => kind === 'choice')?.menu;
  }

  private joinChoice(entry: MenuNode, choice: MenuNode): void {
    const symbol = entry.symbol!;
    if (this.input.dialect.modalChoices) return;
    if (entry.prompt === undefined) this.fail('choice member must have a prompt', entry);
    if (symbol.type !== 'bool') this.fail('choice member must be bool', entry);
    if (!symbol.inChoice) {
      symbol.inChoice = true;
      choice.writtenMembers.push(symbol);
    }
  }

  // Expressions: `||` binds weakest, then `&&`, comparisons, `!`.

  private expression(): Expression {
    if (++this.nesting > MAX_NESTING)
      throw new KernelConfigError('KCONFIG_TOO_DEEP', 'expression is nested too deeply', { position: this.lexer.position });
    let left = this.conjunction();
    while (this.lexer.kind === '||') {
      this.lexer.next();
      left = binary('or', left, this.conjunction());
    }
    this.nesting--;
    return left;
  }

  private conjunction(): Expression {
    let left = this.negation();
    while (this.lexer.kind === '&&') {
      this.lexer.next();
      left = binary('and', left, this.negation());
    }
    return left;
  }

  private negation(): Expression {
    const { lexer } = this;
    let negations = 0;
    while (lexer.kind === '!') {
      lexer.next();
      negations++;
    }
    let operand: Expression;
    if (lexer.kind === '(') {
      lexer.next();
      operand = this.expression();
      this.expect(')');
    } else operand = this.comparison();
    while (negations-- > 0) operand = not(operand);
    return operand;
  }

  private comparison(): Expression {
    const { lexer } = this;
    const left = this.deferrableOperand();
    let expression: Expression;
    let right: KconfigSymbol | number | undefined;
    if (COMPARISONS.has(lexer.kind)) {
      const operator = lexer.kind as Comparison;
      lexer.next();
      right = this.deferrableOperand();
      expression = comparison(operator, this.placeholder(left), this.placeholder(right));
    } else expression = symbolTerm(this.placeholder(left));
    if (typeof left === 'number') this.deferred.push({ expression, side: 'symbol', id: left });
    if (typeof right === 'number') this.deferred.push({ expression, side: 'other', id: right });
    return expression;
  }

  private placeholder(operand: KconfigSymbol | number): KconfigSymbol {
    return typeof operand === 'number' ? this.symbols.no : operand;
  }

  /** A symbol, a quoted constant, or the number of an answer that is not there yet. */
  private deferrableOperand(): KconfigSymbol | number {
    const { lexer } = this;
    if (lexer.kind === 'word') {
      const id = pendingResult(lexer.text);
      if (id !== undefined) {
        lexer.next();
        return id;
      }
    }
    return this.operand();
  }

  private operand(): KconfigSymbol {
    if (this.lexer.kind === 'quoted') return this.symbols.constant(this.quotedText('a constant'));
    return this.symbolName('a symbol or constant');
  }

  private resolveDeferred(): void {
    for (const { expression, side, id } of this.deferred) {
      const answer = this.input.prober.wait(id);
      // An empty answer leaves no token, and what it stood for would not have parsed.
      if (!/^[A-Za-z0-9_-]+$/.test(answer)) {
        this.errors.push(
          new KernelConfigError('KCONFIG_SYNTAX', `a command answered "${answer}" where a symbol or constant is needed`, {
            position: this.lexer.statement,
          }),
        );
      } else expression[side] = this.symbols.lookUp(answer);
    }
  }

  private condition(): Expression | undefined {
    if (this.lexer.kind !== 'if') return undefined;
    this.lexer.next();
    return this.expression();
  }

  // Single tokens.

  private isText(): boolean {
    return this.lexer.kind === 'quoted' || (this.input.dialect.looseWords && this.lexer.kind === 'word');
  }

  private quotedText(what: string): string {
    const { lexer } = this;
    if (!this.isText()) throw this.syntax(`${what} in quotes expected`);
    const text = this.macros.settle(lexer.text);
    lexer.next();
    return text;
  }

  private symbolName(what: string): KconfigSymbol {
    if (this.lexer.kind !== 'word') throw this.syntax(`${what} expected`);
    return this.symbols.lookUp(this.word());
  }

  private word(): string {
    const text = this.macros.settle(this.lexer.text);
    this.lexer.next();
    return text;
  }

  private expect(kind: string): void {
    if (this.lexer.kind !== kind) throw this.syntax(`'${kind}' expected`);
    this.lexer.next();
  }

  private endOfLine(): void {
    if (this.lexer.kind !== 'eol') throw this.syntax('end of line expected');
  }

  private syntax(message: string): KernelConfigError {
    return this.lexer.error('KCONFIG_SYNTAX', message);
  }

  private fail(message: string, menu: MenuNode): void {
    const position = { file: menu.file, line: menu.line, column: menu.column };
    this.errors.push(new KernelConfigError('KCONFIG_SEMANTICS', message, { position }));
  }

  private warn(message: string): void {
    this.warnings.push({ message, position: this.lexer.statement });
  }
}

const ATTRIBUTES: ReadonlySet<string> = new Set([
  ...TYPES,
  'prompt',
  'default',
  'def_bool',
  'def_tristate',
  'select',
  'imply',
  'range',
  'depends',
  'help',
  'visible',
  'modules',
  'transitional',
  'option',
  'optional',
]);
