import { NO, type Expression, type Tristate } from './expression.ts';
import type { KconfigSymbol } from './symbol.ts';

export type PropertyKind = 'prompt' | 'comment' | 'menu' | 'default' | 'select' | 'imply' | 'range';

/** One attribute of a menu entry, as written: `default X if Y`, `select X`, a prompt … */
export interface Property {
  kind: PropertyKind;
  readonly menu: MenuNode;
  readonly file: string;
  readonly line: number;
  /** Prompts: the text. */
  readonly text: string | undefined;
  /** Defaults, selects, implies: what is given; ranges: undefined. */
  readonly expression: Expression | undefined;
  /** Ranges: lower and upper bound. */
  readonly range: readonly [KconfigSymbol, KconfigSymbol] | undefined;
  /** The condition as written, `visible if` of upper menus included for prompts. */
  readonly ownCondition: Expression | undefined;
  /** The whole condition: the entry's dependencies and the own condition. Undefined means `y`. */
  condition: Expression | undefined;
  conditionValue: Tristate;
}

/** An entry of the menu tree: a config, choice, menu, comment or if, in one place of the Kconfig files. */
export class MenuNode {
  readonly symbol: KconfigSymbol | undefined;
  parent: MenuNode | undefined;
  readonly file: string;
  readonly line: number;
  readonly column: number;
  next: MenuNode | undefined;
  firstChild: MenuNode | undefined;
  prompt: Property | undefined;
  help: string | undefined;
  /** Properties of entries without a symbol; those of symbols are with the symbol. */
  readonly properties: Property[] = [];
  /** `depends on` as written, several conjoined. */
  ownDependency: Expression | undefined;
  /** `ownDependency` and those of all parents. */
  dependency: Expression | undefined;
  /** `visible if`. */
  visibility: Expression | undefined;
  /** Choices: the members in order of priority, the user's latest word first. */
  choiceMembers: KconfigSymbol[] = [];
  /** Choices: the members in the order of the files. */
  readonly writtenMembers: KconfigSymbol[] = [];
  /** The parent by the text of the files, before entries move below the symbol they depend on. */
  readonly writtenParent: MenuNode | undefined;

  constructor(symbol: KconfigSymbol | undefined, parent: MenuNode | undefined, file: string, line: number, column: number) {
    this.symbol = symbol;
    this.parent = parent;
    this.writtenParent = parent;
    this.file = file;
    this.line = line;
    this.column = column;
  }
}

export function property(
  kind: PropertyKind,
  menu: MenuNode,
  place: { readonly file: string; readonly line: number },
  content: {
    text?: string;
    expression?: Expression;
    range?: readonly [KconfigSymbol, KconfigSymbol];
    condition?: Expression | undefined;
  },
): Property {
  return {
    kind,
    menu,
    file: place.file,
    line: place.line,
    text: content.text,
    expression: content.expression,
    range: content.range,
    ownCondition: content.condition,
    condition: content.condition,
    conditionValue: NO,
  };
}

export function* childrenOf(menu: MenuNode): Generator<MenuNode> {
  for (let child = menu.firstChild; child !== undefined; child = child.next) yield child;
}

/** The entry after `menu` in depth-first order within `root`; undefined at the end. */
export function nextInTree(menu: MenuNode, root: MenuNode): MenuNode | undefined {
  if (menu.firstChild !== undefined) return menu.firstChild;
  let at: MenuNode | undefined = menu;
  while (at !== undefined && at !== root && at.next === undefined) at = at.parent;
  return at === undefined || at === root ? undefined : at.next;
}

/** All entries below `root`, depth first. */
export function* descendantsOf(root: MenuNode): Generator<MenuNode> {
  for (let menu = nextInTree(root, root); menu !== undefined; menu = nextInTree(menu, root)) yield menu;
}
