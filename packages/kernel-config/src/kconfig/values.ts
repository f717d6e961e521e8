import type { SymbolType } from './symbol.ts';
import { MOD, NO, YES, type Tristate } from './expression.ts';

export const tristateNames = ['n', 'm', 'y'] as const;

/** `y`, `m` or `n` by its first letter, in either case. */
export function parseTristate(text: string): Tristate | undefined {
  switch (text[0]) {
    case 'y':
    case 'Y':
      return YES;
    case 'm':
    case 'M':
      return MOD;
    case 'n':
    case 'N':
      return NO;
    default:
      return undefined;
  }
}

/** Whether a symbol of that type can have that text as value, ranges aside. */
export function isValidText(type: SymbolType, text: string): boolean {
  switch (type) {
    case 'string':
      return true;
    case 'int':
      return /^-?(0|[1-9]\d*)$/.test(text);
    case 'hex':
      return /^(0[xX])?[0-9a-fA-F]+$/.test(text);
    case 'bool':
    case 'tristate':
      return parseTristate(text) !== undefined;
    default:
      return false;
  }
}

const INT64_MAX = 9223372036854775807n;
const INT64_MIN = -9223372036854775808n;
const UINT64_MAX = 18446744073709551615n;

/** What C's strtoll makes of a text: the number at its start (0 if there is none), clamped, and what follows it. */
export function parseInteger(
  text: string,
  base: 0 | 10 | 16,
): { value: bigint; rest: string; overflow: boolean; found: boolean } {
  const match = /^[ \t\n\v\f\r]*([+-]?)(0[xX](?=[0-9a-fA-F]))?/.exec(text)!;
  const hasPrefix = match[2] !== undefined && base !== 10;
  const start = hasPrefix ? match[0].length : match[0].length - (match[2]?.length ?? 0);
  const radix = base !== 0 ? base : hasPrefix ? 16 : text[start] === '0' ? 8 : 10;
  const pattern = radix === 16 ? /^[0-9a-fA-F]+/ : radix === 8 ? /^[0-7]+/ : /^\d+/;
  const digits = pattern.exec(text.slice(start))?.[0];
  if (digits === undefined) return { value: 0n, rest: text, overflow: false, found: false };
  const magnitude = BigInt((radix === 16 ? '0x' : radix === 8 ? '0o' : '') + digits);
  const value = match[1] === '-' ? -magnitude : magnitude;
  const clamped = value > INT64_MAX ? INT64_MAX : value < INT64_MIN ? INT64_MIN : value;
  return { value: clamped, rest: text.slice(start + digits.length), overflow: clamped !== value, found: true };
}

type Comparable = { readonly kind: 'text' } | { readonly kind: 'signed' | 'unsigned'; readonly value: bigint };

/** Compares two values of symbols: as numbers where both are, else as text. Negative, zero or positive. */
export function compareValues(leftText: string, leftType: SymbolType, rightText: string, rightType: SymbolType): number {
  if (leftType !== 'string' || rightType !== 'string') {
    const left = comparable(leftText, leftType);
    const right = comparable(rightText, rightType);
    if (left.kind !== 'text' && right.kind !== 'text') {
      const isUnsigned = left.kind === 'unsigned' || right.kind === 'unsigned';
      const a = isUnsigned ? BigInt.asUintN(64, left.value) : left.value;
      const b = isUnsigned ? BigInt.asUintN(64, right.value) : right.value;
      return a < b ? -1 : a > b ? 1 : 0;
    }
  }
  return leftText < rightText ? -1 : leftText > rightText ? 1 : 0;
}

const signedTristate = {
  n: { kind: 'signed', value: 0n },
  m: { kind: 'signed', value: 1n },
  y: { kind: 'signed', value: 2n },
} as const;
const notTristate = { kind: 'signed', value: -1n } as const;

function comparable(text: string, type: SymbolType): Comparable {
  if (type === 'bool' || type === 'tristate') return signedTristate[text as 'n' | 'm' | 'y'] ?? notTristate;
  // Most comparisons are with words: no number starts like that.
  if (!/^[\s+-]*[0-9a-fA-F]/.test(text)) return { kind: 'text' };
  if (type === 'hex') {
    const match = /^[ \t\n\v\f\r]*([+-]?)(?:0[xX])?([0-9a-fA-F]+)$/.exec(text);
    if (match === null) return { kind: 'text' };
    const value = BigInt(`0x${match[2]!}`);
    if (value > UINT64_MAX) return { kind: 'text' };
    return { kind: 'unsigned', value: match[1] === '-' ? BigInt.asUintN(64, -value) : value };
  }
  const { value, rest, overflow, found } = parseInteger(text, type === 'int' ? 10 : 0);
  return found && rest === '' && !overflow ? { kind: 'signed', value } : { kind: 'text' };
}
