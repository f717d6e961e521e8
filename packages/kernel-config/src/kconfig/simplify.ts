import { and, binary, comparison, not, or, symbolTerm, type Expression } from './expression.ts';
import type { MenuNode, Property } from './menu.ts';
import type { SymbolTable } from './symbol-table.ts';
import type { KconfigSymbol } from './symbol.ts';

/**
 * Brings expressions into the form in which the C program shows them: negations moved inwards, comparisons with
 * constants shortened, repeated and redundant operands joined.
 *
 * Values are computed on the expressions as written; this form is only for showing them and for the shape of the menu.
 */
export class Simplifier {
  private readonly symbols: SymbolTable;
  private readonly modules: KconfigSymbol;
  private readonly dependencies = new WeakMap<MenuNode, { value: Expression | undefined }>();
  private readonly conditions = new WeakMap<Property, { value: Expression | undefined }>();
  private readonly parentDependency: (menu: MenuNode) => Expression | undefined;
  /** Dialects with modal choices drop constants only where operands were joined. */
  private readonly keepsConstants: boolean;
  /** Expressions in which no operands can be joined. */
  private readonly settled = new WeakSet<Expression>();

  constructor(symbols: SymbolTable, modules: KconfigSymbol, modalChoices: boolean) {
    this.symbols = symbols;
    this.modules = modules;
    this.keepsConstants = modalChoices;
    this.parentDependency = (menu) => {
      const parent = menu.writtenParent;
      if (parent === undefined) return undefined;
      return modalChoices && parent.symbol?.isChoice ? symbolTerm(parent.symbol) : this.dependency(parent);
    };
  }

  /** All dependencies of an entry. */
  dependency(menu: MenuNode): Expression | undefined {
    let known = this.dependencies.get(menu);
    if (known === undefined) {
      const own = this.transform(withModules(menu.ownDependency, this.symbols, this.modules));
      known = { value: this.joinOperands(and(this.parentDependency(menu), own)) };
      this.dependencies.set(menu, known);
    }
    return known.value;
  }

  /** The whole condition of a property. */
  condition(property: Property): Expression | undefined {
    let known = this.conditions.get(property);
    if (known === undefined) {
      const own = this.transform(withModules(property.ownCondition, this.symbols, this.modules));
      known = { value: this.joinOperands(and(this.dependency(property.menu), own)) };
      this.conditions.set(property, known);
    }
    return known.value;
  }

  /** The dependencies of all definitions of a symbol. */
  directDependency(symbol: KconfigSymbol): Expression | undefined {
    return symbol.definitions.reduce<Expression | undefined>((all, menu) => or(all, this.dependency(menu)), undefined);
  }

  /** `by && condition` for each select or imply. */
  pullers(symbol: KconfigSymbol, kind: 'select' | 'imply'): Expression[] {
    const pullers = kind === 'select' ? symbol.selectedBy : symbol.impliedBy;
    const terms = pullers.map(({ by, property }) => and(symbolTerm(by), this.condition(property))!);
    if (kind === 'imply' || symbol.isOptional) return terms;
    const floors = symbol.definitions.flatMap(({ prompt }) =>
      prompt === undefined ? [] : [and(this.condition(prompt), this.symbols.modTerm)!],
    );
    return [...terms, ...floors];
  }

  isYes(expression: Expression | undefined): boolean {
    return expression === undefined || (expression.symbol === this.symbols.yes && expression.operator === 'symbol');
  }

  /** Whether the condition of `base` holds all operands of `of`'s, so that `of` is a special case of `base`. */
  covers(of: Expression | undefined, base: Expression | undefined): boolean {
    const left = this.joinOperands(this.transform(comparedTo(of, '!=', this.symbols)));
    const right = this.joinOperands(this.transform(comparedTo(base, '!=', this.symbols)));
    return this.isYes(this.withoutCommon(left, right)[1]);
  }

  /** Same operands, in whatever order. */
  equal(left: Expression | undefined, right: Expression | undefined): boolean {
    if (left === undefined || right === undefined) return this.isYes(left) && this.isYes(right);
    if (left === right) return true;
    if (left.operator !== right.operator) return false;
    switch (left.operator) {
      case 'symbol':
        return left.symbol === right.symbol;
      case 'not':
        return this.equal(left.left, right.left);
      case 'and':
      case 'or': {
        const [a, b] = this.withoutCommon(left, right);
        return a?.operator === 'symbol' && b?.operator === 'symbol' && a.symbol === b.symbol;
      }
      default:
        return left.symbol === right.symbol && left.other === right.other;
    }
  }

  transform(expression: Expression | undefined): Expression | undefined {
    if (expression === undefined) return undefined;
    const { operator, symbol, other } = expression;
    const { yes, mod, no, yesTerm, noTerm, modTerm } = this.symbols;
    switch (operator) {
      case 'symbol':
        return expression;
      case 'and':
      case 'or':
        return binary(operator, this.transform(expression.left)!, this.transform(expression.right)!);
      case '=':
        if (symbol!.type !== 'bool') return expression;
        return other === no
          ? not(symbolTerm(symbol!))
          : other === mod
            ? noTerm
            : other === yes
              ? symbolTerm(symbol!)
              : expression;
      case '!=':
        if (symbol!.type !== 'bool') return expression;
        return other === no
          ? symbolTerm(symbol!)
          : other === mod
            ? yesTerm
            : other === yes
              ? not(symbolTerm(symbol!))
              : expression;
      case 'not':
        break;
      default:
        return expression;
    }
    const operand = this.transform(expression.left)!;
    switch (operand.operator) {
      case 'not':
        return operand.left;
      case 'and':
      case 'or':
        return this.transform(binary(operand.operator === 'and' ? 'or' : 'and', not(operand.left!), not(operand.right!)));
      case 'symbol':
        return operand.symbol === yes
          ? noTerm
          : operand.symbol === mod
            ? modTerm
            : operand.symbol === no
              ? yesTerm
              : not(operand);
      default:
        return comparison(opposite[operand.operator], operand.symbol!, operand.other!);
    }
  }

  private joinOperands(expression: Expression | undefined): Expression | undefined {
    if (expression === undefined) return undefined;
    if (this.keepsConstants) return this.joinOperandsInPlace(expression);
    let result: Expression = expression;
    for (;;) {
      let joined = false;
      if (result.operator === 'and' || result.operator === 'or') {
        const { operator } = result;
        const pair = { left: this.joinOperands(result.left)!, right: this.joinOperands(result.right)! };
        joined = this.joinPair(operator, pair);
        result = binary(operator, pair.left, pair.right);
      }
      result = this.withoutConstants(result);
      if (!joined) return result;
    }
  }

  /** As the C program did while it changed expressions in place: a constant stays unless something was joined. */
  private joinOperandsInPlace(expression: Expression): Expression {
    let result = expression;
    for (;;) {
      const joined = this.joinEachOperand(result);
      if (joined === result) return result;
      result = this.withoutConstants(joined);
    }
  }

  /** Compares each operand of nested conjunctions (or disjunctions) with each other; the same expression if none can be joined. */
  private joinEachOperand(expression: Expression): Expression {
    const { operator } = expression;
    if ((operator !== 'and' && operator !== 'or') || this.settled.has(expression)) return expression;
    const leaves: Expression[] = [];
    const collect = (part: Expression): void => {
      if (part.operator !== operator) leaves.push(part);
      else {
        collect(part.left!);
        collect(part.right!);
      }
    };
    collect(expression);
    let changed = false;
    for (let at = 0; at < leaves.length; at++) {
      for (let other = 0; other < leaves.length; other++) {
        if (at === other) continue;
        const inner = this.joinEachOperand(leaves[at]!);
        if (inner !== leaves[at]) changed = true;
        leaves[at] = inner;
        const joined = operator === 'or' ? this.joinOr(inner, leaves[other]!) : this.joinAnd(inner, leaves[other]!);
        if (joined === undefined) continue;
        leaves[at] = operator === 'or' ? this.symbols.noTerm : this.symbols.yesTerm;
        leaves[other] = joined;
        changed = true;
      }
    }
    if (!changed) {
      this.settled.add(expression);
      return expression;
    }
    let next = 0;
    const rebuild = (part: Expression): Expression =>
      part.operator === operator ? binary(operator, rebuild(part.left!), rebuild(part.right!)) : leaves[next++]!;
    return rebuild(expression);
  }

  /** Compares each operand of the left side with each of the right; what can be joined moves to the right. */
  private joinPair(operator: 'and' | 'or', pair: { left: Expression; right: Expression }): boolean {
    return this.eachPair(operator, pair, (leaves) => {
      const joined = operator === 'or' ? this.joinOr(leaves.left, leaves.right) : this.joinAnd(leaves.left, leaves.right);
      if (joined === undefined) return false;
      leaves.left = operator === 'or' ? this.symbols.noTerm : this.symbols.yesTerm;
      leaves.right = joined;
      return true;
    });
  }

  private withoutCommon(
    first: Expression | undefined,
    second: Expression | undefined,
  ): [Expression | undefined, Expression | undefined] {
    if (first === undefined || second === undefined) return [first, second];
    const pair = { left: first, right: second };
    const remove = (operator: 'and' | 'or'): void => {
      this.eachPair(operator, pair, (leaves) => {
        const isConstant = leaves.left.symbol === this.symbols.yes || leaves.left.symbol === this.symbols.no;
        if (
          leaves.left.operator === 'symbol' &&
          isConstant &&
          leaves.right.operator === 'symbol' &&
          leaves.left.symbol === leaves.right.symbol
        )
          return false;
        if (!this.equal(leaves.left, leaves.right)) return false;
        leaves.left = leaves.right = operator === 'or' ? this.symbols.noTerm : this.symbols.yesTerm;
        return true;
      });
    };
    if (pair.left.operator === 'and' || pair.left.operator === 'or') remove(pair.left.operator);
    if (pair.left.operator !== pair.right.operator && (pair.right.operator === 'and' || pair.right.operator === 'or'))
      remove(pair.right.operator);
    return [this.withoutConstants(pair.left), this.withoutConstants(pair.right)];
  }

  private eachPair(
    operator: 'and' | 'or',
    pair: { left: Expression; right: Expression },
    visit: (leaves: { left: Expression; right: Expression }) => boolean,
  ): boolean {
    if (pair.left.operator === operator) {
      const first = { left: pair.left.left!, right: pair.right };
      const changedFirst = this.eachPair(operator, first, visit);
      const second = { left: pair.left.right!, right: first.right };
      const changedSecond = this.eachPair(operator, second, visit);
      if (!changedFirst && !changedSecond) return false;
      pair.left = binary(operator, first.left, second.left);
      pair.right = second.right;
      return true;
    }
    if (pair.right.operator === operator) {
      const first = { left: pair.left, right: pair.right.left! };
      const changedFirst = this.eachPair(operator, first, visit);
      const second = { left: first.left, right: pair.right.right! };
      const changedSecond = this.eachPair(operator, second, visit);
      if (!changedFirst && !changedSecond) return false;
      pair.left = second.left;
      pair.right = binary(operator, first.right, second.right);
      return true;
    }
    return visit(pair);
  }

  private withoutConstants(expression: Expression): Expression {
    if (expression.operator !== 'and' && expression.operator !== 'or') return expression;
    const left = this.withoutConstants(expression.left!);
    const right = this.withoutConstants(expression.right!);
    const [absorbing, neutral] =
      expression.operator === 'and' ? [this.symbols.no, this.symbols.yes] : [this.symbols.yes, this.symbols.no];
    if (left.operator === 'symbol') {
      if (left.symbol === absorbing) return left;
      if (left.symbol === neutral) return right;
    }
    if (right.operator === 'symbol') {
      if (right.symbol === absorbing) return right;
      if (right.symbol === neutral) return left;
    }
    // Newer programs forget here what became of the operands.
    if (!this.keepsConstants || (left === expression.left && right === expression.right)) return expression;
    return binary(expression.operator, left, right);
  }

  private joinOr(left: Expression, right: Expression): Expression | undefined {
    if (this.equal(left, right)) return left;
    const symbol = commonSymbol(left, right);
    if (symbol === undefined) return undefined;
    const { yes, mod, no, yesTerm } = this.symbols;
    if (symbol.type === 'tristate' && left.operator === '=' && right.operator === '=') {
      const values = new Set([left.other, right.other]);
      const third = values.size === 2 ? [yes, mod, no].find((value) => !values.has(value)) : undefined;
      if (third !== undefined && [yes, mod, no].filter((value) => values.has(value)).length === 2)
        return comparison('!=', symbol, third);
    }
    const opposed = (a: Expression, b: Expression): boolean =>
      a.operator === 'not' && a.left!.operator === 'symbol' && b.operator === 'symbol';
    if (symbol.type === 'bool' && (opposed(left, right) || opposed(right, left))) return yesTerm;
    return undefined;
  }

  private joinAnd(left: Expression, right: Expression): Expression | undefined {
    if (this.equal(left, right)) return left;
    const symbol = commonSymbol(left, right);
    if (symbol === undefined) return undefined;
    const { yes, mod, no, noTerm } = this.symbols;
    const [plain, compared] = left.operator === 'symbol' ? [left, right] : [right, left];
    if (plain.operator === 'symbol') {
      if (compared.operator === '=' && compared.other === yes) return comparison('=', symbol, yes);
      if (compared.operator === '!=' && compared.other === no) return symbolTerm(symbol);
      if (compared.operator === '!=' && compared.other === mod) return comparison('=', symbol, yes);
    }
    if (symbol.type !== 'tristate') return undefined;
    const [equal, unequal] = left.operator === '=' ? [left, right] : [right, left];
    if (equal.operator === '=' && unequal.operator === '!=' && equal.other!.isConstant && unequal.other!.isConstant) {
      return equal.other === unequal.other ? noTerm : comparison('=', symbol, equal.other!);
    }
    if (left.operator === '!=' && right.operator === '!=') {
      const values = new Set([left.other, right.other]);
      const third = [yes, mod, no].filter((value) => !values.has(value));
      if (values.size === 2 && third.length === 1) return comparison('=', symbol, third[0]!);
    }
    return undefined;
  }
}

const opposite = { '=': '!=', '!=': '=', '<': '>=', '<=': '>', '>': '<=', '>=': '<' } as const;

/** The one symbol that two leaves are about, if it is logical. */
function commonSymbol(left: Expression, right: Expression): KconfigSymbol | undefined {
  const subject = (leaf: Expression, deep: boolean): KconfigSymbol | undefined => {
    if (leaf.operator === 'symbol' || leaf.operator === '=' || leaf.operator === '!=') return leaf.symbol;
    if (leaf.operator !== 'not') return undefined;
    const inner = leaf.left!;
    return inner.operator === 'symbol' || (deep && (inner.operator === '=' || inner.operator === '!='))
      ? inner.symbol
      : undefined;
  };
  const symbol = subject(left, true);
  if (symbol === undefined || symbol !== subject(right, false)) return undefined;
  return symbol.type === 'bool' || symbol.type === 'tristate' ? symbol : undefined;
}

/** The expression with each `m` as `m && MODULES`, which is `n` without modules. */
export function withModules(
  expression: Expression | undefined,
  symbols: SymbolTable,
  modules: KconfigSymbol,
): Expression | undefined {
  if (expression === undefined) return undefined;
  switch (expression.operator) {
    case 'symbol':
      return expression.symbol === symbols.mod ? binary('and', expression, symbolTerm(modules)) : expression;
    case 'not': {
      const operand = withModules(expression.left, symbols, modules)!;
      return operand === expression.left ? expression : not(operand);
    }
    case 'and':
    case 'or': {
      const left = withModules(expression.left, symbols, modules)!;
      const right = withModules(expression.right, symbols, modules)!;
      return left === expression.left && right === expression.right ? expression : binary(expression.operator, left, right);
    }
    default:
      return expression;
  }
}

/** `expression = n` or `expression != n`, worked into the terms. */
function comparedTo(expression: Expression | undefined, relation: '=' | '!=', symbols: SymbolTable): Expression {
  if (expression === undefined) return relation === '!=' ? not(symbols.noTerm) : symbols.noTerm;
  switch (expression.operator) {
    case 'symbol':
      return comparison(relation, expression.symbol!, symbols.no);
    case 'not':
      return comparedTo(expression.left, relation === '=' ? '!=' : '=', symbols);
    case 'and':
    case 'or': {
      const zero = binary(
        expression.operator === 'and' ? 'or' : 'and',
        comparedTo(expression.left, '=', symbols),
        comparedTo(expression.right, '=', symbols),
      );
      return relation === '=' ? zero : not(zero);
    }
    default:
      return relation === '=' ? not(expression) : expression;
  }
}

/** The term that lifts a dependency while its condition is `n`: `depends on X if Y` is `X || Y = n`. */
export function negatedForCondition(condition: Expression, symbols: SymbolTable): Expression {
  return comparedTo(condition, '=', symbols);
}
