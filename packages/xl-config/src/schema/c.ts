/**
 * The C library's text-to-number functions, as far as xl leans on them. What they accept decides what xl accepts.
 */

const LONG_MAX = 2n ** 63n - 1n;
const LONG_MIN = -(2n ** 63n);
const ULONG_MAX = 2n ** 64n - 1n;

const PREFIX: Record<0 | 10 | 16, RegExp> = {
  0: /^[ \t\n\v\f\r]*([+-]?)(0[xX][0-9a-fA-F]+|0[0-7]*|[1-9][0-9]*)/,
  10: /^[ \t\n\v\f\r]*([+-]?)([0-9]+)/,
  16: /^[ \t\n\v\f\r]*([+-]?)((?:0[xX](?=[0-9a-fA-F]))?[0-9a-fA-F]+)/,
};

export interface Parsed {
  readonly value: bigint;
  /** Characters taken; 0 when there was no number. */
  readonly length: number;
  readonly overflow: boolean;
}

/** strtoul(3): a sign is allowed and negates modulo 2^64; too large a value becomes ULONG_MAX. */
export function strtoul(text: string, base: 0 | 10 | 16): Parsed {
  const match = PREFIX[base].exec(text);
  if (match === null) return { value: 0n, length: 0, overflow: false };
  const size = magnitude(match[2] as string, base);
  const overflow = size > ULONG_MAX;
  const value = overflow ? ULONG_MAX : match[1] === '-' ? BigInt.asUintN(64, -size) : size;
  return { value, length: match[0].length, overflow };
}

/** strtol(3), saturating. */
export function strtol(text: string, base: 0 | 10 | 16): Parsed {
  const match = PREFIX[base].exec(text);
  if (match === null) return { value: 0n, length: 0, overflow: false };
  const size = magnitude(match[2] as string, base);
  const value = match[1] === '-' ? -size : size;
  if (value > LONG_MAX) return { value: LONG_MAX, length: match[0].length, overflow: true };
  if (value < LONG_MIN) return { value: LONG_MIN, length: match[0].length, overflow: true };
  return { value, length: match[0].length, overflow: false };
}

/** atoi(3) as glibc has it: strtol cut to an int. */
export function atoi(text: string): number {
  return int(strtol(text, 10).value);
}

/** The conversions that C applies when a long is stored in a smaller field. */
export function int(value: bigint | number): number {
  return Number(BigInt.asIntN(32, BigInt(value)));
}

export function uint32(value: bigint | number): number {
  return Number(BigInt.asUintN(32, BigInt(value)));
}

export function uint64(value: bigint | number): bigint {
  return BigInt.asUintN(64, BigInt(value));
}

/** strtok(3): pieces between separators, empty ones left out. */
export function strtok(text: string, separators = ','): string[] {
  return text.split(new RegExp(`[${separators}]+`)).filter((piece) => piece !== '');
}

function magnitude(digits: string, base: 0 | 10 | 16): bigint {
  if (/^0[xX]/.test(digits)) return BigInt(digits);
  if (base === 16) return BigInt(`0x${digits}`);
  if (base === 0 && digits.startsWith('0')) return BigInt(`0o${digits}`);
  return BigInt(digits);
}
