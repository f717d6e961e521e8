import { hash } from 'node:crypto';
import { breathe } from '../store/interrupt.ts';
import type { Digested } from '../snapshot/compare.ts';
import { orderedEntries } from '../tree/entry.ts';
import { stateOf, type State } from './manifest.ts';

/** States of all entries of a tree, in its order. */
export async function statesOf(entries: Iterable<Digested>): Promise<Map<string, State>> {
  const states = new Map<string, State>();
  const first = new Map<string, string>();
  for (const entry of orderedEntries(entries)) {
    await breathe();
    const original = entry.link === undefined ? undefined : first.get(entry.link);
    if (entry.link !== undefined && original === undefined) first.set(entry.link, entry.path);
    states.set(entry.path, await stateOf(entry, original));
  }
  return states;
}

/** One digest for a whole tree: equal trees have equal ones wherever they lie. */
export function treeDigest(states: ReadonlyMap<string, State>): string {
  return hash('sha256', [...states].map(([path, state]) => JSON.stringify([path, canonical(state)])).join('\n'));
}

export function sameState(a: State | null | undefined, b: State | null | undefined): boolean {
  return JSON.stringify(canonical(a)) === JSON.stringify(canonical(b));
}

/** Times of folders do not count: whatever is done in one changes them. */
function canonical(state: State | null | undefined): unknown {
  if (state === null || state === undefined) return null;
  const fields = Object.entries(state).sort(([a], [b]) => (a < b ? -1 : 1));
  return state.type === 'directory' ? fields.filter(([name]) => name !== 'mtime' && name !== 'nanoseconds') : fields;
}
