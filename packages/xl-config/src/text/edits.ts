import type { Span } from '../grammar/token.ts';
import type { Assignment, Document } from '../grammar/tree.ts';

/** A piece of a text and what takes its place. */
export interface Edit extends Span {
  readonly text: string;
}

/** Applies edits that do not overlap; of two that do, the first one stays. */
export function applyEdits(text: string, edits: readonly Edit[]): string {
  const sorted = [...edits].sort((a, b) => a.start - b.start || a.end - b.end);
  let result = '';
  let at = 0;
  for (const edit of sorted) {
    if (edit.start < at) continue;
    result += text.slice(at, edit.start) + edit.text;
    at = edit.end;
  }
  return result + text.slice(at);
}

export function replace({ start, end }: Span, text: string): Edit {
  return { start, end, text };
}

/** Takes an assignment out, with its line when nothing else stands on it. */
export function removal(document: Document, { start, end }: Assignment): Edit {
  const { text } = document;
  let first = start;
  while (/[ \t]/.test(text.charAt(first - 1))) first--;
  const after = /^[ \t]*(?:;[ \t]*)?(\n|$)/.exec(text.slice(end));
  const alone = first === 0 || text[first - 1] === '\n';
  if (alone && after !== null) return { start: first, end: end + after[0].length, text: '' };
  const separator = /^[ \t]*;/.exec(text.slice(end));
  return { start, end: end + (separator?.[0].length ?? 0), text: '' };
}
