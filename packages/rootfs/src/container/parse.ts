import { XlfsError } from '@xlfs/core';

/** A place in a container file, counted from 1. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

export interface Word extends Position {
  readonly text: string;
}

/** `[name words… ][end]`, with what stands behind the first empty line as its text. */
export interface RawExpression extends Position {
  readonly kind: 'expression';
  readonly name: string;
  readonly words: readonly Word[];
  /** Ends with a line break; undefined when there is no empty line. */
  readonly text: string | undefined;
}

/** Ordinary xl configuration, character for character. */
export interface XlText extends Position {
  readonly kind: 'xl';
  readonly text: string;
}

export type Statement = RawExpression | XlText;

/** Expressions whose text is the content of a file. */
const WITH_TEXT = new Set(['replace', 'hook']);

/**
 * Take a container file apart (Day et al., "Using the Xen hypervisor to supercharge OS deployment", Linux Symposium 2005, section 4.4). A
 * `[` where an xl statement would start opens an expression, which no xl statement does; everything else is left as it is.
 * @throws USAGE with file, line and column.
 */
export function parseContainer(source: string, name: string): Statement[] {
  const statements: Statement[] = [];
  const at = positions(source);
  let xlStart = 0;
  const flush = (end: number) => {
    if (end > xlStart) statements.push({ kind: 'xl', text: source.slice(xlStart, end), ...at(xlStart) });
  };
  for (let offset = 0; offset < source.length;) {
    const open = /^[ \t]*\[/.exec(source.slice(offset, offset + 200));
    if (open === null) {
      offset = endOfXlStatement(source, offset, (where, what) => fail(name, at(where), what));
      continue;
    }
    const bracket = offset + open[0].length - 1;
    const end = /\][ \t]*\[end\][ \t]*(?:\r?\n|$)/g;
    end.lastIndex = bracket;
    const close = end.exec(source);
    if (close === null) throw fail(name, at(bracket), 'this expression has no ][end]');
    flush(offset);
    statements.push(expression(source.slice(bracket + 1, close.index), bracket + 1, at, at(bracket), name));
    offset = close.index + close[0].length;
    xlStart = offset;
  }
  flush(source.length);
  return statements;
}

/** An error in a container file. */
export function fail(file: string, { line, column }: Position, what: string, hint?: string): XlfsError {
  return new XlfsError('USAGE', `${file}:${String(line)}:${String(column)}: ${what}`, hint === undefined ? {} : { hint });
}

function expression(
  inner: string,
  start: number,
  at: (offset: number) => Position,
  position: Position,
  file: string,
): RawExpression {
  const head = /^([a-z]+)(?=\s|$)/.exec(inner);
  if (head?.[1] === undefined) throw fail(file, position, 'an expression starts with its name, as in [replace …');
  const name = head[1];
  const blank = WITH_TEXT.has(name) ? /\r?\n[ \t]*\r?\n/.exec(inner) : null;
  const header = blank === null ? inner : inner.slice(0, blank.index);
  const text = blank === null ? undefined : `${inner.slice(blank.index + blank[0].length).replace(/\s+$/, '')}\n`;
  const words: Word[] = [];
  for (const match of header.slice(name.length).matchAll(/"([^"\n]*)"|[^\s"]+/g)) {
    words.push({ text: match[1] ?? match[0], ...at(start + name.length + match.index) });
  }
  return { kind: 'expression', name, words, text, ...position };
}

/** Offset behind the statement or comment that starts here: a line break or `;` outside of brackets and strings. */
function endOfXlStatement(source: string, from: number, error: (offset: number, what: string) => XlfsError): number {
  let depth = 0;
  for (let at = from; at < source.length; at++) {
    const char = source[at];
    if (char === '#') {
      const end = source.indexOf('\n', at);
      at = (end < 0 ? source.length : end) - 1;
    } else if (char === '"' || char === "'") {
      const end = source.slice(at + 1).search(char === '"' ? /"|\n/ : /'|\n/) + at + 1;
      if (end === at || source[end] === '\n') throw error(at, 'this string does not end on its line');
      at = end;
    } else if (char === '[') depth++;
    else if (char === ']') depth = Math.max(0, depth - 1);
    else if (char === '\n' && depth === 0) return at + 1;
  }
  return source.length;
}

function positions(source: string): (offset: number) => Position {
  const starts = [0];
  for (let at = source.indexOf('\n'); at >= 0; at = source.indexOf('\n', at + 1)) starts.push(at + 1);
  return (offset) => {
    let low = 0;
    let high = starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((starts[middle] ?? 0) <= offset) low = middle;
      else high = middle - 1;
    }
    return { line: low + 1, column: offset - (starts[low] ?? 0) + 1 };
  };
}
