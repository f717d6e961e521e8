import type { LayerEntry } from './manifest.ts';

/** A path that two layers do not have alike. */
export interface LayerDifference {
  readonly path: string;
  /** `missing` and `added` as seen from the first layer; else the parts of the entry that differ. */
  readonly what: 'missing' | 'added' | readonly string[];
}

/** What differs between two layers, by path. Nothing when their digests are the same. */
export function layerDifferences(first: readonly LayerEntry[], second: readonly LayerEntry[]): LayerDifference[] {
  const others = new Map(second.map((entry) => [entry.path, entry]));
  const differences: LayerDifference[] = [];
  for (const entry of first) {
    const other = others.get(entry.path);
    others.delete(entry.path);
    const what = other === undefined ? ('missing' as const) : partsThatDiffer(entry, other);
    if (what.length > 0) differences.push({ path: entry.path, what });
  }
  for (const path of others.keys()) differences.push({ path, what: 'added' });
  return differences.sort((a, b) => (a.path < b.path ? -1 : 1));
}

function partsThatDiffer(a: LayerEntry, b: LayerEntry): string[] {
  const parts = new Set([...Object.keys(a), ...Object.keys(b)]) as Set<keyof LayerEntry>;
  return [...parts].filter((part) => JSON.stringify(a[part]) !== JSON.stringify(b[part]));
}
