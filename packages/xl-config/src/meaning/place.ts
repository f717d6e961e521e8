import type { Span } from '../grammar/token.ts';
import type { Assignment, Document } from '../grammar/tree.ts';
import type { Subject } from '../problem.ts';

/** The assignment that holds for a key: the last one. */
export function assignmentOf(document: Document, key: string): Assignment | undefined {
  return document.byName.get(key)?.at(-1);
}

/** Where a finding points to: the item, the value, or the start of a text that lacks the key. */
export function spanOf(document: Document, { key, item }: Subject): Span {
  const assignment = assignmentOf(document, key);
  if (assignment === undefined) return { start: 0, end: 0 };
  const { value } = assignment;
  const node = value.kind === 'list' && item !== undefined ? (value.items[item] ?? value) : value;
  return { start: node.start, end: node.end };
}
