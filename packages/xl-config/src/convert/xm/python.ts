import { lineStartsOf, positionOf } from '../../grammar/tree.ts';
import type { Loss } from '../report.ts';

/** A value of the Python that configuration files of xm were written in. */
export type PythonValue = string | number | boolean | null | readonly PythonValue[];

export interface PythonFile {
  readonly values: ReadonlyMap<string, PythonValue>;
  readonly losses: readonly Loss[];
}

/**
 * Reads the assignments of literals in a Python file: strings of all kinds, numbers, lists, tuples, sums of them, and
 * names assigned before. Nothing is run; statements beyond that are reported.
 */
export function readPython(text: string): PythonFile {
  const reader = new PythonReader(text.replace(/\r\n?/g, '\n'));
  return { values: reader.values, losses: reader.losses };
}

/** Thrown inside the reader when a statement is no assignment of literals. */
class Unreadable extends Error {}

const ESCAPES: Readonly<Record<string, string>> = {
  n: '\n',
  t: '\t',
  r: '\r',
  '\\': '\\',
  "'": "'",
  '"': '"',
  a: '\x07',
  b: '\b',
  f: '\f',
  v: '\v',
  '\n': '',
};
/** More nesting than any file has; keeps a hostile one from using up the stack. */
const DEEPEST = 100;
/** So much of a statement is shown in a report. */
const LONGEST = 120;

class PythonReader {
  readonly values = new Map<string, PythonValue>();
  readonly losses: Loss[] = [];
  private readonly text: string;
  private readonly lineStarts: readonly number[];
  private at = 0;
  private depth = 0;

  constructor(text: string) {
    this.text = text;
    this.lineStarts = lineStartsOf(text);
    while (this.at < text.length) this.statement();
  }

  private statement(): void {
    this.blank(true);
    const start = this.at;
    if (start >= this.text.length) return;
    try {
      const name = this.match(/[A-Za-z_]\w*/y);
      this.blank();
      if (name === undefined || this.match(/=(?!=)/y) === undefined) throw new Unreadable('not an assignment');
      this.blank();
      const value = this.sum();
      this.blank();
      if (this.at < this.text.length && this.match(/[\n;]/y) === undefined) throw new Unreadable('more than literals');
      this.values.set(name, value);
    } catch (error) {
      if (!(error instanceof Unreadable)) throw error;
      this.depth = 0;
      this.lose(start, error.message);
    }
  }

  /** Skips the statement with the lines indented below it, which belong to it. */
  private lose(start: number, why: string): void {
    const end = /\n(?=[^ \t\n#])|$(?![^])/g;
    end.lastIndex = Math.max(start, this.text.lastIndexOf('\n', this.at - 1));
    const found = end.exec(this.text);
    this.at = Math.max(found === null ? this.text.length : found.index + 1, start + 1);
    const { line } = positionOf({ lineStarts: this.lineStarts }, start);
    const next = this.lineStarts[line] ?? this.text.length + 1;
    this.losses.push({ line, what: this.text.slice(start, Math.min(next - 1, start + LONGEST)).trim(), why });
  }

  private sum(): PythonValue {
    let value = this.value();
    for (;;) {
      this.blank(this.depth > 0);
      if (this.match(/\+/y) === undefined) return value;
      this.blank(this.depth > 0);
      const more = this.value();
      if (typeof value === 'string' && typeof more === 'string') value += more;
      else if (Array.isArray(value) && Array.isArray(more)) value = [...(value as PythonValue[]), ...(more as PythonValue[])];
      else if (typeof value === 'number' && typeof more === 'number') value += more;
      else throw new Unreadable('a sum of different things');
    }
  }

  private value(): PythonValue {
    const open = this.match(/[[(]/y);
    if (open !== undefined) return this.sequence(open);
    const text = this.string();
    if (text !== undefined) return text;
    const number = this.match(/[-+]?(?:0[xX][0-9a-fA-F]+|0[oO]?[0-7]+|\d+(?:\.\d+)?)(?![\w.])/y);
    if (number !== undefined) return numberOf(number);
    const name = this.match(/[A-Za-z_]\w*(?![\w.([])/y);
    const known =
      name === 'True'
        ? true
        : name === 'False'
          ? false
          : name === 'None'
            ? null
            : name === undefined
              ? undefined
              : this.values.get(name);
    if (known === undefined) throw new Unreadable('more than literals');
    return known;
  }

  private sequence(open: string): PythonValue {
    if (++this.depth > DEEPEST) throw new Unreadable('nested too deeply');
    const close = open === '[' ? /\]/y : /\)/y;
    const items: PythonValue[] = [];
    let commas = 0;
    for (;;) {
      this.blank(true);
      if (this.match(close) !== undefined) break;
      items.push(this.sum());
      this.blank(true);
      if (this.match(/,/y) !== undefined) commas++;
      else if (this.match(close) !== undefined) break;
      else throw new Unreadable('more than literals');
    }
    this.depth--;
    // Parentheses around one value are no tuple.
    return open === '(' && commas === 0 && items.length === 1 ? (items[0] as PythonValue) : items;
  }

  /** Neighbouring strings are one. */
  private string(): string | undefined {
    let text: string | undefined;
    for (;;) {
      const start = this.match(/[rRuUbB]{0,2}(?:'''|"""|'|")/y);
      if (start === undefined) return text;
      const quote = start.replace(/^[rRuUbB]*/, '');
      text = (text ?? '') + this.body(quote, /[rR]/.test(start));
      this.blank(this.depth > 0);
    }
  }

  private body(quote: string, raw: boolean): string {
    let text = '';
    while (!this.text.startsWith(quote, this.at)) {
      const character = this.text.charAt(this.at++);
      if (character === '' || (character === '\n' && quote.length === 1)) throw new Unreadable('a string without an end');
      if (character !== '\\' || raw) text += character;
      else text += this.escape();
    }
    this.at += quote.length;
    return text;
  }

  private escape(): string {
    const coded = this.match(/x[0-9a-fA-F]{2}|[0-7]{1,3}/y);
    if (coded !== undefined)
      return String.fromCharCode(coded.startsWith('x') ? parseInt(coded.slice(1), 16) : parseInt(coded, 8));
    const character = this.text.charAt(this.at++);
    return ESCAPES[character] ?? `\\${character}`;
  }

  /** White space, comments, joined lines; newlines where a statement may go on. */
  private blank(newlines = false): void {
    this.match(newlines ? /(?:[ \t\n;\f]|\\\n|#[^\n]*)+/y : /(?:[ \t\f]|\\\n|#[^\n]*)+/y);
  }

  private match(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.at;
    const found = pattern.exec(this.text)?.[0];
    if (found !== undefined) this.at += found.length;
    return found;
  }
}

function numberOf(text: string): number {
  return /^[-+]?0[0-7]+$/.test(text) ? parseInt(text, 8) : Number(text);
}
