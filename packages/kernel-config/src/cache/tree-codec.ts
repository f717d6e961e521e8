import { binary, comparison, NO, not, symbolTerm, type Expression, type Operator } from '../kconfig/expression.ts';
import { MenuNode, type Property, type PropertyKind } from '../kconfig/menu.ts';
import { SymbolTable } from '../kconfig/symbol-table.ts';
import { KconfigSymbol, type SymbolType } from '../kconfig/symbol.ts';
import type { KconfigTree, Warning } from '../kconfig/tree.ts';
import { IntReader, IntWriter, StringTable } from './numbers.ts';

const OPERATORS: readonly Operator[] = ['symbol', 'not', 'and', 'or', '=', '!=', '<', '<=', '>', '>='];
const TYPES: readonly SymbolType[] = ['unknown', 'bool', 'tristate', 'int', 'hex', 'string'];
const KINDS: readonly PropertyKind[] = ['prompt', 'comment', 'menu', 'default', 'select', 'imply', 'range'];

const FLAGS = ['isConstant', 'isChoice', 'inChoice', 'isOptional', 'isTransitional', 'isHidden', 'allNoY'] as const;

/** A tree as numbers and one long text; what is left of a `KconfigTree` without its dialect. */
export interface EncodedTree {
  readonly numbers: Int32Array;
  /** All texts, one behind the other. */
  readonly text: string;
}

/**
 * Writes a tree as numbers: each symbol, expression, entry and property once, references as indices.
 *
 * @returns undefined for a tree that cannot be written that way
 */
export function encodeTree(tree: KconfigTree): EncodedTree | undefined {
  const strings = new StringTable();
  const out = new IntWriter();
  const { symbols } = tree;
  const symbolIds = new Map<KconfigSymbol, number>();
  for (const symbol of [symbols.yes, symbols.mod, symbols.no, ...symbols.all()]) symbolIds.set(symbol, symbolIds.size);
  const menus = menusOf(tree.root);
  if (menus === undefined) return undefined;
  const menuIds = new Map(menus.map((menu, id) => [menu, id]));
  const properties = new Map<Property, number>();
  for (const owner of [...symbols.all(), ...menus]) for (const each of owner.properties) properties.set(each, properties.size);
  // The title of a tree that has none of its own is nobody's property.
  const title = tree.root.prompt;
  if (title !== undefined && !properties.has(title)) properties.set(title, properties.size);
  const expressions = new Map<Expression, number>();
  for (const term of [symbols.yesTerm, symbols.modTerm, symbols.noTerm]) expressions.set(term, expressions.size);

  /** 0 for none, else one more than the index. */
  const reference = <T>(ids: ReadonlyMap<T, number>, item: T | undefined): number => {
    if (item === undefined) return 0;
    const id = ids.get(item);
    if (id === undefined) throw new Unwritable();
    return id + 1;
  };
  const number = (expression: Expression | undefined): void => {
    if (expression === undefined || expressions.has(expression)) return;
    number(expression.left);
    number(expression.right);
    expressions.set(expression, expressions.size);
  };
  const list = <T>(items: readonly T[], put: (item: T) => void): void => {
    out.put(items.length);
    for (const item of items) put(item);
  };

  try {
    for (const symbol of symbols.all()) {
      number(symbol.directDependency);
      for (const floor of symbol.floors) number(floor);
    }
    for (const menu of menus) for (const each of [menu.ownDependency, menu.dependency, menu.visibility]) number(each);
    for (const each of properties.keys()) {
      number(each.expression);
      number(each.ownCondition);
      number(each.condition);
    }

    out.put(symbolIds.size - 3);
    for (const symbol of symbols.all()) {
      out.put(strings.optional(symbol.name), TYPES.indexOf(symbol.type), flagsOf(symbol));
    }
    out.put(expressions.size - 3);
    for (const expression of [...expressions.keys()].slice(3)) {
      out.put(OPERATORS.indexOf(expression.operator));
      out.put(reference(expressions, expression.left), reference(expressions, expression.right));
      out.put(reference(symbolIds, expression.symbol), reference(symbolIds, expression.other));
    }
    out.put(menus.length);
    for (const menu of menus) {
      out.put(reference(symbolIds, menu.symbol), reference(menuIds, menu.writtenParent));
      out.put(strings.id(menu.file), menu.line, menu.column, strings.optional(menu.help));
      for (const each of [menu.ownDependency, menu.dependency, menu.visibility]) out.put(reference(expressions, each));
    }
    out.put(properties.size);
    for (const each of properties.keys()) {
      out.put(KINDS.indexOf(each.kind), reference(menuIds, each.menu), strings.id(each.file), each.line);
      out.put(strings.optional(each.text), reference(expressions, each.expression));
      out.put(reference(symbolIds, each.range?.[0]), reference(symbolIds, each.range?.[1]));
      out.put(reference(expressions, each.ownCondition), reference(expressions, each.condition));
    }
    for (const menu of menus) {
      out.put(reference(menuIds, menu.next), reference(menuIds, menu.firstChild), reference(properties, menu.prompt));
      list(menu.properties, (each) => out.put(reference(properties, each)));
      list(menu.writtenMembers, (each) => out.put(reference(symbolIds, each)));
    }
    for (const symbol of symbols.all()) {
      out.put(reference(expressions, symbol.directDependency), reference(symbolIds, symbol.choice));
      list(symbol.definitions, (each) => out.put(reference(menuIds, each)));
      list(symbol.properties, (each) => out.put(reference(properties, each)));
      for (const pullers of [symbol.selectedBy, symbol.impliedBy])
        list(pullers, ({ by, property }) => out.put(reference(symbolIds, by), reference(properties, property)));
      list(symbol.members, (each) => out.put(reference(symbolIds, each)));
      list(symbol.floors, (each) => out.put(reference(expressions, each)));
    }
    out.put(reference(symbolIds, tree.modules), reference(symbolIds, tree.defconfigList));
    list(tree.files, (file) => out.put(strings.id(file)));
    list([...tree.environment], ([name, value]) => out.put(strings.id(name), strings.id(value)));
    list(tree.warnings, ({ message, isFromTree, position }) => {
      out.put(strings.id(message), isFromTree ? 1 : 0, strings.id(position.file), position.line, position.column);
    });
  } catch (error) {
    // Something refers to what is not part of the tree, or expressions nest deeper than the stack: parsing it each time will do.
    if (error instanceof Unwritable || error instanceof RangeError) return undefined;
    throw error;
  }
  const { text, ends } = strings;
  const body = out.all();
  const numbers = new Int32Array(1 + ends.length + body.length);
  numbers[0] = ends.length;
  numbers.set(ends, 1);
  numbers.set(body, 1 + ends.length);
  return { numbers, text };
}

/**
 * Makes the tree again.
 *
 * @throws Error if the numbers are not those of a tree
 */
export function decodeTree({ numbers, text }: EncodedTree, dialect: KconfigTree['dialect']): KconfigTree {
  const from = new IntReader(numbers);
  const strings = readStrings(from, text);
  const string = (): string => item(strings, from.next());
  const optionalString = (): string | undefined => optional(strings, from.next());

  const table = new SymbolTable(dialect.typedConstants);
  const symbols: KconfigSymbol[] = [table.yes, table.mod, table.no];
  for (let count = from.count(); count > 0; count--) {
    const name = optionalString();
    const type = item(TYPES, from.next());
    const flags = from.next();
    const symbol = new KconfigSymbol(name, (flags & 1) !== 0);
    symbol.type = type;
    for (let bit = 1; bit < FLAGS.length; bit++)
      symbol[FLAGS[bit] as Exclude<(typeof FLAGS)[number], 'isConstant'>] = (flags & (1 << bit)) !== 0;
    table.adopt(symbol);
    symbols.push(symbol);
  }
  const expressions: Expression[] = [table.yesTerm, table.modTerm, table.noTerm];
  for (let count = from.count(); count > 0; count--) {
    const operator = item(OPERATORS, from.next());
    const [left, right] = [optional(expressions, from.next()), optional(expressions, from.next())];
    const [symbol, other] = [optional(symbols, from.next()), optional(symbols, from.next())];
    expressions.push(expressionOf(operator, left, right, symbol, other));
  }
  const menus: MenuNode[] = [];
  for (let count = from.count(); count > 0; count--) {
    const symbol = optional(symbols, from.next());
    const writtenParent = optional(menus, from.next());
    const menu = new MenuNode(symbol, writtenParent, string(), from.next(), from.next());
    menu.help = optionalString();
    menu.ownDependency = optional(expressions, from.next());
    menu.dependency = optional(expressions, from.next());
    menu.visibility = optional(expressions, from.next());
    menus.push(menu);
  }
  const properties: Property[] = [];
  for (let count = from.count(); count > 0; count--) {
    const kind = item(KINDS, from.next());
    const menu = required(menus, from.next());
    const file = string();
    const line = from.next();
    const prompt = optionalString();
    const expression = optional(expressions, from.next());
    const [low, high] = [optional(symbols, from.next()), optional(symbols, from.next())];
    const each: Property = {
      kind,
      menu,
      file,
      line,
      text: prompt,
      expression,
      range: low === undefined || high === undefined ? undefined : [low, high],
      ownCondition: optional(expressions, from.next()),
      condition: optional(expressions, from.next()),
      conditionValue: NO,
    };
    checkProperty(each);
    properties.push(each);
  }
  const isPlaced = new Set<MenuNode>();
  const place = (menu: MenuNode | undefined, parent: MenuNode | undefined): void => {
    if (menu === undefined) return;
    if (isPlaced.has(menu) || menu === menus[0]) throw new Error('an entry stands in two places');
    isPlaced.add(menu);
    menu.parent = parent;
  };
  for (const menu of menus) {
    menu.next = optional(menus, from.next());
    menu.firstChild = optional(menus, from.next());
    menu.prompt = optional(properties, from.next());
    for (let count = from.count(); count > 0; count--) menu.properties.push(required(properties, from.next()));
    for (let count = from.count(); count > 0; count--) menu.writtenMembers.push(required(symbols, from.next()));
  }
  const root = item(menus, 0);
  if (root.next !== undefined) throw new Error('the root has a neighbour');
  for (const menu of menus) for (let at = menu.firstChild; at !== undefined; at = at.next) place(at, menu);
  for (const symbol of symbols.slice(3)) {
    symbol.directDependency = optional(expressions, from.next());
    symbol.choice = optional(symbols, from.next());
    for (let count = from.count(); count > 0; count--) symbol.definitions.push(required(menus, from.next()));
    for (let count = from.count(); count > 0; count--) symbol.properties.push(required(properties, from.next()));
    for (const pullers of [symbol.selectedBy, symbol.impliedBy]) {
      for (let count = from.count(); count > 0; count--)
        pullers.push({ by: required(symbols, from.next()), property: required(properties, from.next()) });
    }
    for (let count = from.count(); count > 0; count--) symbol.members.push(required(symbols, from.next()));
    for (let count = from.count(); count > 0; count--) symbol.floors.push(required(expressions, from.next()));
    if (symbol.isChoice && symbol.definitions.length === 0) throw new Error('a choice is nowhere');
    if (symbol.inChoice && dialect.modalChoices && symbol.choice?.isChoice !== true) throw new Error('a member has no choice');
  }
  const modules = required(symbols, from.next());
  const defconfigList = optional(symbols, from.next());
  const files: string[] = [];
  for (let count = from.count(); count > 0; count--) files.push(string());
  const environment = new Map<string, string>();
  for (let count = from.count(); count > 0; count--) environment.set(string(), string());
  const warnings: Warning[] = [];
  for (let count = from.count(); count > 0; count--) {
    const message = string();
    const isFromTree = from.next() === 1;
    const position = { file: string(), line: from.next(), column: from.next() };
    warnings.push({ message, ...(isFromTree ? { isFromTree } : {}), position });
  }
  from.end();
  return { dialect, root, symbols: table, modules, defconfigList, files, environment, warnings };
}

/** What the tree refers to, but does not hold. */
class Unwritable extends Error {}

/** All entries, each after the one that it was written in; undefined if one cannot be reached or its parent is not where it stands. */
function menusOf(root: MenuNode): MenuNode[] | undefined {
  const reached: MenuNode[] = [root];
  for (let at = 0; at < reached.length; at++) {
    const parent = reached[at]!;
    for (let child = parent.firstChild; child !== undefined; child = child.next) {
      if (child.parent !== parent) return undefined;
      reached.push(child);
    }
  }
  const ordered = new Set<MenuNode>();
  for (const menu of reached) {
    const path: MenuNode[] = [];
    for (let at: MenuNode | undefined = menu; at !== undefined && !ordered.has(at); at = at.writtenParent) path.push(at);
    for (const each of path.reverse()) ordered.add(each);
  }
  return ordered.size === reached.length ? [...ordered] : undefined;
}

function flagsOf(symbol: KconfigSymbol): number {
  return FLAGS.reduce((flags, name, bit) => flags | (symbol[name] ? 1 << bit : 0), 0);
}

function readStrings(from: IntReader, text: string): string[] {
  const strings: string[] = [];
  let start = 0;
  for (let count = from.count(); count > 0; count--) {
    const end = from.next();
    if (end < start || end > text.length) throw new Error('a text is out of bounds');
    strings.push(text.slice(start, end));
    start = end;
  }
  return strings;
}

function expressionOf(
  operator: Operator,
  left: Expression | undefined,
  right: Expression | undefined,
  symbol: KconfigSymbol | undefined,
  other: KconfigSymbol | undefined,
): Expression {
  switch (operator) {
    case 'symbol':
      if (symbol !== undefined) return symbolTerm(symbol);
      break;
    case 'not':
      if (left !== undefined) return not(left);
      break;
    case 'and':
    case 'or':
      if (left !== undefined && right !== undefined) return binary(operator, left, right);
      break;
    default:
      if (symbol !== undefined && other !== undefined) return comparison(operator, symbol, other);
  }
  throw new Error('an expression lacks an operand');
}

/** What the rest of the program takes for granted of a property. */
function checkProperty({ kind, text, expression, range, menu }: Property): void {
  const isPrompt = kind === 'prompt' || kind === 'comment' || kind === 'menu';
  const isPull = kind === 'select' || kind === 'imply';
  if (isPrompt !== (text !== undefined)) throw new Error('a prompt lacks its text');
  if (isPull && (expression?.operator !== 'symbol' || menu.symbol === undefined)) throw new Error('a select lacks its symbol');
  if (kind === 'default' && expression === undefined) throw new Error('a default lacks its value');
  if (kind === 'default' && menu.symbol?.isChoice && expression?.operator !== 'symbol') throw new Error('a default is no member');
  if ((kind === 'range') !== (range !== undefined)) throw new Error('a range lacks its bounds');
}

function item<T>(list: readonly T[], index: number): T {
  const found = list[index];
  if (found === undefined) throw new Error('an index is out of bounds');
  return found;
}

function required<T>(list: readonly T[], reference: number): T {
  return item(list, reference - 1);
}

function optional<T>(list: readonly T[], reference: number): T | undefined {
  return reference === 0 ? undefined : item(list, reference - 1);
}
