import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { basename } from 'node:path';
import { XlfsError } from '@xlfs/core';
import { temporaryBeside } from '../store/atomic.ts';
import { lockStore, type RootfsStore } from '../store/rootfs-store.ts';
import { findFork, forkFolder, listForks, type Fork } from './record.ts';

/**
 * Remove a fork with its disks, by name.
 * @throws USAGE when there is none, when it has children, or when a process or loop device has one of its disks open.
 */
export async function removeFork(store: RootfsStore, name: string): Promise<Fork> {
  const lock = await lockStore(store, 'exclusive');
  try {
    const found = await findFork(store, name);
    if (found === undefined) throw new XlfsError('USAGE', `there is no fork ${name}`);
    const children = (await listForks(store)).filter(({ parent }) => parent.kind === 'fork' && parent.name === name);
    if (children.length > 0) {
      throw new XlfsError('USAGE', `${name} has children: ${children.map((child) => child.name).join(', ')}`, {
        hint: 'Remove those first.',
      });
    }
    const users = usersOf(found.disks.filter(({ mode }) => mode === 'w').map(({ path }) => path));
    if (users.length > 0)
      throw new XlfsError('USAGE', `${name} is in use by ${users.join(', ')}`, { hint: 'Shut the guest down first.' });
    // One rename takes it away; what is left after a kill is swept.
    const gone = temporaryBeside(forkFolder(store, name));
    await rename(forkFolder(store, name), gone);
    await rm(gone, { recursive: true, force: true });
    return found;
  } finally {
    lock.release();
  }
}

/** Processes and loop devices that have one of the files open, as far as we may see. */
export function usersOf(files: readonly string[]): string[] {
  const users = new Set<string>();
  for (const pid of names('/proc').filter((name) => /^[0-9]+$/.test(name) && name !== String(process.pid))) {
    for (const fd of names(`/proc/${pid}/fd`)) {
      if (files.includes(target(`/proc/${pid}/fd/${fd}`))) users.add(`process ${pid} (${text(`/proc/${pid}/comm`)})`);
    }
  }
  for (const device of names('/sys/block').filter((name) => name.startsWith('loop'))) {
    if (files.includes(text(`/sys/block/${device}/loop/backing_file`))) users.add(`/dev/${basename(device)}`);
  }
  return [...users];
}

function names(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    // Another user's process, or one that has ended.
    return [];
  }
}

function target(link: string): string {
  try {
    return readlinkSync(link);
  } catch {
    return '';
  }
}

function text(path: string): string {
  try {
    return readFileSync(path, 'utf8').trim();
  } catch {
    return '';
  }
}
