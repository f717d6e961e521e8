import { createHash } from 'node:crypto';
import { readContent } from '../tree/content.ts';
import { orderedEntries, type Entry } from '../tree/entry.ts';

export interface Portrait {
  readonly type: string;
  readonly mode: string;
  readonly owner: string;
  readonly mtime: string;
  readonly target?: string;
  readonly device?: string;
  readonly xattrs: Record<string, string>;
  readonly content?: string;
  /** Other names of the same file. */
  readonly names: string[];
}

export interface PortraitOptions {
  /** What the format or the user's rights cannot keep. */
  readonly without?: readonly ('xattrs' | 'nanoseconds' | 'mtime' | 'owner')[];
}

/** Everything that is to survive a round trip, by path, in a form that a test can compare and print. */
export async function portrait(
  entries: Iterable<Entry>,
  { without = [] }: PortraitOptions = {},
): Promise<Record<string, Portrait>> {
  const ordered = orderedEntries(entries);
  const names = new Map<string, string[]>();
  for (const { path, link } of ordered) if (link !== undefined) names.set(link, [...(names.get(link) ?? []), path]);
  const result: Record<string, Portrait> = {};
  for (const entry of ordered) {
    const fraction = without.includes('nanoseconds') ? 0 : (entry.nanoseconds ?? 0);
    const others = entry.link === undefined ? [] : (names.get(entry.link) ?? []);
    result[`/${entry.path}`] = {
      type: entry.type,
      mode: entry.type === 'symlink' ? '777' : entry.mode.toString(8),
      owner: without.includes('owner') ? '' : `${String(entry.uid)}:${String(entry.gid)}`,
      mtime: without.includes('mtime') ? '' : `${String(entry.mtime)}.${String(fraction).padStart(9, '0')}`,
      ...(entry.target === undefined ? {} : { target: entry.target }),
      ...(entry.device === undefined ? {} : { device: `${String(entry.device.major)}:${String(entry.device.minor)}` }),
      xattrs: without.includes('xattrs') ? {} : hexValues(entry),
      ...(entry.type === 'file' ? { content: await digest(entry) } : {}),
      names: others.length > 1 ? others : [],
    };
  }
  return result;
}

function hexValues({ xattrs = {} }: Entry): Record<string, string> {
  const names = Object.keys(xattrs).sort();
  return Object.fromEntries(names.map((name) => [name, Buffer.from(xattrs[name] ?? []).toString('hex')]));
}

async function digest(entry: Entry): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of readContent(entry)) hash.update(chunk);
  return `${String(entry.size)}:${hash.digest('hex')}`;
}
