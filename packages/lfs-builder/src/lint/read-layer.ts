import { spawnSync } from 'node:child_process';
import { closeSync, openSync, readdirSync, readSync } from 'node:fs';
import { join } from 'node:path';
import type { LayerFile } from './true-needs.ts';

/** Files given to one run of readelf: well below the longest command line. */
const BATCH = 500;

/**
 * Files and links of a layer's tree, with what their headers say they need. Folders are left out, and so are overlay's marks of removal.
 *
 * @throws Error when there is no `readelf` (binutils).
 */
export function readLayer(root: string): LayerFile[] {
  const entries = readdirSync(root, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() || entry.isSymbolicLink())
    .map((entry) => ({ path: join(entry.parentPath, entry.name).slice(root.length).replace(/^\/+/, ''), file: entry.isFile() }));
  const heads = new Map(entries.filter(({ file }) => file).map(({ path }) => [path, readHead(join(root, path))]));
  const elves = [...heads].filter(([path, head]) => head.startsWith('\x7fELF') && !path.endsWith('.o')).map(([path]) => path);
  const facts = readElves(root, elves);
  return entries.map(({ path }) => {
    const shebang = /^#! *(\S+)(?:[ \t]+(\S+))?/.exec(heads.get(path) ?? '');
    if (shebang !== null) return { path, interpreter: interpreterOf(shebang[1] ?? '', shebang[2]) };
    return { path, ...facts.get(path) };
  });
}

/** `#!/usr/bin/env perl` is run by perl, wherever that is; here there is one place. */
function interpreterOf(program: string, argument: string | undefined): string {
  return program.endsWith('/env') && argument !== undefined && !argument.startsWith('-') ? `/usr/bin/${argument}` : program;
}

function readHead(path: string): string {
  const fd = openSync(path, 'r');
  try {
    const bytes = Buffer.alloc(128);
    return bytes.toString('latin1', 0, readSync(fd, bytes, 0, bytes.length, 0));
  } finally {
    closeSync(fd);
  }
}

function readElves(root: string, paths: readonly string[]): Map<string, Pick<LayerFile, 'needed' | 'interpreter'>> {
  const facts = new Map<string, { needed: string[]; interpreter?: string }>();
  for (let at = 0; at < paths.length; at += BATCH) {
    const batch = paths.slice(at, at + BATCH);
    // It names the files when there are several: the first is given twice. Its status is a complaint about one of them at most.
    const { stdout, error } = spawnSync('readelf', ['-W', '-l', '-d', batch[0] ?? '', ...batch], {
      cwd: root,
      encoding: 'utf8',
      maxBuffer: 1 << 28,
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    if (error !== undefined) throw error;
    for (const part of stdout.split(/^File: /m).slice(1)) {
      const path = part.slice(0, part.indexOf('\n'));
      const needed = [...part.matchAll(/\(NEEDED\)\s+Shared library: \[(.+)\]/g)].map(([, name = '']) => name);
      const interpreter = /\[Requesting program interpreter: (.+)\]/.exec(part)?.[1];
      facts.set(path, { needed, ...(interpreter === undefined ? {} : { interpreter }) });
    }
  }
  return facts;
}
