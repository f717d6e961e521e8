import { NO, YES, type Expression, type Tristate } from './expression.ts';
import type { MenuNode, Property } from './menu.ts';

export type SymbolType = 'unknown' | 'bool' | 'tristate' | 'int' | 'hex' | 'string';

/** A `select` or `imply` seen from the symbol that it acts on. */
export interface Puller {
  readonly by: KconfigSymbol;
  readonly property: Property;
}

/**
 * A configuration symbol: what the Kconfig files say of it, what the user said, and what came of both.
 *
 * Choices are symbols without a name. Constants (`y`, `"text"`) are symbols with `isConstant`.
 */
export class KconfigSymbol {
  readonly name: string | undefined;
  readonly isConstant: boolean;
  type: SymbolType = 'unknown';
  readonly definitions: MenuNode[] = [];
  readonly properties: Property[] = [];
  readonly selectedBy: Puller[] = [];
  readonly impliedBy: Puller[] = [];
  /** Disjunction of the dependencies of all definitions; undefined means `y`. */
  directDependency: Expression | undefined;
  isChoice = false;
  /** Member of a choice. */
  inChoice = false;
  /** Old dialects, choices: the choice this member belongs to, the members of this choice, and that it may be `n`. */
  choice: KconfigSymbol | undefined;
  readonly members: KconfigSymbol[] = [];
  isOptional = true;
  /** Old dialects, choices: what keeps the choice from `n` while it is visible. */
  readonly floors: Expression[] = [];
  /** Carried into another symbol's value, never written (Linux 6.18). */
  isTransitional = false;
  /** Old dialects: never written (`option env`, `option defconfig_list`). */
  isHidden = false;
  /** Old dialects: is `y` in allnoconfig. */
  allNoY = false;

  // What the user said (a .config, an answer).
  hasUserValue = false;
  userTristate: Tristate = NO;
  userText: string | undefined;
  /** Old dialects: the chosen member of a choice, and whether the choice itself was given. */
  userChoice: KconfigSymbol | undefined;
  needsUserChoice = false;

  // What came of it, in evaluation round `round`.
  round = -1;
  tristate: Tristate = NO;
  text = '';
  chosen: KconfigSymbol | undefined;
  visible: Tristate = NO;
  dependencyValue: Tristate = YES;
  selectValue: Tristate = NO;
  implyValue: Tristate = NO;
  /** To be written to `.config`. */
  written = false;

  constructor(name: string | undefined, isConstant: boolean) {
    this.name = name;
    this.isConstant = isConstant;
  }
}

/** How messages name a symbol. */
export function displayName(symbol: KconfigSymbol): string {
  return symbol.name ?? '<choice>';
}

export function isLogical(symbol: KconfigSymbol): boolean {
  return symbol.type === 'bool' || symbol.type === 'tristate';
}
