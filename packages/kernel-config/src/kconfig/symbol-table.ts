import { MOD, NO, YES, symbolTerm, type Expression, type Tristate } from './expression.ts';
import { KconfigSymbol } from './symbol.ts';

/** So many buckets has the table of dialects that put a symbol where the sum of its characters says. */
const ANCIENT_BUCKETS = 256;

/** The symbols of a tree, and the three constants that every tree has. */
export class SymbolTable {
  readonly yes: KconfigSymbol;
  readonly mod: KconfigSymbol;
  readonly no: KconfigSymbol;
  readonly yesTerm: Expression;
  readonly noTerm: Expression;
  readonly modTerm: Expression;

  private readonly named = new Map<string, KconfigSymbol>();
  private readonly constants = new Map<string, KconfigSymbol>();
  private readonly choices = new Map<string, KconfigSymbol>();
  private readonly inOrder: KconfigSymbol[] = [];
  private hashed: KconfigSymbol[] | undefined;

  /** @param typedConstants whether `y`, `m` and `n` are tristates, or without a type */
  constructor(typedConstants: boolean) {
    const constant = (name: 'y' | 'm' | 'n', value: Tristate): KconfigSymbol => tristateConstant(name, value, typedConstants);
    this.yes = constant('y', YES);
    this.mod = constant('m', MOD);
    this.no = constant('n', NO);
    this.yesTerm = symbolTerm(this.yes);
    this.noTerm = symbolTerm(this.no);
    this.modTerm = symbolTerm(this.mod);
  }

  /** The symbol of that name, made if there is none. */
  lookUp(name: string): KconfigSymbol {
    return this.tristateConstant(name) ?? this.obtain(this.named, name, false);
  }

  /** The constant with that text. */
  constant(text: string): KconfigSymbol {
    return this.tristateConstant(text) ?? this.obtain(this.constants, text, true);
  }

  /** A choice; old dialects can name it, and then several blocks are one choice. */
  choice(name: string | undefined): KconfigSymbol {
    const known = name === undefined ? undefined : this.choices.get(name);
    if (known !== undefined) return known;
    const symbol = new KconfigSymbol(name, false);
    symbol.isChoice = true;
    if (name !== undefined) this.choices.set(name, symbol);
    this.add(symbol);
    return symbol;
  }

  /** Takes in a symbol that was made elsewhere; its name must be new. */
  adopt(symbol: KconfigSymbol): void {
    const { name } = symbol;
    if (name !== undefined) {
      const map = symbol.isChoice ? this.choices : symbol.isConstant ? this.constants : this.named;
      if (map.has(name)) throw new Error(`${name} is there already`);
      map.set(name, symbol);
    }
    this.add(symbol);
  }

  find(name: string): KconfigSymbol | undefined {
    return this.tristateConstant(name) ?? this.named.get(name);
  }

  /** All symbols in order of first mention, constants and choices included. */
  all(): readonly KconfigSymbol[] {
    return this.inOrder;
  }

  /**
   * All symbols in the order of the C program's hash table, which is the order of lines in auto.conf and of warnings:
   * FNV-1a over the name (in ancient dialects the sum of its characters), new symbols at the head of their bucket.
   */
  inHashOrder(buckets: number): readonly KconfigSymbol[] {
    if (this.hashed?.length === this.inOrder.length) return this.hashed;
    const isAncient = buckets === ANCIENT_BUCKETS;
    const placed = this.inOrder.map((symbol, age) => ({
      symbol,
      age,
      bucket:
        symbol.name === undefined ? (isAncient ? buckets : 0) : (isAncient ? sum(symbol.name) : fnv1a(symbol.name)) % buckets,
    }));
    placed.sort((a, b) => a.bucket - b.bucket || b.age - a.age);
    this.hashed = placed.map(({ symbol }) => symbol);
    return this.hashed;
  }

  private tristateConstant(name: string): KconfigSymbol | undefined {
    return name === 'y' ? this.yes : name === 'n' ? this.no : name === 'm' ? this.mod : undefined;
  }

  private obtain(map: Map<string, KconfigSymbol>, name: string, isConstant: boolean): KconfigSymbol {
    let symbol = map.get(name);
    if (symbol === undefined) {
      symbol = new KconfigSymbol(name, isConstant);
      map.set(name, symbol);
      this.add(symbol);
    }
    return symbol;
  }

  private add(symbol: KconfigSymbol): void {
    this.inOrder.push(symbol);
    this.hashed = undefined;
  }
}

function tristateConstant(name: 'y' | 'm' | 'n', value: Tristate, isTyped: boolean): KconfigSymbol {
  const symbol = new KconfigSymbol(name, true);
  if (isTyped) symbol.type = 'tristate';
  symbol.tristate = value;
  symbol.text = name;
  symbol.round = Number.POSITIVE_INFINITY;
  return symbol;
}

function sum(text: string): number {
  let hash = 0;
  for (let at = 0; at < text.length; at++) hash += (text.charCodeAt(at) << 24) >> 24;
  return hash & 0xff;
}

function fnv1a(text: string): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < text.length; at++) {
    // `char` is signed on the machines whose output we match.
    hash = Math.imul(hash ^ ((text.charCodeAt(at) << 24) >> 24), 0x01000193);
  }
  return hash >>> 0;
}
