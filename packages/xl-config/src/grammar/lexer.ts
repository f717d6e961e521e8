import type { SyntaxProblem, Token, TokenKind } from './token.ts';

const TAB = 9;
const NEWLINE = 10;
const RETURN = 13;
const SPACE = 32;
const QUOTE = 34;
const HASH = 35;
const APOSTROPHE = 39;
const PLUS = 43;
const BACKSLASH = 92;

const SINGLE: ReadonlyMap<number, TokenKind> = new Map([
  [0x2c, ','],
  [0x3b, ';'],
  [0x3d, '='],
  [0x5b, '['],
  [0x5d, ']'],
] as const);

/** Characters that may follow the first one of a name, of a number. */
const IN_NAME = classOf(/[._0-9a-z]/);
const IN_NUMBER = classOf(/[0-9a-fx]/);

/**
 * Cuts a text into tokens; never fails. Like flex it takes the longest match, so `10m` is a number and a name.
 * Runs in one pass over the text.
 */
export function tokenize(text: string): Token[] {
  const tokens: Token[] = [];
  let at = 0;
  while (at < text.length) {
    const token = next(text, at);
    tokens.push(token);
    at = token.end;
  }
  tokens.push({ kind: 'end', start: text.length, end: text.length });
  return tokens;
}

function next(text: string, start: number): Token {
  const code = text.charCodeAt(start);
  if (code >= 0x61 && code <= 0x7a) return { kind: 'name', start, end: run(text, start + 1, IN_NAME) };
  if (code === SPACE || code === TAB) return { kind: 'space', start, end: blanks(text, start + 1) };
  if (code >= 0x30 && code <= 0x39) return { kind: 'number', start, end: run(text, start + 1, IN_NUMBER) };
  if (code === NEWLINE) return { kind: 'newline', start, end: start + 1 };
  const single = SINGLE.get(code);
  if (single !== undefined) return { kind: single, start, end: start + 1 };
  if (code === QUOTE || code === APOSTROPHE) return quoted(text, start, code);
  if (code === HASH) return comment(text, start);
  if (code === PLUS && text[start + 1] === '=') return { kind: '+=', start, end: start + 2 };
  return refused(text, start);
}

/** A comment is only one with its newline: libxlu refuses it on an unfinished last line. */
function comment(text: string, start: number): Token {
  const end = text.indexOf('\n', start);
  if (end !== -1) return { kind: 'newline', start, end: end + 1 };
  return { ...refused(text, start), end: text.length };
}

/** Strings end on their line; a backslash takes the next character along. */
function quoted(text: string, start: number, quote: number): Token {
  for (let at = start + 1; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === quote) return { kind: 'string', start, end: at + 1 };
    if (code === NEWLINE) break;
    if (code === BACKSLASH && text.charCodeAt(++at) === NEWLINE) break;
  }
  return refused(text, start);
}

/** After a refused byte libxlu goes on behind the word; when nothing follows the byte, it forgets to complain. */
function refused(text: string, start: number): Token {
  let end = start + 1;
  while (end < text.length && !isBlank(text.charCodeAt(end)) && text.charCodeAt(end) !== NEWLINE) end++;
  return { kind: end === start + 1 && end === text.length && text.charCodeAt(start) < 0x80 ? 'overlooked' : 'error', start, end };
}

function run(text: string, from: number, allowed: Uint8Array): number {
  let at = from;
  while (allowed[text.charCodeAt(at)] === 1) at++;
  return at;
}

function blanks(text: string, from: number): number {
  let at = from;
  while (isBlank(text.charCodeAt(at))) at++;
  return at;
}

function isBlank(code: number): boolean {
  return code === SPACE || code === TAB;
}

function classOf(pattern: RegExp): Uint8Array {
  return Uint8Array.from({ length: 128 }, (_, code) => (pattern.test(String.fromCharCode(code)) ? 1 : 0));
}

/** Says why a token of kind `error` is refused, and what the author most likely meant. */
export function refusal(text: string, token: Token): SyntaxProblem {
  const { start, end } = token;
  const code = text.charCodeAt(start);
  const say = (message: string, hint: string): SyntaxProblem => ({ start, end, message, hint });
  if (code === HASH) return say('a comment on the last line needs a newline after it', 'End the file with a newline.');
  if (code === QUOTE || code === APOSTROPHE) {
    return say('a string that does not end on its line', 'Close the quote; write a line break as \\n.');
  }
  if (code === RETURN) return say('a carriage return: xl reads Unix line ends only', 'Convert the file to Unix line ends.');
  if (code >= 0x41 && code <= 0x5a)
    return say(`names are lower-case: ${text.slice(start, end)}`, 'Quote a value; write a key in lower case.');
  if (code === 0x2d) return say(`a bare ${text.slice(start, end)}: only digits may stand without quotes`, 'Quote the value.');
  return say(`unexpected ${JSON.stringify(text.slice(start, end))}`, 'Quote the value.');
}
