/** What a quoted token stands for, or why libxlu refuses it; `lossy` when libxlu silently drops characters. */
export type Decoded = { readonly value: string; readonly lossy: boolean } | { readonly refused: string; readonly at: number };

const SIMPLE: ReadonlyMap<string, string> = new Map([
  ['"', '"'],
  ["'", "'"],
  ['\\', '\\'],
  ['a', '\x07'],
  ['b', '\b'],
  ['f', '\f'],
  ['n', '\n'],
  ['r', '\r'],
  ['t', '\t'],
  ['v', '\v'],
]);

/**
 * Decodes a string token with its quotes, as libxlu's `dequote` does and not as its authors meant it: `\xNN` is always
 * an error, and an octal escape is read as decimal digits after the first one and then lost.
 */
export function decodeString(token: string): Decoded {
  const nul = token.indexOf('\0');
  if (nul !== -1) return { refused: 'a NUL byte in a string makes xl abort', at: nul };
  if (!token.includes('\\')) return { value: token.slice(1, -1), lossy: false };
  let value = '';
  let lossy = false;
  const last = token.length - 1;
  for (let at = 1; at < last; at++) {
    const character = token.charAt(at);
    if (character !== '\\') {
      value += character;
      continue;
    }
    const escape = token.charAt(++at);
    const simple = SIMPLE.get(escape);
    if (simple !== undefined) {
      value += simple;
    } else if (escape >= '0' && escape <= '7') {
      const digits = decimalPrefix(token.slice(at + 1, at + 4));
      if (digits < 2) return { refused: `an octal escape that xl cannot read: \\${escape}`, at: at - 1 };
      at += digits;
      lossy = true;
    } else {
      return {
        refused: escape === 'x' ? 'hexadecimal escapes never work in xl.cfg' : `an unknown escape: \\${escape}`,
        at: at - 1,
      };
    }
  }
  return { value, lossy };
}

/** How many characters strtoul(3) takes in base 10: white space, a sign, digits; 0 without a digit. */
function decimalPrefix(text: string): number {
  return /^[ \t\v\f\r]*[+-]?[0-9]+/.exec(text)?.[0].length ?? 0;
}
