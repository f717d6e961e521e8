import { KernelConfigError } from '../errors.ts';
import type { Prober } from '../probes/prober.ts';
import { binary, comparison, not, symbolTerm, type Comparison, type Expression } from './expression.ts';
import { pendingResult } from './macros.ts';
import type { KconfigSymbol } from './symbol.ts';
import type { Tokens } from './tokens.ts';

/** An expression that stands for an answer that is still being worked on. */
interface Deferred {
  readonly expression: Expression;
  readonly side: 'symbol' | 'other';
  readonly id: number;
}

const COMPARISONS: ReadonlySet<string> = new Set(['=', '!=', '<', '<=', '>', '>=']);
/** So deep may parentheses nest. */
const MAX_NESTING = 2000;

/** Reads expressions: `||` binds weakest, then `&&`, comparisons, `!`. */
export class ExpressionParser {
  private readonly tokens: Tokens;
  private readonly prober: Prober;
  private readonly deferred: Deferred[] = [];

  constructor(tokens: Tokens, prober: Prober) {
    this.tokens = tokens;
    this.prober = prober;
  }

  expression(depth = 0): Expression {
    if (depth > MAX_NESTING)
      throw new KernelConfigError('KCONFIG_TOO_DEEP', 'expression is nested too deeply', {
        position: this.tokens.lexer.position,
      });
    let left = this.conjunction(depth);
    while (this.tokens.lexer.kind === '||') {
      this.tokens.lexer.next();
      left = binary('or', left, this.conjunction(depth));
    }
    return left;
  }

  private conjunction(depth: number): Expression {
    let left = this.negation(depth);
    while (this.tokens.lexer.kind === '&&') {
      this.tokens.lexer.next();
      left = binary('and', left, this.negation(depth));
    }
    return left;
  }

  private negation(depth: number): Expression {
    const { lexer } = this.tokens;
    let negations = 0;
    while (lexer.kind === '!') {
      lexer.next();
      negations++;
    }
    let operand: Expression;
    if (lexer.kind === '(') {
      lexer.next();
      operand = this.expression(depth + 1);
      this.tokens.expect(')');
    } else operand = this.comparison();
    while (negations-- > 0) operand = not(operand);
    return operand;
  }

  private comparison(): Expression {
    const { lexer } = this.tokens;
    const left = this.deferrableOperand();
    let expression: Expression;
    let right: KconfigSymbol | number | undefined;
    if (COMPARISONS.has(lexer.kind)) {
      const operator = lexer.kind as Comparison;
      lexer.next();
      right = this.deferrableOperand();
      expression = comparison(operator, this.placeholder(left), this.placeholder(right));
    } else expression = symbolTerm(this.placeholder(left));
    if (typeof left === 'number') this.deferred.push({ expression, side: 'symbol', id: left });
    if (typeof right === 'number') this.deferred.push({ expression, side: 'other', id: right });
    return expression;
  }

  private placeholder(operand: KconfigSymbol | number): KconfigSymbol {
    return typeof operand === 'number' ? this.tokens.symbols.no : operand;
  }

  /** A symbol, a quoted constant, or the number of an answer that is not there yet. */
  private deferrableOperand(): KconfigSymbol | number {
    const { lexer } = this.tokens;
    if (lexer.kind === 'word') {
      const id = pendingResult(lexer.text);
      if (id !== undefined) {
        lexer.next();
        return id;
      }
    }
    return this.operand();
  }

  /** A symbol or a quoted constant. */
  operand(): KconfigSymbol {
    if (this.tokens.lexer.kind === 'quoted') return this.tokens.symbols.constant(this.tokens.quotedText('a constant'));
    return this.tokens.symbolName('a symbol or constant');
  }

  /** Puts answers in place that were not there yet. */
  resolveDeferred(): void {
    for (const { expression, side, id } of this.deferred) {
      const answer = this.prober.wait(id);
      // An empty answer leaves no token, and what it stood for would not have parsed.
      if (!/^[A-Za-z0-9_-]+$/.test(answer)) {
        this.tokens.errors.push(
          new KernelConfigError('KCONFIG_SYNTAX', `a command answered "${answer}" where a symbol or constant is needed`, {
            position: this.tokens.lexer.statement,
          }),
        );
      } else expression[side] = this.tokens.symbols.lookUp(answer);
    }
  }

  /** `if …`, where there is one. */
  condition(): Expression | undefined {
    if (this.tokens.lexer.kind !== 'if') return undefined;
    this.tokens.lexer.next();
    return this.expression();
  }
}
