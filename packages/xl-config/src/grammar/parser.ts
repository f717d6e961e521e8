import { refusal, tokenize } from './lexer.ts';
import { decodeString } from './string.ts';
import type { SyntaxProblem, Token } from './token.ts';
import { lineStartsOf, positionOf, type Assignment, type Document, type List, type ValueNode } from './tree.ts';

/**
 * libxlu's bison parser keeps at most this many symbols on its stack (YYMAXDEPTH 10000, less the start state and the
 * one that does not fit); deeper nesting is refused as «memory exhausted».
 */
const STACK_LIMIT = 9998;

/**
 * Reads a text with libxlu's grammar (tools/libs/util/libxlu_cfg_y.y). Never throws: what libxlu refuses is in
 * `problems`, and reading goes on at the next line. Time is linear in the text's length.
 */
export function parseDocument(text: string): Document {
  const tokens = tokenize(text);
  const reader = new Reader(text, tokens);
  const assignments: Assignment[] = [];
  while (reader.peek().kind !== 'end') {
    const assignment = statement(reader);
    if (assignment !== undefined) assignments.push(assignment);
  }
  return {
    text,
    tokens,
    assignments,
    byName: Map.groupBy(assignments, ({ name }) => name),
    problems: [...reader.problems, ...mixedAdditions(assignments)].sort((a, b) => a.start - b.start),
    lineStarts: reader.lineStarts,
  };
}

/** Tokens without blanks; collects problems. */
class Reader {
  readonly text: string;
  readonly problems: SyntaxProblem[] = [];
  readonly lineStarts: readonly number[];
  private readonly tokens: readonly Token[];
  private index = 0;

  constructor(text: string, tokens: readonly Token[]) {
    this.text = text;
    this.tokens = tokens;
    this.lineStarts = lineStartsOf(text);
    this.skipBlanks();
  }

  peek(): Token {
    return this.tokens[this.index] as Token;
  }

  take(): Token {
    const token = this.peek();
    if (token.kind !== 'end') this.index++;
    this.skipBlanks();
    return token;
  }

  skipNewlines(): boolean {
    let skipped = false;
    while (this.peek().kind === 'newline') {
      this.take();
      skipped = true;
    }
    return skipped;
  }

  /** Notes the problem and skips the rest of the line, as the grammar's `error NEWLINE` does. */
  fail(expected: string): undefined {
    const token = this.peek();
    this.problems.push(token.kind === 'error' ? refusal(this.text, token) : unexpected(this.text, token, expected));
    this.recover();
    return undefined;
  }

  report(problem: SyntaxProblem): undefined {
    this.problems.push(problem);
    this.recover();
    return undefined;
  }

  private recover(): void {
    for (let token = this.peek(); token.kind !== 'newline' && token.kind !== 'end'; token = this.peek()) this.take();
  }

  private skipBlanks(): void {
    for (let kind = this.tokens[this.index]?.kind; kind === 'space' || kind === 'overlooked';)
      kind = this.tokens[++this.index]?.kind;
  }
}

function statement(reader: Reader): Assignment | undefined {
  const first = reader.peek();
  if (first.kind === 'newline' || first.kind === ';') {
    reader.take();
    return undefined;
  }
  if (first.kind !== 'name') return reader.fail('a key');
  reader.take();
  const operator = reader.peek();
  if (operator.kind !== '=' && operator.kind !== '+=') return reader.fail('= or +=');
  reader.take();
  const line = positionOf(reader, reader.peek().start).line;
  const node = value(reader);
  if (node === undefined) return undefined;
  const end = reader.peek();
  if (end.kind !== 'newline' && end.kind !== ';' && end.kind !== 'end') return reader.fail('the end of the line or ;');
  return {
    name: reader.text.slice(first.start, first.end),
    nameSpan: { start: first.start, end: first.end },
    operator: operator.kind,
    value: node,
    line,
    start: first.start,
    end: node.end,
  };
}

interface OpenList {
  readonly start: number;
  readonly items: ValueNode[];
}

/** One value. Nesting is kept on a list, not on the call stack, so that no input can overflow it. */
function value(reader: Reader): ValueNode | undefined {
  const open: OpenList[] = [];
  const stack = new BisonStack();
  for (;;) {
    let node = begin(reader, open, stack);
    if (node === undefined) return undefined;
    if (node === 'opened') continue;
    for (let list = open.at(-1); list !== undefined; list = open.at(-1)) {
      list.items.push(node);
      stack.item(list.items.length === 1, reader.skipNewlines());
      if (reader.peek().kind === ',') {
        reader.take();
        stack.comma(reader.skipNewlines());
        if (reader.peek().kind !== ']') break;
        stack.trailingComma();
      }
      if (reader.peek().kind !== ']') return reader.fail(', or ]');
      stack.close();
      node = close(reader, open);
    }
    if (stack.overflowed)
      return reader.report({ start: node.start, end: node.end, message: 'lists are nested too deeply for xl' });
    if (open.length === 0) return node;
  }
}

/** An atom, an empty list, or the start of a list with items. */
function begin(reader: Reader, open: OpenList[], stack: BisonStack): ValueNode | 'opened' | undefined {
  const token = reader.peek();
  if (token.kind !== '[') {
    stack.push(1);
    return atom(reader, token);
  }
  reader.take();
  stack.open(reader.skipNewlines());
  open.push({ start: token.start, items: [] });
  if (reader.peek().kind !== ']') return 'opened';
  stack.closeEmpty();
  return close(reader, open);
}

function close(reader: Reader, open: OpenList[]): List {
  const { start, items } = open.pop() as OpenList;
  return { kind: 'list', items, start, end: reader.take().end };
}

/** How full bison's stack would be: it starts a value with the statements, the key and the operator. */
class BisonStack {
  overflowed = false;
  private symbols = 3;

  /** Pushes symbols; a newline beside them is there for a moment only. */
  push(count: number, newline = false): void {
    this.symbols += count;
    this.peak(newline ? 1 : 0);
  }

  /** `[` and the newlines after it. */
  open(newline: boolean): void {
    this.push(2, newline);
  }

  closeEmpty(): void {
    this.peak(2);
    this.symbols -= 1;
  }

  /** A value with the newlines after it joins the values before it. */
  item(first: boolean, newline: boolean): void {
    this.push(1, newline);
    this.symbols -= first ? 1 : 4;
  }

  comma(newline: boolean): void {
    this.push(2, newline);
  }

  trailingComma(): void {
    this.symbols -= 2;
  }

  close(): void {
    this.peak(1);
    this.symbols -= 2;
  }

  private peak(more: number): void {
    if (this.symbols + more > STACK_LIMIT) this.overflowed = true;
  }
}

function atom(reader: Reader, token: Token): ValueNode | undefined {
  const { start, end } = token;
  const source = reader.text.slice(start, end);
  if (token.kind === 'number') {
    reader.take();
    return { kind: 'atom', quoted: false, value: source, lossy: false, start, end };
  }
  if (token.kind !== 'string') return reader.fail('a value');
  const decoded = decodeString(source);
  if ('refused' in decoded) {
    return reader.report({
      start: start + decoded.at,
      end: start + decoded.at + 2,
      message: decoded.refused,
      hint: 'Write the character itself.',
    });
  }
  reader.take();
  return { kind: 'atom', quoted: true, value: decoded.value, lossy: decoded.lossy, start, end };
}

/** `+=` joins strings to strings and lists to lists; anything else is an error. */
function mixedAdditions(assignments: readonly Assignment[]): SyntaxProblem[] {
  const kinds = new Map<string, ValueNode['kind']>();
  const problems: SyntaxProblem[] = [];
  for (const { name, operator, value: node } of assignments) {
    const before = kinds.get(name);
    if (operator === '+=' && before !== undefined && before !== node.kind) {
      problems.push({
        start: node.start,
        end: node.end,
        message: `${name} += cannot join a list and a single value`,
        hint: 'Add a list to a list, a string to a string.',
      });
    }
    kinds.set(name, node.kind);
  }
  return problems;
}

const NAMES: Partial<Record<Token['kind'], string>> = { end: 'the end of the file', newline: 'the end of the line' };

function unexpected(text: string, token: Token, expected: string): SyntaxProblem {
  const found = NAMES[token.kind] ?? text.slice(token.start, token.end);
  const hint = token.kind === 'name' && expected === 'a value' ? 'Quote the value.' : undefined;
  return {
    start: token.start,
    end: Math.max(token.end, token.start + 1),
    message: `expected ${expected}, found ${found}`,
    ...(hint === undefined ? {} : { hint }),
  };
}
