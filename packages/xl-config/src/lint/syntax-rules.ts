import type { Span, SyntaxProblem, Token } from '../grammar/token.ts';
import type { Document, ValueNode } from '../grammar/tree.ts';
import { quote } from '../write/literal.ts';
import type { Draft, Fix } from './diagnostic.ts';
import { replace } from '../text/edits.ts';

/** What keeps xl from reading the file, and what it reads otherwise than it looks. */
export function syntaxDrafts(document: Document): Draft[] {
  return [...refused(document), ...overlooked(document), ...lossy(document)];
}

function refused(document: Document): Draft[] {
  const carriageReturns = /\r\n/.test(document.text);
  const drafts = document.problems.flatMap((problem): Draft[] => {
    const fix = fixOf(document, problem);
    const source = document.text.slice(problem.start, problem.end);
    if (source.startsWith('\r')) return [];
    const code = source.startsWith('#') ? 'comment-at-end' : source.startsWith('\\') ? 'bad-escape' : 'syntax';
    return [
      {
        code,
        message: problem.message,
        span: problem,
        xl: true,
        ...(problem.hint === undefined ? {} : { hint: problem.hint }),
        ...(fix === undefined ? {} : { fix }),
      },
    ];
  });
  const stray = document.problems.find(({ start }) => document.text[start] === '\r');
  return stray === undefined ? drafts : [...drafts, carriageReturn(document, stray, carriageReturns)];
}

function carriageReturn({ text }: Document, span: Span, pairs: boolean): Draft {
  const edits = [...text.matchAll(/\r\n/g)].map(({ index }) => ({ start: index, end: index + 1, text: '' }));
  return {
    code: 'carriage-return',
    message: pairs ? 'the file has line ends of DOS' : 'a stray carriage return',
    hint: 'Convert the file to Unix line ends.',
    span,
    xl: true,
    ...(pairs ? { fix: { title: 'Convert to Unix line ends', edits, safe: true } } : {}),
  };
}

const WORDS: Readonly<Record<string, string>> = { True: '1', False: '0', true: '1', false: '0', yes: '1', no: '0' };

/** xl refuses the file as it is, so nothing that works can break. */
function fixOf(document: Document, problem: SyntaxProblem): Fix | undefined {
  const source = document.text.slice(problem.start, problem.end);
  if (source.startsWith('#'))
    return { title: 'End the file with a newline', edits: [{ start: problem.end, end: problem.end, text: '\n' }], safe: true };
  if (source === '\\x') return hexadecimal(document, problem);
  if (!followsOperator(document, problem.start)) return undefined;
  const word = /^[^\s[\],;#"']+/.exec(document.text.slice(problem.start))?.[0];
  if (word === undefined) return undefined;
  const span = { start: problem.start, end: problem.start + word.length };
  const known = WORDS[word];
  if (known !== undefined) return { title: `Write ${known}`, edits: [replace(span, known)], safe: true };
  return /^[-\w./:@+]+$/.test(word) ? { title: 'Quote the value', edits: [replace(span, quote(word))], safe: true } : undefined;
}

/** `\x41` as its author meant it. */
function hexadecimal({ text }: Document, { start }: Span): Fix | undefined {
  const digits = /^\\x([0-9a-fA-F]{2})/.exec(text.slice(start))?.[1];
  const code = digits === undefined ? 0 : parseInt(digits, 16);
  if (code < 0x20 || code > 0x7e) return undefined;
  return {
    title: 'Write the character itself',
    edits: [{ start, end: start + 4, text: quote(String.fromCharCode(code)).slice(1, -1) }],
    safe: true,
  };
}

function followsOperator({ tokens }: Document, offset: number): boolean {
  let index = indexAt(tokens, offset) - 1;
  while (tokens[index]?.kind === 'space') index--;
  return ['=', '+=', '[', ','].includes(tokens[index]?.kind ?? '');
}

/** The token that starts at an offset, by halving. */
function indexAt(tokens: readonly Token[], offset: number): number {
  let [low, high] = [0, tokens.length - 1];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((tokens[middle] as Token).start < offset) low = middle + 1;
    else high = middle;
  }
  return low;
}

function overlooked(document: Document): Draft[] {
  const token = document.tokens.find(({ kind }) => kind === 'overlooked');
  if (token === undefined) return [];
  const fix: Fix = { title: 'Remove it', edits: [replace(token, '')], safe: true };
  return [
    {
      code: 'overlooked-character',
      message: `xl overlooks the last character ${JSON.stringify(sourceOf(document, token))}`,
      hint: 'Remove it.',
      span: token,
      fix,
    },
  ];
}

function lossy(document: Document): Draft[] {
  const found: Draft[] = [];
  const pending: ValueNode[] = document.assignments.map(({ value }) => value);
  for (let node = pending.pop(); node !== undefined; node = pending.pop()) {
    if (node.kind === 'list') pending.push(...node.items);
    else if (node.lossy)
      found.push({
        code: 'lost-escape',
        message: 'xl drops the octal escape from this string',
        hint: 'Write the character itself.',
        span: node,
      });
  }
  return found;
}

function sourceOf({ text }: Document, { start, end }: Token): string {
  return text.slice(start, end);
}
