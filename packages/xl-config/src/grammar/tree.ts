import type { Position, Span, SyntaxProblem, Token } from './token.ts';

/** A single value: a quoted string, or a number, which stays text. */
export interface Atom extends Span {
  readonly kind: 'atom';
  readonly quoted: boolean;
  /** What xl sees: escapes decoded. */
  readonly value: string;
  /** libxlu drops part of this string (octal escapes). */
  readonly lossy: boolean;
}

export interface List extends Span {
  readonly kind: 'list';
  readonly items: readonly ValueNode[];
}

export type ValueNode = Atom | List;

export interface Assignment extends Span {
  readonly name: string;
  readonly nameSpan: Span;
  readonly operator: '=' | '+=';
  readonly value: ValueNode;
  /** One-based line where the value starts: the one that xl names in warnings. */
  readonly line: number;
}

/** A file's syntax, lossless: `text` with every token, and the assignments found in it. */
export interface Document {
  readonly text: string;
  readonly tokens: readonly Token[];
  readonly assignments: readonly Assignment[];
  /** The same by key. */
  readonly byName: ReadonlyMap<string, readonly Assignment[]>;
  /** Empty exactly when libxlu accepts the text. */
  readonly problems: readonly SyntaxProblem[];
  /** Offset of each line's first character. */
  readonly lineStarts: readonly number[];
}

export function positionOf(document: Pick<Document, 'lineStarts'>, offset: number): Position {
  const { lineStarts } = document;
  let low = 0;
  let high = lineStarts.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((lineStarts[middle] ?? 0) <= offset) low = middle;
    else high = middle - 1;
  }
  return { line: low + 1, column: offset - (lineStarts[low] ?? 0) + 1 };
}

export function lineStartsOf(text: string): number[] {
  const starts = [0];
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
  return starts;
}

/** Characters of a line that are shown on either side of a place. */
const EXCERPT = 100;

/** The line of an offset with a caret below the span: `3 | nmae = 1` and `  | ^^^^`. */
export function excerpt(document: Pick<Document, 'text' | 'lineStarts'>, span: Span): string {
  const { line, column } = positionOf(document, span.start);
  const start = document.lineStarts[line - 1] ?? 0;
  const next = document.lineStarts[line];
  const end = next === undefined ? -1 : next - 1;
  const first = Math.max(start, span.start - EXCERPT);
  const source = document.text.slice(first, Math.min(end === -1 ? document.text.length : end, span.start + EXCERPT));
  const gutter = String(line);
  const before = start + column - 1 - first;
  const width = Math.max(1, Math.min(span.end - span.start, source.length - before));
  const indent = source.slice(0, before).replace(/[^\t]/g, ' ');
  return `${gutter} | ${source}\n${' '.repeat(gutter.length)} | ${indent}${'^'.repeat(width)}`;
}
