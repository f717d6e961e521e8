import type { Position } from '../errors.ts';
import { and, type Expression } from './expression.ts';
import { MenuNode, property, type Property, type PropertyKind } from './menu.ts';
import { displayName, type KconfigSymbol, type SymbolType } from './symbol.ts';

/** Builds the menu tree while the files are read. */
export class MenuBuilder {
  readonly root: MenuNode;
  private readonly warn: (message: string, position: Position) => void;
  private menu: MenuNode;
  private entry: MenuNode;
  /** The last entry of each open menu. */
  private readonly last = new Map<MenuNode, MenuNode>();

  constructor(warn: (message: string, position: Position) => void) {
    this.warn = warn;
    this.root = new MenuNode(undefined, undefined, '', 0, 0);
    this.menu = this.root;
    this.entry = this.root;
  }

  addEntry(symbol: KconfigSymbol | undefined, place: Position): MenuNode {
    const entry = new MenuNode(symbol, this.menu, place.file, place.line, place.column);
    const previous = this.last.get(this.menu);
    if (previous === undefined) this.menu.firstChild = entry;
    else previous.next = entry;
    this.last.set(this.menu, entry);
    symbol?.definitions.push(entry);
    this.entry = entry;
    return entry;
  }

  /** The attributes that follow belong to no entry. */
  closeEntry(): void {
    this.entry = this.menu;
  }

  openMenu(menu: MenuNode): void {
    this.menu = menu;
  }

  closeMenu(): void {
    this.last.delete(this.menu);
    this.menu = this.menu.parent ?? this.root;
  }

  setMainMenu(text: string, place: Position): void {
    this.entry = this.root;
    this.root.prompt = undefined;
    this.addPrompt('menu', text, undefined, place);
  }

  addPrompt(kind: 'prompt' | 'menu' | 'comment', text: string, condition: Expression | undefined, place: Position): void {
    const trimmed = text.replace(/^[ \f\n\r\t\v]+/, '');
    if (trimmed !== text) this.warn('leading whitespace ignored', place);
    if (this.entry.prompt !== undefined) this.warn('prompt redefined', place);
    let visibility = condition;
    if (kind === 'prompt') {
      for (let menu = this.entry.parent; menu !== undefined; menu = menu.parent) visibility = and(visibility, menu.visibility);
    }
    this.entry.prompt = this.addProperty(kind, { text: trimmed, condition: visibility }, place);
  }

  addProperty(
    kind: PropertyKind,
    content: {
      text?: string;
      expression?: Expression;
      range?: readonly [KconfigSymbol, KconfigSymbol];
      condition?: Expression | undefined;
    },
    place: Position,
  ): Property {
    const added = property(kind, this.entry, place, content);
    (this.entry.symbol ?? this.entry).properties.push(added);
    return added;
  }

  setType(entry: MenuNode, type: SymbolType): void {
    const symbol = entry.symbol!;
    if (symbol.type === type) return;
    if (symbol.type === 'unknown') symbol.type = type;
    else {
      this.warn(
        `ignoring type redefinition of '${displayName(symbol)}' from '${typeName(symbol.type)}' to '${typeName(type)}'`,
        entry,
      );
    }
  }

  needMode(choice: KconfigSymbol): void {
    choice.isOptional = false;
  }

  makeOptional(choice: KconfigSymbol): void {
    choice.isOptional = true;
  }
}

/** The name of a type in messages. */
export function typeName(type: SymbolType): string {
  return type === 'int' ? 'integer' : type;
}
