import type { Tree } from '../tree/entry.ts';
import { nameOf } from '../tree/path.ts';

/** What the hint leaves out of a snapshot (appendix A): the folders stay, as places to mount on, their contents do not. */
export const MOUNT_POINTS = ['boot', 'dev', 'media', 'mnt', 'proc', 'run', 'sys', 'tmp'] as const;

/** Left out altogether. */
const ALWAYS = ['lost+found', 'var/lost+found'];

/**
 * Take paths out of a tree, in place, with what is below them. A pattern with a leading or inner slash is a path from the root, any other
 * a name anywhere; `*` stands for characters of one name, `**` for any path, `?` for one character.
 */
export function exclude(tree: Tree, patterns: readonly string[]): Tree {
  const tests = [...ALWAYS.map((path) => `/${path}`), ...patterns].map(matcher);
  const gone = new Set<string>();
  for (const path of tree.keys()) {
    if (path === '') continue;
    let excluded = false;
    for (let end = path.lastIndexOf('/'); gone.size > 0 && end > 0 && !excluded; end = path.lastIndexOf('/', end - 1))
      excluded = gone.has(path.slice(0, end));
    if (excluded || tests.some((test) => test(path))) gone.add(path);
  }
  for (const path of gone) tree.delete(path);
  return tree;
}

function matcher(pattern: string): (path: string) => boolean {
  const trimmed = pattern.replace(/\/+$/, '');
  const anchored = trimmed.includes('/');
  const body = trimmed
    .replace(/^\/+/, '')
    .split(/(\*\*\/?|\*|\?)/)
    .map((piece) =>
      piece.startsWith('**')
        ? '.*'
        : piece === '*'
          ? '[^/]*'
          : piece === '?'
            ? '[^/]'
            : piece.replace(/[.+^${}()|[\]\\]/g, '\\$&'),
    )
    .join('');
  const shape = new RegExp(`^${body}$`, 's');
  return anchored ? (path) => shape.test(path) : (path) => shape.test(nameOf(path));
}
