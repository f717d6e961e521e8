import { typeName } from './menu-builder.ts';
import type { Configuration } from './configuration.ts';
import { MOD, NO, YES, type Expression } from './expression.ts';
import type { MenuNode, Property } from './menu.ts';
import { printExpression, printPullers } from './print-expression.ts';
import { Simplifier } from './simplify.ts';
import { displayName, type KconfigSymbol } from './symbol.ts';

/** Texts about entries and symbols, as the C program prints them for `?` and for unmet dependencies. */
export class HelpTexts {
  private readonly configuration: Configuration;
  private readonly simplifier: Simplifier;

  constructor(configuration: Configuration) {
    this.configuration = configuration;
    const { symbols, modules, dialect } = configuration.tree;
    this.simplifier = new Simplifier(symbols, modules, dialect.modalChoices);
  }

  /** What `?` shows for an entry. */
  entry(menu: MenuNode, prefix: string): string {
    const { symbol } = menu;
    const name = menu.help !== undefined && symbol?.name !== undefined ? `${prefix}${symbol.name}:\n\n` : '';
    const text = menu.help ?? 'There is no help available for this option.';
    return `${name}${text}\n${symbol === undefined ? '' : this.symbol(symbol)}`;
  }

  unmetDependency(symbol: KconfigSymbol): string {
    const { configuration, simplifier } = this;
    const pullers = simplifier.pullers(symbol, 'select');
    return (
      `\nWARNING: unmet direct dependencies detected for ${symbol.name}\n` +
      `  Depends on [${symbol.dependencyValue === MOD ? 'm' : 'n'}]: ${printExpression(simplifier.directDependency(symbol), configuration)}\n` +
      printPullers(pullers, configuration, YES, '  Selected by [y]:\n') +
      printPullers(pullers, configuration, MOD, '  Selected by [m]:\n')
    );
  }

  private symbol(symbol: KconfigSymbol): string {
    const { configuration } = this;
    let text = '';
    if (symbol.name !== undefined) {
      text += `Symbol: ${symbol.name} [=${configuration.text(symbol)}]\nType  : ${typeName(symbol.type)}\n`;
      const range = symbol.type === 'int' || symbol.type === 'hex' ? configuration.rangeOf(symbol)?.range : undefined;
      if (range !== undefined) text += `Range : [${range.map((bound) => this.bound(bound)).join(' ')}]\n`;
    }
    if (configuration.tree.dialect.helpForm === 'former') return `${text}${this.former(symbol)}\n\n`;
    for (const menu of symbol.definitions)
      if (menu.prompt !== undefined) text += this.definedAt(menu) + this.prompt(menu, menu.prompt);
    for (const menu of symbol.definitions) {
      if (menu.prompt === undefined) text += this.definedAt(menu) + this.line('  Depends on: ', this.simplifier.dependency(menu));
    }
    text += this.targets(symbol, 'select', 'Selects: ') + this.pullers(symbol, 'select', 'Selected');
    text += this.targets(symbol, 'imply', 'Implies: ') + this.pullers(symbol, 'imply', 'Implied');
    return `${text}\n\n`;
  }

  private former(symbol: KconfigSymbol): string {
    let text = '';
    for (const menu of symbol.definitions)
      if (menu.prompt !== undefined) text += `Prompt: ${menu.prompt.text}\n${this.location(menu.parent)}`;
    const [first] = symbol.definitions;
    if (first !== undefined)
      text += `  ${this.definedAt(first)}${this.line('  Depends on: ', this.simplifier.dependency(first))}`;
    const pulls = (kind: 'select' | 'imply', names: string, verb: string): string =>
      this.targets(symbol, kind, `  ${names}: `) + this.pullers(symbol, kind, `  ${verb}`);
    return text + pulls('select', 'Selects', 'Selected') + pulls('imply', 'Implies', 'Implied');
  }

  private bound(symbol: KconfigSymbol): string {
    return symbol.type === 'unknown' ? displayName(symbol) : `${displayName(symbol)} [=${this.configuration.text(symbol)}]`;
  }

  private definedAt(menu: MenuNode): string {
    return `Defined at ${menu.file}:${menu.line}\n`;
  }

  private line(title: string, expression: Expression | undefined): string {
    return this.simplifier.isYes(expression) ? '' : `${title}${printExpression(expression, this.configuration)}\n`;
  }

  private prompt(menu: MenuNode, prompt: Property): string {
    const { simplifier, configuration } = this;
    const dependency = simplifier.dependency(menu);
    const condition = simplifier.condition(prompt);
    let text = `  Prompt: ${prompt.text}\n${this.line('  Depends on: ', dependency)}`;
    if (!simplifier.equal(dependency, condition)) text += this.line('  Visible if: ', condition);
    return text + this.location(configuration.tree.dialect.helpForm === 'entries' ? menu : menu.parent);
  }

  /** The entries that lead to one. */
  private location(last: MenuNode | undefined): string {
    const { configuration } = this;
    const path: MenuNode[] = [];
    for (let at = last; at !== undefined && at !== configuration.tree.root && path.length < 8; at = at.parent) path.unshift(at);
    if (path.length === 0) return '';
    let text = '  Location:\n';
    for (const [depth, at] of path.entries()) {
      const value = at.symbol === undefined ? '' : ` (${displayName(at.symbol)} [=${configuration.text(at.symbol)}])`;
      text += `${' '.repeat(2 * depth + 4)}-> ${at.prompt?.text ?? at.symbol?.name ?? ''}${value}\n`;
    }
    return text;
  }

  private targets(symbol: KconfigSymbol, kind: 'select' | 'imply', title: string): string {
    const targets = symbol.properties.filter((property) => property.kind === kind);
    if (targets.length === 0) return '';
    return `${title}${targets.map(({ expression }) => printExpression(expression, this.configuration)).join(' && ')}\n`;
  }

  private pullers(symbol: KconfigSymbol, kind: 'select' | 'imply', verb: string): string {
    const terms = this.simplifier.pullers(symbol, kind);
    return ([YES, MOD, NO] as const)
      .map((value) => printPullers(terms, this.configuration, value, `${verb} by [${'nmy'[value]}]:\n`))
      .join('');
  }
}
