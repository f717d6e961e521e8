import { and, or, symbolTerm, type Expression } from './expression.ts';
import type { ExpressionParser } from './expression-parser.ts';
import type { MenuBuilder } from './menu-builder.ts';
import type { MenuNode } from './menu.ts';
import { negatedForCondition } from './simplify.ts';
import type { KconfigSymbol, SymbolType } from './symbol.ts';
import type { Tokens } from './tokens.ts';

const TYPES: ReadonlySet<string> = new Set(['bool', 'tristate', 'int', 'hex', 'string']);
/** What types and attributes were called once. */
const FORMER_NAMES: Readonly<Record<string, string | undefined>> = { boolean: 'bool', def_boolean: 'def_bool', enable: 'select' };

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
  'requires',
  'help',
  'visible',
  'modules',
  'transitional',
  'option',
  'optional',
]);

/** Whether a keyword begins a line that says something of the entry above it. */
export function isAttribute(keyword: string): boolean {
  return ATTRIBUTES.has(keyword);
}

/** Reads the attributes of entries: the lines below `config`, `choice`, `menu` and `comment`. */
export class EntryParser {
  modules: KconfigSymbol | undefined;
  defconfigList: KconfigSymbol | undefined;
  /** Variables of `option env=` with their values, the last first. */
  readonly environment = new Map<string, string>();

  private readonly tokens: Tokens;
  private readonly expressions: ExpressionParser;
  private readonly builder: MenuBuilder;
  private readonly surroundings: Readonly<Record<string, string | undefined>>;

  constructor(
    tokens: Tokens,
    expressions: ExpressionParser,
    builder: MenuBuilder,
    environment: Readonly<Record<string, string | undefined>>,
  ) {
    this.tokens = tokens;
    this.expressions = expressions;
    this.builder = builder;
    this.surroundings = environment;
  }

  ofConfig(entry: MenuNode): void {
    this.attributes(entry, (kind) => this.configAttribute(kind, entry));
  }

  ofChoice(entry: MenuNode): void {
    this.attributes(entry, (kind) => this.choiceAttribute(kind, entry));
  }

  ofMenu(entry: MenuNode): void {
    this.attributes(entry, (kind) => {
      if (kind !== 'visible') return this.dependency(kind, entry);
      this.tokens.lexer.next();
      entry.visibility = and(entry.visibility, this.expressions.condition());
      return true;
    });
  }

  ofComment(entry: MenuNode): void {
    this.attributes(entry, (kind) => this.dependency(kind, entry));
  }

  private attributes(entry: MenuNode, read: (keyword: string) => boolean): void {
    const { tokens } = this;
    const { lexer } = tokens;
    for (;;) {
      // The next statement is looked at, not taken, until it proves to be an attribute.
      const word = lexer.peekStatement();
      const kind = FORMER_NAMES[word] ?? word;
      if (!isAttribute(kind)) return;
      lexer.next();
      tokens.recovering(() => {
        if (!read(kind)) {
          const owner = entry.symbol === undefined ? 'menu or comment' : entry.symbol.isChoice ? 'choice' : 'config';
          throw tokens.syntax(`'${kind}' is not allowed in a ${owner}`);
        }
        tokens.endOfLine();
      });
    }
  }

  private configAttribute(kind: string, entry: MenuNode): boolean {
    const { tokens, expressions, builder } = this;
    const { lexer, dialect } = tokens;
    const symbol = entry.symbol!;
    const { statement } = lexer;
    if (TYPES.has(kind)) {
      this.type(kind as SymbolType, entry);
      return true;
    }
    switch (kind) {
      case 'prompt':
        this.prompt();
        return true;
      case 'default':
      case 'def_bool':
      case 'def_tristate': {
        lexer.next();
        const expression = expressions.expression();
        builder.addProperty('default', { expression, condition: expressions.condition() }, statement);
        if (kind !== 'default') builder.setType(entry, kind.slice(4) as SymbolType);
        return true;
      }
      case 'select':
      case 'imply': {
        lexer.next();
        const expression = symbolTerm(tokens.symbolName(`a symbol's name`));
        builder.addProperty(kind, { expression, condition: expressions.condition() }, statement);
        return true;
      }
      case 'range': {
        lexer.next();
        const range = [expressions.operand(), expressions.operand()] as const;
        builder.addProperty('range', { range, condition: expressions.condition() }, statement);
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
        if (!dialect.options) return false;
        lexer.next();
        this.option(symbol);
        return true;
      case 'optional':
        throw tokens.syntax(`'optional' is only for choices`);
      default:
        return this.dependency(kind, entry) || this.help(kind, entry);
    }
  }

  private choiceAttribute(kind: string, entry: MenuNode): boolean {
    const { tokens, expressions, builder } = this;
    const { lexer, dialect } = tokens;
    const { statement } = lexer;
    if (dialect.modalChoices && (kind === 'bool' || kind === 'tristate')) {
      this.type(kind, entry);
      return true;
    }
    switch (kind) {
      case 'bool':
      case 'prompt':
        if (kind === 'bool' && !dialect.choiceBool) return false;
        this.prompt();
        return true;
      case 'default': {
        lexer.next();
        const expression = symbolTerm(tokens.symbolName('a member of the choice'));
        builder.addProperty('default', { expression, condition: expressions.condition() }, statement);
        return true;
      }
      case 'optional':
        if (!dialect.modalChoices) return false;
        lexer.next();
        builder.makeOptional(entry.symbol!);
        return true;
      default:
        return this.dependency(kind, entry) || this.help(kind, entry);
    }
  }

  /** A type, with a prompt behind it or without. */
  private type(type: SymbolType, entry: MenuNode): void {
    const { tokens, builder, expressions } = this;
    const { statement } = tokens.lexer;
    tokens.lexer.next();
    if (tokens.isText()) builder.addPrompt('prompt', tokens.quotedText('a prompt'), expressions.condition(), statement);
    builder.setType(entry, type);
  }

  private prompt(): void {
    const { tokens, builder, expressions } = this;
    const { statement } = tokens.lexer;
    tokens.lexer.next();
    builder.addPrompt('prompt', tokens.quotedText('a prompt'), expressions.condition(), statement);
  }

  private dependency(kind: string, entry: MenuNode): boolean {
    if (kind !== 'depends' && kind !== 'requires') return false;
    const { tokens, expressions } = this;
    const { lexer, dialect } = tokens;
    lexer.next();
    if (kind === 'depends' && (!dialect.ancient || lexer.kind === 'on')) tokens.expect('on');
    const dependency = expressions.expression();
    const condition = dialect.conditionalDepends ? expressions.condition() : undefined;
    entry.ownDependency = and(entry.ownDependency, this.under(condition, dependency));
    return true;
  }

  /** A dependency that counts while its condition holds. */
  private under(condition: Expression | undefined, dependency: Expression): Expression {
    return condition === undefined ? dependency : or(dependency, negatedForCondition(condition, this.tokens.symbols))!;
  }

  private help(kind: string, entry: MenuNode): boolean {
    if (kind !== 'help') return false;
    const { tokens } = this;
    const { strictEntries } = tokens.dialect;
    tokens.lexer.next();
    tokens.endOfLine();
    const text = tokens.lexer.helpText();
    const name = entry.symbol?.name ?? '<choice>';
    const complain = (message: string): void => (strictEntries ? tokens.fail(message, entry) : tokens.warn(message));
    if (entry.help !== undefined) {
      complain(`'${name}' defined with more than one help text${strictEntries ? '' : ' -- only the last one will be used'}`);
    }
    if (text.trim() === '') complain(`'${name}' defined with blank help text`);
    entry.help = text;
    return true;
  }

  private option(symbol: KconfigSymbol): void {
    const { tokens } = this;
    const { lexer, dialect } = tokens;
    const name = lexer.kind === 'modules' ? 'modules' : tokens.word();
    if (lexer.kind === 'modules') lexer.next();
    if (name === 'modules') this.setModules(symbol);
    else if (name === 'defconfig_list') {
      this.defconfigList ??= symbol;
      symbol.isHidden = true;
    } else if (name === 'allnoconfig_y') symbol.allNoY = true;
    else if (name === 'env' && dialect.environmentOption) {
      tokens.expect('=');
      this.fromEnvironment(symbol, tokens.quotedText('a variable'));
    } else throw tokens.syntax(`unknown option '${name}'`);
  }

  private fromEnvironment(symbol: KconfigSymbol, variable: string): void {
    const { tokens, builder } = this;
    const value = this.surroundings[variable];
    symbol.isHidden = true;
    const known = [...this.environment];
    this.environment.clear();
    for (const [name, text] of [[variable, value ?? ''] as const, ...known]) this.environment.set(name, text);
    if (value === undefined) tokens.warn(`environment variable ${variable} undefined`);
    else {
      const bytes = Buffer.from(value, 'utf8').toString('latin1');
      builder.addProperty('default', { expression: symbolTerm(tokens.symbols.constant(bytes)) }, tokens.lexer.statement);
    }
  }

  private setModules(symbol: KconfigSymbol): void {
    if (this.modules !== undefined) {
      this.tokens.fail(
        `symbol '${symbol.name}' redefines option 'modules' already defined by symbol '${this.modules.name}'`,
        symbol.definitions.at(-1)!,
      );
    }
    this.modules = symbol;
  }
}
