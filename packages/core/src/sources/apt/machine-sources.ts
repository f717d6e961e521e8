import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** One package archive as the machine's own configuration names it. */
export interface AptArchive {
  readonly uri: string;
  readonly suites: readonly string[];
  /** Path of the keyring, or undefined for apt's trusted set. */
  readonly signedBy: string | undefined;
}

/** Names that Debian's main archive uses for its suites. */
const debianSuites = new Set([
  'bookworm',
  'trixie',
  'forky',
  'duke',
  'sid',
  'oldoldstable',
  'oldstable',
  'stable',
  'testing',
  'unstable',
  'bullseye',
]);

/** Every archive in `sources.list`, `*.list` and `*.sources` below `/etc/apt`. Unreadable files are as if they were not there. */
export async function machineArchives(etc = '/etc/apt'): Promise<AptArchive[]> {
  const parts = join(etc, 'sources.list.d');
  const names = await readdir(parts).catch(() => []);
  const paths = [join(etc, 'sources.list'), ...names.sort().map((name) => join(parts, name))];
  const archives: AptArchive[] = [];
  for (const path of paths) {
    if (!/\.(list|sources)$/.test(path)) continue;
    const text = await readFile(path, 'utf8').catch(() => '');
    archives.push(...(path.endsWith('.sources') ? parseDeb822(text) : parseOneLine(text)));
  }
  return archives;
}

/** The one that carries Debian itself, wherever it is mirrored; undefined when the machine uses none (Ubuntu). */
export function debianArchive(archives: readonly AptArchive[]): AptArchive | undefined {
  return archives.find(({ suites }) => suites.some((suite) => debianSuites.has(suite)));
}

/** One-line format of sources.list(5): `deb [options] uri suite component…`. */
export function parseOneLine(text: string): AptArchive[] {
  const archives: AptArchive[] = [];
  for (const line of text.split('\n')) {
    const match = /^\s*deb(?:-src)?\s+(?:\[([^\]]*)\]\s+)?(\S+)\s+(\S+)/.exec(line.replace(/#.*/, ''));
    if (match === null) continue;
    const [, options = '', uri = '', suite = ''] = match;
    archives.push({ uri, suites: [suite], signedBy: /(?:^|\s)signed-by=(\S+)/i.exec(options)?.[1] });
  }
  return archives;
}

/** deb822 format of sources.list(5): stanzas of fields, `URIs`, `Suites`, `Signed-By`, `Enabled`. */
export function parseDeb822(text: string): AptArchive[] {
  const archives: AptArchive[] = [];
  for (const stanza of text.replace(/^#.*\n?/gm, '').split(/\n\s*\n/)) {
    const fields = new Map<string, string>();
    let last = '';
    for (const line of stanza.split('\n')) {
      const match = /^([A-Za-z-]+):\s*(.*)$/.exec(line);
      if (match !== null) {
        last = (match[1] ?? '').toLowerCase();
        fields.set(last, match[2] ?? '');
      } else if (/^\s+\S/.test(line) && last !== '') fields.set(last, `${fields.get(last) ?? ''} ${line.trim()}`.trim());
    }
    if (/^(no|false|0|off|disable)/i.test(fields.get('enabled') ?? 'yes')) continue;
    const signedBy = fields.get('signed-by');
    for (const uri of words(fields.get('uris'))) {
      // A key written into the stanza itself is no path: left to apt's trusted set.
      archives.push({
        uri,
        suites: words(fields.get('suites')),
        signedBy: signedBy?.startsWith('/') === true ? signedBy : undefined,
      });
    }
  }
  return archives;
}

function words(field: string | undefined): string[] {
  return (field ?? '').split(/\s+/).filter((word) => word !== '');
}
