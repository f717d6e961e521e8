import type { Position } from '../errors.ts';
import type { Dialect } from './dialect.ts';
import { and, comparison, mentions, or, symbolTerm, type Expression } from './expression.ts';
import { childrenOf, type MenuNode } from './menu.ts';
import { propertyMistakes } from './property-check.ts';
import { Simplifier, withModules } from './simplify.ts';
import type { SymbolTable } from './symbol-table.ts';
import type { KconfigSymbol } from './symbol.ts';

export interface StructureInput {
  readonly root: MenuNode;
  readonly symbols: SymbolTable;
  readonly modules: KconfigSymbol;
  readonly dialect: Dialect;
  readonly warn: (message: string, position: Position) => void;
}

/**
 * Completes the menu tree after all files are read: dependencies of menus reach their entries and the conditions of
 * their properties, selects and implies reach their targets, and entries that depend on the symbol above them move
 * below it.
 */
export function completeTree(input: StructureInput): void {
  const { symbols, modules, dialect, warn } = input;
  const simplifier = new Simplifier(symbols, modules, dialect.modalChoices);
  const checked = new Set<KconfigSymbol>();
  complete(input.root, false);

  function complete(parent: MenuNode, insideChoice: boolean): void {
    const { symbol } = parent;
    if (parent.firstChild !== undefined) {
      const isChoice = symbol?.isChoice ?? false;
      if (isChoice && dialect.modalChoices) shareType(parent);
      const upper = isChoice && dialect.modalChoices ? symbolTerm(symbol!) : parent.dependency;
      for (const child of childrenOf(parent)) propagate(child, upper);
      for (const child of childrenOf(parent)) complete(child, isChoice && !dialect.modalChoices);
    } else if (symbol !== undefined && !insideChoice) {
      gatherDependents(parent, symbol);
      // A definition without dependencies makes the whole disjunction true, but the C program keeps what it had.
      symbol.directDependency = or(symbol.directDependency, parent.dependency);
    }
    flatten(parent);
    if (symbol !== undefined && !checked.has(symbol)) {
      checked.add(symbol);
      if (symbol.type === 'unknown') warn('config symbol defined without type', parent);
      if (dialect.modalChoices && symbol.isChoice && parent.prompt === undefined) warn('choice must have a prompt', parent);
      for (const { message, property } of propertyMistakes(symbol))
        warn(message, { file: property.file, line: property.line, column: 1 });
    }
    if (symbol !== undefined && !symbol.isOptional && parent.prompt !== undefined) {
      symbol.floors.push(and(parent.prompt.condition, symbols.modTerm)!);
    }
  }

  /** Old dialects: a choice takes its type from its members, and gives it to them. */
  function shareType(choice: MenuNode): void {
    const symbol = choice.symbol!;
    for (const { symbol: member } of childrenOf(choice)) {
      if (symbol.type === 'unknown' && member !== undefined) symbol.type = member.type;
    }
    for (const { symbol: member } of childrenOf(choice)) if (member?.type === 'unknown') member.type = symbol.type;
  }

  function propagate(menu: MenuNode, upper: Expression | undefined): void {
    menu.dependency = and(upper, withModules(menu.ownDependency, symbols, modules));
    for (const property of (menu.symbol ?? menu).properties) {
      if (property.menu !== menu) continue;
      property.condition = and(menu.dependency, withModules(property.ownCondition, symbols, modules));
      const target = property.expression?.symbol;
      if (property.kind === 'select') target?.selectedBy.push({ by: menu.symbol!, property });
      else if (property.kind === 'imply') target?.impliedBy.push({ by: menu.symbol!, property });
    }
  }

  /** The entries right after a symbol that depend on it become its children. */
  function gatherDependents(parent: MenuNode, symbol: KconfigSymbol): void {
    let last: MenuNode | undefined;
    for (let menu = parent.next; menu !== undefined; menu = menu.next) {
      const condition = menu.prompt === undefined ? menu.dependency : menu.prompt.condition;
      if (!mentions(condition, symbol)) break;
      if (!dependsOn(condition, symbol)) {
        const simple = menu.prompt === undefined ? simplifier.dependency(menu) : simplifier.condition(menu.prompt);
        const base = parent.prompt === undefined ? undefined : simplifier.condition(parent.prompt);
        if (!mentions(simple, symbol)) break;
        if (!dependsOn(simple, symbol) && !simplifier.covers(simple, base)) break;
      }
      complete(menu, false);
      menu.parent = parent;
      last = menu;
    }
    if (last === undefined) return;
    parent.firstChild = parent.next;
    parent.next = last.next;
    last.next = undefined;
  }

  function dependsOn(condition: Expression | undefined, symbol: KconfigSymbol): boolean {
    if (condition === undefined) return false;
    switch (condition.operator) {
      case 'and':
        return dependsOn(condition.left, symbol) || dependsOn(condition.right, symbol);
      case 'symbol':
        return condition.symbol === symbol;
      case '=':
        return condition.symbol === symbol && (condition.other === symbols.yes || condition.other === symbols.mod);
      case '!=':
        return condition.symbol === symbol && condition.other === symbols.no;
      default:
        return false;
    }
  }

  /** `if` blocks, and menus below symbols without a prompt, dissolve into their parent. */
  function flatten(parent: MenuNode): void {
    const { symbol } = parent;
    for (let menu = parent.firstChild; menu !== undefined; menu = menu.next) {
      if (symbol?.isChoice && dialect.modalChoices && menu.symbol !== undefined && !menu.symbol.inChoice) enrol(menu, symbol);
      if (menu.firstChild === undefined || menu.prompt !== undefined) continue;
      let last = menu.firstChild;
      last.parent = parent;
      while (last.next !== undefined) {
        last = last.next;
        last.parent = parent;
      }
      last.next = menu.next;
      menu.next = menu.firstChild;
      menu.firstChild = undefined;
    }
  }

  /** Old dialects: makes an entry a member of a choice. */
  function enrol(menu: MenuNode, choice: KconfigSymbol): void {
    const member = menu.symbol!;
    member.inChoice = true;
    member.choice = choice;
    choice.members.push(member);
    if (menu.prompt === undefined) warn('choice value must have a prompt', menu);
    for (const property of member.properties) {
      const place = { file: property.file, line: property.line, column: 1 };
      if (property.kind === 'default') warn('defaults for choice values not supported', place);
      if (property.menu !== menu && property.kind === 'prompt' && property.menu.parent?.symbol !== choice) {
        warn('choice value used outside its choice group', place);
      }
    }
    // In a tristate choice, members that cannot be modules exist only while the choice is y.
    if (choice.type === 'tristate' && member.type !== 'tristate') {
      const onlyYes = comparison('=', choice, symbols.yes);
      menu.dependency = and(onlyYes, menu.dependency);
      for (const property of member.properties) if (property.menu === menu) property.condition = and(onlyYes, property.condition);
    }
  }
}
