import { spawn } from 'node:child_process';
import { decodePath, encodePath } from './path.ts';
import { collect, requireSuccess } from './process.ts';

/** Overlay mounts keep their book-keeping in these; they are no property of a file. */
const FOREIGN = /^(?:trusted|user)\.overlay\./;

export type XattrMap = Map<string, Record<string, Uint8Array>>;

/**
 * Extended attributes of everything below `root`, by tree path; capabilities and ACLs are among them. Without `only`, the whole tree is
 * read. Symlinks are not followed. Needs getfattr (Debian: attr).
 */
export async function readXattrs(root: string, only?: readonly string[]): Promise<XattrMap> {
  if (only !== undefined && only.length === 0) return new Map();
  const args = ['--absolute-names', '-h', '-d', '-m', '-', '-e', 'hex'];
  const child =
    only === undefined
      ? spawn('getfattr', [...args, '-R', '-P', '--', root], { env: { ...process.env, LC_ALL: 'C' } })
      : spawn('xargs', ['-0', '-r', 'getfattr', ...args, '--'], { env: { ...process.env, LC_ALL: 'C' } });
  child.stdin.on('error', () => undefined);
  child.stdin.end(
    only === undefined ? '' : Buffer.concat(only.flatMap((path) => [encodePath(`${root}/${path}`), Buffer.from([0])])),
  );
  const done = await collect(child, 'getfattr');
  // A file that vanished meanwhile is the caller's business; it also shows up in the walk.
  if (done.code !== 0 && !/No such file/.test(done.stderr)) requireSuccess(done);
  return parse(done.stdout, root);
}

function parse(output: Buffer, root: string): XattrMap {
  const found: XattrMap = new Map();
  let current: Record<string, Uint8Array> | undefined;
  for (const line of output.toString('latin1').split('\n')) {
    if (line.startsWith('# file: ')) {
      const path = decodePath(unescape(line.slice(8)));
      current = {};
      found.set(path === root ? '' : path.slice(root === '/' ? 1 : root.length + 1), current);
      continue;
    }
    const equals = line.indexOf('=0x');
    const bare = equals < 0 && line !== '' && !line.startsWith('#');
    if (current === undefined || (equals < 0 && !bare)) continue;
    const name = unescape(bare ? line : line.slice(0, equals)).toString('latin1');
    if (!FOREIGN.test(name)) current[name] = bare ? Buffer.alloc(0) : Buffer.from(line.slice(equals + 3), 'hex');
  }
  return new Map([...found].filter(([, attributes]) => Object.keys(attributes).length > 0));
}

/** getfattr writes bytes that would break its line format as three octal digits after a backslash. */
function unescape(text: string): Buffer {
  return Buffer.from(
    text.replace(/\\([0-7]{3})|\\(.)/g, (_, octal: string | undefined, char: string) =>
      octal === undefined ? char : String.fromCharCode(parseInt(octal, 8)),
    ),
    'latin1',
  );
}
