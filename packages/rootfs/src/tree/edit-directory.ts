import { randomBytes } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { chmod, lchown, lutimes, mkdir, rename, rm, symlink } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import { XlfsError } from '@xlfs/core';
import { readContent } from './content.ts';
import type { Entry } from './entry.ts';
import { comparePaths, encodePath, nameOf, parentOf } from './path.ts';
import { DirectoryView, type Changes } from './view.ts';

/**
 * Apply changes to a folder that is a root filesystem. Symlinks on the way are followed inside of the root only, the last name is replaced
 * and never written through; each file appears whole (written beside its place and renamed).
 * @throws ASSEMBLY_FAILED for a device node (an image can hold one, see `editExt4`), and when owners cannot be set.
 */
export async function editDirectory(root: string, changes: Changes): Promise<void> {
  const view = new DirectoryView(root);
  for (const path of changes.remove) {
    const real = view.resolve(path, false);
    if (real !== undefined && real !== '') await rm(encodePath(view.absolute(real)), { recursive: true, force: true });
  }
  for (const entry of [...changes.put].sort((a, b) => comparePaths(a.path, b.path))) await put(view, entry);
}

async function put(view: DirectoryView, entry: Entry): Promise<void> {
  const folder = view.resolve(parentOf(entry.path), true);
  if (folder === undefined)
    throw new XlfsError('ASSEMBLY_FAILED', `/${entry.path} cannot be put into ${view.root}: a folder on the way is none`);
  await mkdir(encodePath(view.absolute(folder)), { recursive: true, mode: 0o755 });
  const path = folder === '' ? nameOf(entry.path) : `${folder}/${nameOf(entry.path)}`;
  const before = entry.path === '' ? 'directory' : view.stat(path)?.type;
  const target = encodePath(view.absolute(entry.path === '' ? '' : path));
  if (entry.type === 'directory') {
    if (before !== undefined && before !== 'directory') await rm(target);
    if (before !== 'directory') await mkdir(target);
    await attributes(entry, target);
    return;
  }
  if (before === 'directory')
    throw new XlfsError('ASSEMBLY_FAILED', `/${path} is a folder in ${view.root} and is not replaced by a ${entry.type}`);
  const temporary = Buffer.concat([encodePath(view.absolute(folder)), Buffer.from(`/.xlfs-${randomBytes(6).toString('hex')}`)]);
  try {
    await make(entry, temporary);
    await attributes(entry, temporary);
    await rename(temporary, target);
  } finally {
    await rm(temporary, { force: true });
  }
}

async function make(entry: Entry, path: Buffer): Promise<void> {
  if (entry.type === 'file') await pipeline(readContent(entry), createWriteStream(path, { flags: 'wx', mode: 0o600 }));
  else if (entry.type === 'symlink') await symlink(encodePath(entry.target ?? ''), path);
  else throw new XlfsError('ASSEMBLY_FAILED', `/${entry.path} is a ${entry.type}: those are put into images, not into folders`);
}

async function attributes(entry: Entry, path: Buffer): Promise<void> {
  try {
    await lchown(path, entry.uid, entry.gid);
  } catch (cause) {
    throw new XlfsError('ASSEMBLY_FAILED', `/${entry.path} cannot be given to ${String(entry.uid)}:${String(entry.gid)}`, {
      hint: 'Owners need root, or a user namespace with subordinate ids.',
      cause,
    });
  }
  if (entry.type !== 'symlink') await chmod(path, entry.mode);
  await lutimes(path, entry.mtime, entry.mtime);
}
