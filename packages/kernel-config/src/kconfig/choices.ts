import { MOD, NO, YES, type Expression, type Tristate } from './expression.ts';
import { descendantsOf, type MenuNode } from './menu.ts';
import type { KconfigSymbol } from './symbol.ts';

/** What the rules ask of a configuration, and do to it. */
export interface SymbolValues {
  value(expression: Expression | undefined): Tristate;
  compute(symbol: KconfigSymbol): void;
  computeVisibility(symbol: KconfigSymbol): void;
  /** Gives a symbol the value that its choice has decided. */
  decide(symbol: KconfigSymbol, value: Tristate): void;
  setTristate(symbol: KconfigSymbol, value: Tristate): boolean;
  forgetValue(symbol: KconfigSymbol): void;
  /** Forgets what has been computed. */
  invalidate(): void;
}

/** How a dialect's choices work: the places where choices differ from other symbols. */
export interface ChoiceRules {
  /** Whether a tristate counts as bool because it is a member of a choice that is `y`. */
  isBoolMember(symbol: KconfigSymbol): boolean;
  /** Whether only `y` can be set, because it is a member of a choice that is `y`. */
  isForcedMember(symbol: KconfigSymbol): boolean;
  /** The value of a prompt's condition, corrected for members. */
  promptValue(symbol: KconfigSymbol, value: Tristate): Tristate;
  /** A member's value if the choice decides it, undefined for all other symbols. */
  valueInChoice(values: SymbolValues, symbol: KconfigSymbol): Tristate | undefined;
  afterCompute(values: SymbolValues, symbol: KconfigSymbol): void;
  afterAll(values: SymbolValues, symbol: KconfigSymbol): void;
  beforeSet(symbol: KconfigSymbol, value: Tristate): void;
  defaultMember(values: SymbolValues, choice: MenuNode): KconfigSymbol | undefined;
  chosen(values: SymbolValues, choice: MenuNode): KconfigSymbol | undefined;
  choose(values: SymbolValues, choice: MenuNode, member: KconfigSymbol): void;
}

/** The choice that a symbol is a member of, told by its first definition with a prompt. */
export function choiceMenuOf(symbol: KconfigSymbol): MenuNode | undefined {
  let menu = symbol.definitions.find(({ prompt }) => prompt !== undefined)?.parent;
  while (menu !== undefined && menu.symbol === undefined) menu = menu.parent;
  return menu?.symbol?.isChoice ? menu : undefined;
}

/** Puts a member before all others in the order of priority. */
export function prioritise(choice: MenuNode, member: KconfigSymbol): void {
  const at = choice.choiceMembers.indexOf(member);
  if (at >= 0) choice.choiceMembers.splice(at, 1);
  choice.choiceMembers.unshift(member);
}

/**
 * Choices since Linux 6.9 to 6.11: bool members, always one of them chosen while any is visible. Members stand in an
 * order of priority, and what the user said last comes first.
 */
export const priorityChoices: ChoiceRules = {
  isBoolMember: () => false,
  isForcedMember: () => false,
  promptValue: (_, value) => value,
  valueInChoice(values, symbol) {
    if (!symbol.inChoice) return undefined;
    const choice = choiceMenuOf(symbol);
    if (choice === undefined) return undefined;
    this.chosen(values, choice);
    return symbol.tristate;
  },
  afterCompute: () => undefined,
  afterAll: () => undefined,
  beforeSet: () => undefined,

  defaultMember(values, choice) {
    for (const property of choice.symbol!.properties) {
      if (property.kind !== 'default') continue;
      property.conditionValue = values.value(property.condition);
      const member = property.expression!.symbol!;
      if (property.conditionValue !== NO && member.visible !== NO) return member;
    }
    for (const { symbol } of descendantsOf(choice)) if (symbol !== undefined && symbol.visible !== NO) return symbol;
    return undefined;
  },

  chosen(values, choice) {
    let chosen: KconfigSymbol | undefined;
    for (const member of choice.choiceMembers) {
      values.computeVisibility(member);
      if (member.visible === NO) continue;
      if (member.hasUserValue && member.userTristate === YES) {
        chosen = member;
        break;
      }
    }
    if (chosen === undefined) {
      chosen = this.defaultMember(values, choice);
      if (chosen?.hasUserValue && chosen.userTristate === NO) chosen = undefined;
    }
    if (chosen === undefined) {
      for (const { symbol } of descendantsOf(choice)) {
        if (symbol === undefined || symbol.visible === NO || symbol.hasUserValue) continue;
        chosen = symbol;
        break;
      }
    }
    chosen ??= choice.choiceMembers.findLast((member) => member.visible !== NO);
    for (const { symbol } of descendantsOf(choice)) {
      if (symbol === undefined || symbol.visible === NO) continue;
      values.decide(symbol, symbol === chosen ? YES : NO);
    }
    return chosen;
  },

  choose(values, choice, member) {
    let changed = false;
    for (const { symbol } of descendantsOf(choice)) {
      if (symbol === undefined || symbol.visible === NO) continue;
      const value = symbol === member ? YES : NO;
      if (symbol.tristate !== value) changed = true;
      symbol.userTristate = value;
      symbol.hasUserValue = true;
      prioritise(choice, symbol);
    }
    if (changed) values.invalidate();
  },
};

/**
 * Choices before: the choice itself has a value. At `y` one member is `y`; at `m` any members may be modules; an optional
 * choice may be `n`.
 */
export const modalChoices: ChoiceRules = {
  isBoolMember: (symbol) => symbol.inChoice && symbol.visible === YES,
  isForcedMember: (symbol) => symbol.inChoice && symbol.visible === YES,
  promptValue(symbol, value) {
    return symbol.inChoice && symbol.type === 'tristate' && value === MOD && symbol.choice!.tristate === YES ? NO : value;
  },
  valueInChoice(_, symbol) {
    if (!symbol.inChoice || symbol.visible !== YES) return undefined;
    return symbol.choice!.chosen === symbol ? YES : NO;
  },

  afterCompute(values, symbol) {
    if (!symbol.isChoice || symbol.tristate !== YES) return;
    let allGiven = true;
    for (const member of symbol.members) {
      values.computeVisibility(member);
      if (member.visible !== NO && !member.hasUserValue) allGiven = false;
    }
    // A choice is the user's only if the user knew all the members that are visible.
    if (!allGiven) symbol.hasUserValue = false;
    const given = symbol.userChoice;
    symbol.chosen = given !== undefined && given.visible !== NO ? given : this.defaultMember(values, symbol.definitions[0]!);
    if (symbol.chosen === undefined) symbol.tristate = NO;
  },

  afterAll(values, symbol) {
    if (!symbol.isChoice) return;
    for (const member of symbol.members) if (symbol.written && member.visible !== NO) member.written = true;
    symbol.written = false;
    if (symbol.needsUserChoice) setAllMembers(values, symbol);
  },

  beforeSet(symbol, value) {
    if (!symbol.inChoice || value !== YES) return;
    const choice = symbol.choice!;
    choice.userChoice = symbol;
    choice.hasUserValue = true;
    for (const member of choice.members) if (member.visible !== NO) member.hasUserValue = true;
  },

  defaultMember(values, choice) {
    const symbol = choice.symbol!;
    for (const property of symbol.properties) {
      if (property.kind !== 'default') continue;
      property.conditionValue = values.value(property.condition);
      const member = property.expression!.symbol!;
      if (property.conditionValue !== NO && member.visible !== NO) return member;
    }
    return symbol.members.find((member) => member.visible !== NO);
  },

  chosen(values, choice) {
    values.compute(choice.symbol!);
    return choice.symbol!.chosen;
  },

  choose(values, _, member) {
    values.setTristate(member, YES);
  },
};

/** Old dialects: what the user did not say of the members becomes `n`, and the choice the user's. */
export function setAllMembers(values: SymbolValues, choice: KconfigSymbol): void {
  for (const member of choice.members) if (!member.hasUserValue) member.userTristate = NO;
  choice.hasUserValue = true;
  values.forgetValue(choice);
  choice.needsUserChoice = false;
}
