import { posix } from 'node:path';
import { XlfsError } from '@xlfs/core';
import { readAll, type Entry, type Tree } from '@xlfs/rootfs';
import { readElf } from './elf.ts';
import { chainOf, type Reason } from './reason.ts';

/** A path that the image has to hold, and why. */
export interface Wanted {
  /** Absolute. A folder stands for everything below it; a link to a folder for the link and the folder alone. */
  readonly path: string;
  readonly reason: string;
}

/** The dynamic linker's own search path, beside what a file names itself. Source: ld.so(8); Debian and Ubuntu, Fedora and LFS. */
const LIBRARY_FOLDERS = ['/lib', '/usr/lib', '/lib64', '/usr/lib64', '/lib/x86_64-linux-gnu', '/usr/lib/x86_64-linux-gnu'];

/** Folders that are only filled while the system runs: a link into them (`/etc/mtab`) ends at the mount point. */
const RUNTIME_FOLDERS = new Set(['dev', 'proc', 'run', 'sys']);

const MAX_LINKS = 40;

/**
 * Everything that the wanted paths need in order to work: the files behind symlinks, each ELF file's libraries and dynamic linker, each
 * script's interpreter, and the folders that hold them.
 *
 * @returns reasons by tree path (no leading slash), in the order in which the paths were found.
 * @throws XlfsError `ASSEMBLY_FAILED` naming what is missing and the chain that asked for it.
 */
export async function closureOf(tree: Tree, wanted: readonly Wanted[]): Promise<Map<string, Reason>> {
  const reasons = new Map<string, Reason>();
  const pending: string[] = [];

  const take = (path: string, reason: Reason): void => {
    const found = lookUp(tree, path);
    if (found === undefined) throw missing(path, reason, reasons);
    let from = reason;
    for (const { path: link, target, last } of found.links) {
      addWithFolders(link, from);
      // A link among the folders on the way (/lib) is used by the path, and does not ask for it.
      if (last) from = { from: link, because: `link to ${target}` };
    }
    addWithFolders(found.path, from);
  };
  const addWithFolders = (path: string, reason: Reason): void => {
    if (reasons.has(path)) return;
    const folder = parentOf(path);
    if (folder !== undefined) addWithFolders(folder, { from: path, because: 'holds it' });
    reasons.set(path, reason);
    pending.push(path);
  };

  for (const { path, reason } of wanted) {
    take(path, { from: undefined, because: reason });
    const folder = path.slice(1);
    if (tree.get(folder)?.type !== 'directory') continue;
    for (const below of tree.keys()) {
      if (below.startsWith(`${folder}/`)) take(`/${below}`, { from: folder, because: reason });
    }
  }
  for (let path = pending.shift(); path !== undefined; path = pending.shift()) {
    const entry = tree.get(path);
    if (entry?.type !== 'file') continue;
    for (const need of await needsOf(tree, entry)) take(need.path, { from: path, because: need.because });
  }
  return reasons;
}

interface Need {
  readonly path: string;
  readonly because: string;
}

async function needsOf(tree: Tree, entry: Entry): Promise<Need[]> {
  const bytes = await readAll(entry);
  if (bytes.length > 2 && bytes[0] === 0x23 && bytes[1] === 0x21) {
    const [interpreter = ''] = bytes.subarray(2, bytes.indexOf(0x0a)).toString('utf8').trim().split(/\s+/);
    return [{ path: interpreter, because: 'interpreter of the script' }];
  }
  const elf = readElf(bytes);
  if (elf === undefined) return [];
  const own = elf.runpath.map((folder) => folder.replace(/\$\{?ORIGIN\}?/g, posix.dirname(`/${entry.path}`)));
  return [
    ...(elf.interpreter === undefined ? [] : [{ path: elf.interpreter, because: 'dynamic linker' }]),
    ...elf.needed.map((library) => ({ path: findLibrary(tree, library, own), because: `needs ${library}` })),
  ];
}

function findLibrary(tree: Tree, name: string, own: readonly string[]): string {
  const folders = name.includes('/') ? [''] : [...own, ...LIBRARY_FOLDERS];
  return (
    folders.map((folder) => posix.join('/', folder, name)).find((path) => lookUp(tree, path) !== undefined) ??
    posix.join('/usr/lib', name)
  );
}

interface Found {
  /** Tree path with no symlink left in it. */
  readonly path: string;
  /** The symlinks on the way, in order; `last` where nothing of the path was left behind it. */
  readonly links: readonly { path: string; target: string; last: boolean }[];
}

/** Follows a path through the tree's own symlinks, as the kernel would with the tree as root. */
function lookUp(tree: Tree, path: string): Found | undefined {
  const links: { path: string; target: string; last: boolean }[] = [];
  const rest = path.split('/');
  let at = '';
  for (let part = rest.shift(); part !== undefined; part = rest.shift()) {
    if (part === '' || part === '.') continue;
    if (part === '..') {
      at = parentOf(at) ?? '';
      continue;
    }
    const next = at === '' ? part : `${at}/${part}`;
    const entry = tree.get(next);
    if (entry === undefined) return runtimeFolder(tree, next, links);
    if (entry.type !== 'symlink') {
      at = next;
      continue;
    }
    const target = entry.target ?? '';
    links.push({ path: next, target, last: rest.length === 0 });
    if (links.length > MAX_LINKS) return undefined;
    rest.unshift(...target.split('/'));
    if (target.startsWith('/')) at = '';
  }
  return { path: at, links };
}

/** What a link into a mount point needs: the mount point. */
function runtimeFolder(tree: Tree, path: string, links: Found['links']): Found | undefined {
  const [folder = ''] = path.split('/');
  return links.length > 0 && RUNTIME_FOLDERS.has(folder) && tree.has(folder) ? { path: folder, links } : undefined;
}

function missing(path: string, reason: Reason, reasons: ReadonlyMap<string, Reason>): XlfsError {
  const chain = reason.from === undefined ? [] : chainOf(reasons, reason.from).map((step) => `  ${step.path} (${step.because})`);
  return new XlfsError(
    'ASSEMBLY_FAILED',
    [`the image needs ${path} (${reason.because}), and no layer has it`, ...chain].join('\n'),
    {
      hint: 'add the recipe that installs it to the needs of the image, or take out what asks for it',
    },
  );
}

/** Tree path of the folder that holds `path`; undefined for the root. */
function parentOf(path: string): string | undefined {
  if (path === '') return undefined;
  const slash = path.lastIndexOf('/');
  return slash < 0 ? '' : path.slice(0, slash);
}
