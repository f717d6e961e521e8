import { holds, MOD, NO, YES, type Expression, type Tristate } from './expression.ts';
import type { MenuNode, Property } from './menu.ts';
import { modalChoices, priorityChoices, type ChoiceRules } from './choices.ts';
import type { KconfigSymbol, SymbolType } from './symbol.ts';
import type { KconfigTree } from './tree.ts';
import { compareValues, isValidText, parseInteger, parseTristate, tristateNames } from './values.ts';

/** A symbol that is selected although what it depends on does not hold. */
export interface UnmetDependency {
  readonly symbol: KconfigSymbol;
}

/**
 * Values of a tree's symbols under what the user said.
 *
 * Values are computed when asked for and kept until the user's values change. One tree carries one configuration at a
 * time: making another for the same tree resets it.
 */
export class Configuration {
  readonly tree: KconfigTree;
  /** Called for each selected symbol with unmet dependencies, when its value is computed. */
  onUnmetDependency: (symbol: KconfigSymbol) => void = () => undefined;
  /** Whether what would be written differs from what was read. */
  changed = true;
  private round = 0;
  /** Expressions hold for a shorter time: until a single symbol is forgotten. */
  private expressionRound = 0;
  private modulesValue: Tristate = NO;
  private readonly choices: ChoiceRules;

  constructor(tree: KconfigTree) {
    this.tree = tree;
    this.choices = tree.dialect.modalChoices ? modalChoices : priorityChoices;
    for (const symbol of tree.symbols.all()) {
      forget(symbol);
      if (symbol.isChoice) for (const menu of symbol.definitions) menu.choiceMembers = [...menu.writtenMembers];
    }
    this.round = this.expressionRound = ++rounds.last;
  }

  // Reading values.

  tristate(symbol: KconfigSymbol): Tristate {
    this.compute(symbol);
    return symbol.tristate;
  }

  /** The value as text: `y`, `m`, `n`, or the text of a number or string without quotes. */
  text(symbol: KconfigSymbol): string {
    this.compute(symbol);
    return symbol.type === 'bool' || symbol.type === 'tristate' ? tristateNames[symbol.tristate] : symbol.text;
  }

  value(expression: Expression | undefined): Tristate {
    if (expression === undefined) return YES;
    if (expression.round !== this.expressionRound) {
      const value = this.computeExpression(expression);
      expression.value = value;
      expression.round = this.expressionRound;
    }
    return expression.value;
  }

  /** The type, where a tristate without modules is a bool. */
  effectiveType(symbol: KconfigSymbol): SymbolType {
    if (symbol.type !== 'tristate') return symbol.type;
    return this.modulesValue === NO || this.choices.isBoolMember(symbol) ? 'bool' : 'tristate';
  }

  /** Whether the user can change the value at all. */
  isChangeable(symbol: KconfigSymbol): boolean {
    if (symbol.isChoice && !this.tree.dialect.modalChoices) return false;
    return symbol.visible > symbol.selectValue;
  }

  isMenuVisible(menu: MenuNode): boolean {
    const { prompt, symbol } = menu;
    if (prompt === undefined) return false;
    if (menu.visibility !== undefined && this.value(menu.visibility) === NO) return false;
    let visible: Tristate;
    if (symbol === undefined) visible = this.value(prompt.condition);
    else {
      this.compute(symbol);
      visible = prompt.conditionValue;
    }
    if (visible !== NO) return true;
    if (symbol === undefined || this.tristate(symbol) === NO) return false;
    for (let child = menu.firstChild; child !== undefined; child = child.next) {
      if (!this.isMenuVisible(child)) continue;
      if (this.tree.dialect.modalChoices && !this.tree.dialect.ancient) symbol.hasUserValue = true;
      return true;
    }
    return false;
  }

  /** The first default whose condition holds. */
  defaultOf(symbol: KconfigSymbol): Property | undefined {
    return this.firstActive(symbol, 'default');
  }

  rangeOf(symbol: KconfigSymbol): Property | undefined {
    return this.firstActive(symbol, 'range');
  }

  /** The member that a choice has without the user's word. */
  choiceDefault(choice: MenuNode): KconfigSymbol | undefined {
    return this.choices.defaultMember(this, choice);
  }

  /** The chosen member. */
  chosenOf(choice: MenuNode): KconfigSymbol | undefined {
    return this.choices.chosen(this, choice);
  }

  /** The text that the symbol would have if the user said nothing of it, as savedefconfig compares it. */
  defaultText(symbol: KconfigSymbol): string {
    this.computeVisibility(symbol);
    this.compute(this.tree.modules);
    let value: Tristate = NO;
    let text = '';
    const property = this.defaultOf(symbol);
    if (property !== undefined) {
      if (symbol.type === 'bool' || symbol.type === 'tristate') {
        value = Math.min(this.value(property.expression), property.conditionValue) as Tristate;
      } else if (property.expression?.operator === 'symbol') {
        this.compute(property.expression.symbol!);
        text = property.expression.symbol!.text;
      }
    }
    value = Math.max(value, symbol.selectValue) as Tristate;
    if (value === MOD && !symbol.inChoice && this.tree.modules.tristate === NO) value = YES;
    if (symbol.type === 'bool' && value === MOD) value = YES;
    if (value < symbol.implyValue) value = symbol.implyValue;
    if (symbol.type === 'bool' || symbol.type === 'tristate') return tristateNames[value];
    return text === '' && this.tree.dialect.zeroDefaults ? emptyText(symbol.type, true) : text;
  }

  // Writing values.

  /** Forgets all computed values: to be called after user values were changed in place. */
  invalidate(): void {
    this.round = this.expressionRound = ++rounds.last;
    this.changed = true;
    this.compute(this.tree.modules);
  }

  /** Like `invalidate`, before reading: the enabling of modules is computed only after it. */
  beginReading(): void {
    this.round = this.expressionRound = ++rounds.last;
  }

  isComputed(symbol: KconfigSymbol): boolean {
    return symbol.round >= this.round;
  }

  /** Forgets one computed value, and all that was concluded from it by expressions. */
  forgetValue(symbol: KconfigSymbol): void {
    symbol.round = -1;
    this.expressionRound = ++rounds.last;
  }

  /** Gives a member of a choice the value that the choice decided. */
  decide(member: KconfigSymbol, value: Tristate): void {
    member.tristate = value;
    member.round = this.round;
    member.written = true;
  }

  isWithinRange(symbol: KconfigSymbol, value: Tristate): boolean {
    const type = this.effectiveType(symbol);
    if (symbol.visible === NO || (type !== 'bool' && type !== 'tristate')) return false;
    if (type === 'bool' && value === MOD) return false;
    if (symbol.visible <= symbol.selectValue) return false;
    if (value === MOD && this.isImpliedYes(symbol)) return false;
    if (this.choices.isForcedMember(symbol)) return value === YES;
    return value >= symbol.selectValue && value <= symbol.visible;
  }

  /** Sets the user's value of a bool or tristate; false if the symbol cannot have it now. */
  setTristate(symbol: KconfigSymbol, value: Tristate): boolean {
    const before = this.tristate(symbol);
    if ((before !== value || !this.tree.dialect.modalChoices) && !this.isWithinRange(symbol, value)) return false;
    symbol.hasUserValue = true;
    this.choices.beforeSet(symbol, value);
    symbol.userTristate = value;
    if (before !== value) this.invalidate();
    return true;
  }

  /** Sets the user's value from text as typed; false if the symbol cannot have it now. */
  setText(symbol: KconfigSymbol, text: string): boolean {
    if (symbol.type === 'bool' || symbol.type === 'tristate') {
      const value = parseTristate(text);
      return value !== undefined && this.setTristate(symbol, value);
    }
    if (!this.isTextWithinRange(symbol, text)) return false;
    const prefixed = symbol.type === 'hex' && !/^0[xX]/.test(text) ? `0x${text}` : text;
    const isSame = symbol.userText === prefixed;
    symbol.hasUserValue = true;
    symbol.userText = prefixed;
    if (!isSame) this.invalidate();
    return true;
  }

  isTextWithinRange(symbol: KconfigSymbol, text: string): boolean {
    if (!isValidText(symbol.type, text)) return false;
    if (symbol.type === 'bool' || symbol.type === 'tristate') return this.isWithinRange(symbol, parseTristate(text)!);
    if (symbol.type !== 'int' && symbol.type !== 'hex') return true;
    const range = this.rangeOf(symbol)?.range;
    if (range === undefined) return true;
    const base = symbol.type === 'int' ? 10 : 16;
    const value = parseInteger(text, base).value;
    return value >= this.bound(range[0], base) && value <= this.bound(range[1], base);
  }

  /** Makes `member` the user's choice. */
  choose(choice: MenuNode, member: KconfigSymbol): void {
    this.choices.choose(this, choice, member);
  }

  // Computing.

  compute(symbol: KconfigSymbol): void {
    if (symbol.round >= this.round) return;
    if (symbol.needsUserChoice && symbol.inChoice) {
      symbol.needsUserChoice = false;
      this.compute(symbol.choice!);
    }
    symbol.round = this.round;
    const { type } = symbol;
    if (type === 'unknown') {
      symbol.text = symbol.name ?? '';
      symbol.tristate = NO;
      return;
    }
    const isLogical = type === 'bool' || type === 'tristate';
    symbol.written = false;
    this.computeVisibility(symbol);
    if (symbol.visible !== NO) symbol.written = true;

    // What a computation that leads back here sees.
    let tristate: Tristate = NO;
    let text = isLogical ? 'n' : emptyText(type, this.tree.dialect.zeroDefaults);
    symbol.tristate = tristate;
    symbol.text = text;
    symbol.chosen = undefined;

    let source: Property | undefined;
    if (isLogical) {
      const choice = this.choices.valueInChoice(this, symbol);
      if (choice === undefined) {
        if (symbol.visible !== NO && symbol.hasUserValue) tristate = Math.min(symbol.userTristate, symbol.visible) as Tristate;
        else {
          if (symbol.selectValue !== NO) symbol.written = true;
          if (!symbol.isChoice) {
            source = this.defaultOf(symbol);
            if (source !== undefined) {
              tristate = Math.min(this.value(source.expression), source.conditionValue) as Tristate;
              if (tristate !== NO) symbol.written = true;
            }
            if (symbol.implyValue !== NO) {
              symbol.written = true;
              tristate = Math.max(tristate, symbol.implyValue) as Tristate;
              if (!this.tree.dialect.strongImply) tristate = Math.min(tristate, symbol.dependencyValue) as Tristate;
            }
          }
        }
        if (symbol.dependencyValue < symbol.selectValue && !this.tree.dialect.ancient) this.onUnmetDependency(symbol);
        tristate = Math.max(tristate, symbol.selectValue) as Tristate;
      } else tristate = choice;
      if (tristate === MOD && (this.effectiveType(symbol) === 'bool' || this.isImpliedYes(symbol))) tristate = YES;
    } else if (symbol.visible !== NO && symbol.hasUserValue) text = symbol.userText ?? '';
    else {
      source = this.defaultOf(symbol);
      const given = source?.expression?.operator === 'symbol' ? source.expression.symbol : undefined;
      if (given !== undefined) {
        symbol.written = true;
        this.compute(given);
        text = given.text;
      }
    }
    if (source !== undefined && !symbol.hasUserValue) this.inheritUserValue(symbol, source, tristate, text);

    const before = symbol === this.tree.modules ? this.modulesValue : undefined;
    symbol.tristate = tristate;
    symbol.text = text;
    this.choices.afterCompute(this, symbol);
    if (type === 'int' || type === 'hex') this.holdToRange(symbol);
    if (before !== undefined) this.modulesValue = symbol.tristate;
    if ((symbol.isChoice && !this.tree.dialect.modalChoices) || symbol.isTransitional || symbol.isHidden) symbol.written = false;
    this.choices.afterAll(this, symbol);
  }

  computeVisibility(symbol: KconfigSymbol): void {
    if (symbol.isTransitional) {
      symbol.visible = YES;
      return;
    }
    let visible: Tristate = NO;
    for (const property of symbol.properties) {
      if (property.text === undefined) continue;
      property.conditionValue = this.choices.promptValue(symbol, this.value(property.condition));
      if (property.conditionValue > visible) visible = property.conditionValue;
    }
    if (visible === MOD && (symbol.type !== 'tristate' || this.modulesValue === NO)) visible = YES;
    symbol.visible = visible;
    if (symbol.inChoice) return;
    symbol.dependencyValue = this.asTypeAllows(symbol, this.value(symbol.directDependency));
    symbol.selectValue = this.asTypeAllows(symbol, this.pulled(symbol, 'selectedBy'));
    const isHeld = this.tree.dialect.strongImply && symbol.dependencyValue === NO;
    symbol.implyValue = isHeld ? NO : this.asTypeAllows(symbol, this.pulled(symbol, 'impliedBy'));
  }

  private pulled(symbol: KconfigSymbol, kind: 'selectedBy' | 'impliedBy'): Tristate {
    let most: Tristate = NO;
    for (const { by, property } of symbol[kind]) {
      const value = Math.min(this.tristate(by), this.value(property.condition)) as Tristate;
      if (value > most) most = value;
    }
    if (kind === 'selectedBy') {
      for (const floor of symbol.floors) {
        const value = this.value(floor);
        if (value > most) most = value;
      }
    }
    return most;
  }

  private asTypeAllows(symbol: KconfigSymbol, value: Tristate): Tristate {
    return value === MOD && this.effectiveType(symbol) === 'bool' ? YES : value;
  }

  private firstActive(symbol: KconfigSymbol, kind: 'default' | 'range'): Property | undefined {
    for (const property of symbol.properties) {
      if (property.kind !== kind) continue;
      property.conditionValue = this.value(property.condition);
      if (property.conditionValue !== NO) return property;
    }
    return undefined;
  }

  /** A value that comes from one transitional symbol which the user had set counts as set by the user. */
  private inheritUserValue(symbol: KconfigSymbol, source: Property, tristate: Tristate, text: string): void {
    const from = source.expression?.operator === 'symbol' ? source.expression.symbol : undefined;
    if (!from?.isTransitional || !from.hasUserValue) return;
    symbol.hasUserValue = true;
    symbol.userTristate = tristate;
    symbol.userText = text;
  }

  private holdToRange(symbol: KconfigSymbol): void {
    const range = this.rangeOf(symbol)?.range;
    if (range === undefined) return;
    const base = symbol.type === 'int' ? 10 : 16;
    const { value } = parseInteger(symbol.text, base);
    const [low, high] = range;
    const broken = value < this.bound(low, base) ? low : value > this.bound(high, base) ? high : undefined;
    if (broken === undefined) return;
    if (!this.tree.dialect.canonicalBounds) symbol.text = broken.text;
    else {
      const bound = this.bound(broken, base);
      symbol.text = symbol.type === 'int' ? String(bound) : `0x${BigInt.asUintN(64, bound).toString(16)}`;
    }
  }

  private isImpliedYes(symbol: KconfigSymbol): boolean {
    return this.tree.dialect.strongImply && symbol.implyValue === YES;
  }

  private bound(symbol: KconfigSymbol, base: 10 | 16): bigint {
    this.compute(symbol);
    return parseInteger(symbol.text, symbol.type === 'int' ? 10 : symbol.type === 'hex' ? 16 : base).value;
  }

  private computeExpression(expression: Expression): Tristate {
    switch (expression.operator) {
      case 'symbol': {
        const symbol = expression.symbol!;
        this.compute(symbol);
        return symbol.tristate;
      }
      case 'and': {
        const left = this.value(expression.left);
        const right = this.value(expression.right);
        return left < right ? left : right;
      }
      case 'or': {
        const left = this.value(expression.left);
        const right = this.value(expression.right);
        return left > right ? left : right;
      }
      case 'not':
        return (YES - this.value(expression.left)) as Tristate;
      default: {
        const left = expression.symbol!;
        const right = expression.other!;
        this.compute(left);
        const difference = compareValues(this.text(left), left.type, this.text(right), right.type);
        return holds[expression.operator](difference) ? YES : NO;
      }
    }
  }
}

/** Rounds are counted over all configurations, so that a tree's marks of an earlier one never look current. */
const rounds = { last: 0 };

/** The value of a number or string that nobody gave. */
function emptyText(type: SymbolType, zero: boolean): string {
  return zero && type === 'int' ? '0' : zero && type === 'hex' ? '0x0' : '';
}

function forget(symbol: KconfigSymbol): void {
  symbol.round = -1;
  symbol.hasUserValue = false;
  symbol.userTristate = NO;
  symbol.userText = undefined;
  symbol.userChoice = undefined;
  symbol.needsUserChoice = false;
  symbol.tristate = NO;
  symbol.text = '';
  symbol.chosen = undefined;
  symbol.visible = NO;
  symbol.dependencyValue = YES;
  symbol.selectValue = NO;
  symbol.implyValue = NO;
  symbol.written = false;
}
