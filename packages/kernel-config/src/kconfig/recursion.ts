import { KernelConfigError } from '../errors.ts';
import { choiceMenuOf } from './choices.ts';
import type { Dialect } from './dialect.ts';
import type { Expression } from './expression.ts';
import { descendantsOf, type MenuNode, type PropertyKind } from './menu.ts';
import { Simplifier } from './simplify.ts';
import type { SymbolTable } from './symbol-table.ts';
import { displayName, type KconfigSymbol } from './symbol.ts';

export interface RecursionInput {
  readonly root: MenuNode;
  readonly symbols: SymbolTable;
  readonly modules: KconfigSymbol;
  readonly dialect: Dialect;
}

/** Why one symbol's value needs another's. */
type Link =
  | 'depends on'
  | 'is selected by'
  | 'is implied by'
  | { readonly kind: PropertyKind; readonly part: 'value' | 'condition' }
  | undefined;

interface Step {
  readonly symbol: KconfigSymbol;
  link: Link;
  /** Dialects with modal choices: the place that the line is about. */
  place: { readonly file: string; readonly line: number } | undefined;
}

/** Symbols whose values need themselves, each found once, with the chain that leads round. */
export function recursions(input: RecursionInput): KernelConfigError[] {
  // The quick look is at expressions as written; what it finds is looked at again in simplified form.
  if (new Search(input, undefined).run().length === 0) return [];
  return new Search(input, new Simplifier(input.symbols, input.modules, input.dialect.modalChoices)).run();
}

class Search {
  private readonly input: RecursionInput;
  private readonly simplifier: Simplifier | undefined;
  private readonly found: KernelConfigError[] = [];
  private readonly done = new Set<KconfigSymbol>();
  private readonly active = new Set<KconfigSymbol>();
  private readonly path: Step[] = [];

  constructor(input: RecursionInput, simplifier: Simplifier | undefined) {
    this.input = input;
    this.simplifier = simplifier;
  }

  run(): KernelConfigError[] {
    const { root, symbols, dialect } = this.input;
    if (dialect.modalChoices) for (const symbol of symbols.inHashOrder(dialect.symbolBuckets)) this.visit(symbol);
    else for (const { symbol } of descendantsOf(root)) if (symbol !== undefined) this.visit(symbol);
    return this.found;
  }

  /** The symbol that a loop closes at, if one goes through `symbol`. */
  private visit(symbol: KconfigSymbol): KconfigSymbol | undefined {
    if (this.active.has(symbol)) {
      this.report(symbol);
      return symbol;
    }
    if (this.done.has(symbol)) return undefined;
    const choice = this.choiceOf(symbol);
    if (choice !== undefined) return this.within(symbol, () => this.visit(choice));
    if (symbol.isChoice) return this.visitChoice(symbol);
    this.done.add(symbol);
    this.active.add(symbol);
    const end = this.visitParts(symbol);
    this.active.delete(symbol);
    return end;
  }

  private visitChoice(choice: KconfigSymbol): KconfigSymbol | undefined {
    return this.within(choice, () => {
      const members = this.membersOf(choice);
      for (const each of [choice, ...members]) {
        this.done.add(each);
        this.active.add(each);
      }
      let end = this.visitParts(choice);
      this.active.delete(choice);
      for (const member of members) end ??= this.visitParts(member);
      for (const member of members) this.active.delete(member);
      return end !== undefined && this.choiceOf(end) === choice ? choice : end;
    });
  }

  private visitParts(symbol: KconfigSymbol): KconfigSymbol | undefined {
    return this.within(symbol, (step) => {
      const { simplifier } = this;
      step.link = 'depends on';
      let end = this.visitExpression(
        simplifier === undefined ? symbol.directDependency : this.directDependency(symbol, simplifier),
      );
      step.link = 'is selected by';
      end ??= this.visitPullers(symbol, 'select') ?? this.first(symbol.floors, (floor) => this.visitExpression(floor));
      step.link = 'is implied by';
      end ??= this.visitPullers(symbol, 'imply');
      for (const property of symbol.properties) {
        if (end !== undefined) break;
        if (property.kind === 'select' || property.kind === 'imply') continue;
        step.link = { kind: property.kind, part: 'condition' };
        step.place = property;
        end = this.visitExpression(simplifier === undefined ? property.condition : simplifier.condition(property));
        if (end !== undefined || property.kind !== 'default' || symbol.isChoice) continue;
        step.link = { kind: property.kind, part: 'value' };
        end = this.visitExpression(property.expression);
      }
      return end;
    });
  }

  private directDependency(symbol: KconfigSymbol, simplifier: Simplifier): Expression | undefined {
    return symbol.directDependency === undefined ? undefined : simplifier.directDependency(symbol);
  }

  private visitPullers(symbol: KconfigSymbol, kind: 'select' | 'imply'): KconfigSymbol | undefined {
    if (this.simplifier !== undefined)
      return this.first(this.simplifier.pullers(symbol, kind), (each) => this.visitExpression(each));
    const pullers = kind === 'select' ? symbol.selectedBy : symbol.impliedBy;
    return this.first(pullers, ({ by, property }) => this.visit(by) ?? this.visitExpression(property.condition));
  }

  private visitExpression(expression: Expression | undefined): KconfigSymbol | undefined {
    if (expression === undefined) return undefined;
    const { left, right, symbol, other } = expression;
    return (
      (left === undefined ? undefined : this.visitExpression(left)) ??
      (right === undefined ? undefined : this.visitExpression(right)) ??
      (symbol === undefined ? undefined : this.visit(symbol)) ??
      (other === undefined ? undefined : this.visit(other))
    );
  }

  private first<T>(items: readonly T[], visit: (item: T) => KconfigSymbol | undefined): KconfigSymbol | undefined {
    for (const item of items) {
      const end = visit(item);
      if (end !== undefined) return end;
    }
    return undefined;
  }

  private within(symbol: KconfigSymbol, visit: (step: Step) => KconfigSymbol | undefined): KconfigSymbol | undefined {
    const step: Step = { symbol, link: undefined, place: symbol.definitions[0] };
    this.path.push(step);
    const end = visit(step);
    this.path.pop();
    return end;
  }

  private report(at: KconfigSymbol): void {
    const choice = this.choiceOf(at);
    const path = choice === undefined ? this.path : [...this.path, { symbol: at, link: undefined, place: at.definitions[0] }];
    const end = choice ?? at;
    const start = path.findLastIndex(({ symbol }) => symbol === end);
    if (start < 0) return;
    const loop = path.slice(start);
    const { modalChoices } = this.input.dialect;
    const lines = loop.map((step, index) => {
      const next = loop[index + 1]?.symbol ?? end;
      if (!modalChoices) return `\t${describe(step, next)}`;
      const inChoice = step.symbol.isChoice || step.symbol.inChoice;
      const place = inChoice ? step.symbol.definitions[0] : step.place;
      return `${place?.file}:${place?.line}:\t${describeModal(step, next)}`;
    });
    // A symbol may stand in a loop by what others say of it alone.
    const menu = end.definitions[0] ?? loop.find(({ symbol }) => symbol.definitions.length > 0)?.symbol.definitions[0];
    const place = modalChoices ? (loop[0]?.place ?? menu) : menu;
    this.found.push(
      new KernelConfigError('KCONFIG_RECURSION', `recursive dependency detected!\n${lines.join('\n')}`, {
        ...(menu === undefined || place === undefined
          ? {}
          : { position: { file: place.file, line: place.line, column: menu.column } }),
        hint: 'Break the chain: turn a select into a dependency, or drop one of the links.',
      }),
    );
  }

  private choiceOf(symbol: KconfigSymbol): KconfigSymbol | undefined {
    return this.input.dialect.modalChoices ? symbol.choice : choiceMenuOf(symbol)?.symbol;
  }

  private membersOf(choice: KconfigSymbol): KconfigSymbol[] {
    if (this.input.dialect.modalChoices) return choice.members;
    return [...descendantsOf(choice.definitions[0]!)].flatMap(({ symbol }) => (symbol === undefined ? [] : [symbol]));
  }
}

function describeModal(step: Step, next: KconfigSymbol): string {
  const { symbol } = step;
  if (symbol.isChoice) return `choice ${displayName(symbol)} contains symbol ${displayName(next)}`;
  if (symbol.inChoice) return `symbol ${displayName(symbol)} is part of choice ${displayName(next)}`;
  return describeLink(step, next);
}

function describe({ symbol, link }: Step, next: KconfigSymbol): string {
  const name = displayName(symbol);
  if (next.isChoice) {
    const menu = next.definitions[0]!;
    return `symbol ${name} is part of choice block at ${menu.file}:${menu.line}`;
  }
  return describeLink({ symbol, link }, next);
}

function describeLink({ symbol, link }: Pick<Step, 'symbol' | 'link'>, next: KconfigSymbol): string {
  const name = displayName(symbol);
  if (link === undefined || typeof link === 'string')
    return `symbol ${name} ${link ?? 'is visible depending on'} ${displayName(next)}`;
  return link.part === 'value'
    ? `symbol ${name} ${link.kind} value contains ${displayName(next)}`
    : `symbol ${name} ${link.kind} is visible depending on ${displayName(next)}`;
}
