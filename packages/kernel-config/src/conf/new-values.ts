import { setAllMembers } from '../kconfig/choices.ts';
import type { Configuration } from '../kconfig/configuration.ts';
import { MOD, NO, YES, type Tristate } from '../kconfig/expression.ts';
import { descendantsOf, type MenuNode } from '../kconfig/menu.ts';
import type { KconfigSymbol } from '../kconfig/symbol.ts';

/** What symbols get that the user said nothing of. `default` leaves them to their defaults. */
export type NewValues = 'default' | 'yes' | 'mod' | 'no' | { readonly random: () => number; readonly probability: Probability };

/** Chances in percent of `y` for a bool, and of `y` and `m` for a tristate. */
export interface Probability {
  readonly boolYes: number;
  readonly tristateYes: number;
  readonly tristateMod: number;
}

/** `KCONFIG_PROBABILITY`: one to three numbers with colons; undefined if they are out of range. */
export function parseProbability(text: string | undefined): Probability | undefined {
  if (text === undefined || text === '') return { boolYes: 50, tristateYes: 33, tristateMod: 33 };
  const numbers: number[] = [];
  for (const part of text.split(':').slice(0, 3)) {
    const number = Number.parseInt(part, 10);
    if (!(number >= 0 && number <= 100)) return undefined;
    numbers.push(number);
  }
  const [first = 50, second = 33, third = 33] = numbers;
  const half = Math.trunc(first / 2);
  const probability =
    numbers.length === 1
      ? { boolYes: first, tristateYes: first - half, tristateMod: half }
      : numbers.length === 2
        ? { boolYes: first + second, tristateYes: first, tristateMod: second }
        : { boolYes: first, tristateYes: second, tristateMod: third };
  return probability.tristateYes + probability.tristateMod > 100 ? undefined : probability;
}

/** Gives each logical symbol without a user value one. */
export function setNewValues(configuration: Configuration, values: NewValues): void {
  if (configuration.tree.dialect.modalChoices) setNewValuesModal(configuration, values);
  else setNewValuesByMenu(configuration, values);
}

function setNewValuesByMenu(configuration: Configuration, values: NewValues): void {
  for (const menu of descendantsOf(configuration.tree.root)) {
    const { symbol } = menu;
    if (symbol === undefined || menu.prompt === undefined || symbol.hasUserValue) continue;
    if ((symbol.type !== 'bool' && symbol.type !== 'tristate') || symbol.inChoice) continue;
    if (symbol.isChoice) {
      if (typeof values === 'object') randomizeChoice(menu, values.random);
      continue;
    }
    const value = newValue(symbol, values);
    if (value === undefined) continue;
    symbol.userTristate = value;
    symbol.hasUserValue = true;
  }
  configuration.invalidate();
}

function newValue(symbol: KconfigSymbol, values: NewValues): Tristate | undefined {
  if (values === 'default') return undefined;
  if (values === 'yes') return YES;
  if (values === 'mod') return MOD;
  if (values === 'no') return NO;
  const { probability, random } = values;
  const number = random() % 100;
  if (symbol.type !== 'tristate') return number < probability.boolYes ? YES : NO;
  return number < probability.tristateYes ? YES : number < probability.tristateYes + probability.tristateMod ? MOD : NO;
}

/** Puts the members that the user did not set in random order of priority. */
function randomizeChoice(choice: MenuNode, random: () => number): void {
  const open = (): KconfigSymbol[] => [...descendantsOf(choice)].flatMap(({ symbol }) => (symbol === undefined ? [] : [symbol]));
  let count = open().filter((symbol) => !symbol.hasUserValue).length;
  while (count > 0) {
    let skip = random() % count;
    for (const symbol of open()) {
      if (!symbol.hasUserValue) skip--;
      if (skip >= 0) continue;
      symbol.userTristate = YES;
      symbol.hasUserValue = true;
      // To the tail: below what the user said.
      const at = choice.choiceMembers.indexOf(symbol);
      if (at >= 0) choice.choiceMembers.splice(at, 1);
      choice.choiceMembers.push(symbol);
      break;
    }
    count--;
  }
}

/** @returns for random values, whether another pass may find more to set */
function setNewValuesModal(configuration: Configuration, values: NewValues): void {
  const isRandom = typeof values === 'object';
  // Each pass sets something: more passes than symbols come to nothing.
  let passes = configuration.tree.symbols.all().length;
  while (modalPass(configuration, values) && isRandom && passes-- > 0);
}

function modalPass(configuration: Configuration, values: NewValues): boolean {
  const { symbols, dialect } = configuration.tree;
  const ordered = symbols.inHashOrder(dialect.symbolBuckets);
  let changed = false;
  for (const symbol of ordered) {
    if (symbol.hasUserValue || configuration.isComputed(symbol)) continue;
    const type = configuration.effectiveType(symbol);
    if (type !== 'bool' && type !== 'tristate') continue;
    changed = true;
    const value = values === 'no' && symbol.allNoY ? YES : newValue(symbol, values);
    if (value === undefined) continue;
    symbol.userTristate = value;
    if (!(symbol.isChoice && typeof values === 'object')) symbol.hasUserValue = true;
  }
  configuration.invalidate();
  if (typeof values !== 'object') {
    for (const symbol of ordered) {
      if ((symbol.isChoice && !symbol.hasUserValue) || symbol.inChoice) symbol.needsUserChoice = true;
    }
  }
  for (const symbol of ordered) {
    if (symbol.hasUserValue || !symbol.isChoice) continue;
    configuration.compute(symbol);
    if (typeof values === 'object') {
      const set = randomizeModalChoice(configuration, symbol, values.random);
      changed = set || (changed && !dialect.lastChoiceEnds);
    } else {
      setAllMembers(configuration, symbol);
      changed = true;
    }
  }
  return changed;
}

function randomizeModalChoice(configuration: Configuration, choice: KconfigSymbol, random: () => number): boolean {
  if (choice.tristate !== YES) return false;
  const chosen = random() % choice.members.length;
  for (const [at, member] of choice.members.entries()) {
    member.userTristate = at === chosen ? YES : NO;
    if (at === chosen) choice.userChoice = member;
    member.hasUserValue = true;
    configuration.forgetValue(member);
  }
  choice.hasUserValue = true;
  configuration.forgetValue(choice);
  return true;
}
