import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { XlfsError } from '@xlfs/core';
import { readContent } from '../../tree/content.ts';
import { comparePaths, encodePath, nameOf, parentOf } from '../../tree/path.ts';
import { collect, requireSuccess } from '../../tree/process.ts';
import type { Entry } from '../../tree/entry.ts';
import { formatUuid } from '../uuid.ts';
import { Ext4Reader } from './read.ts';

export interface Ext4Edits {
  /** Entries to put in place; folders that are missing are made. An existing folder gets the new attributes and keeps its contents. */
  readonly put?: readonly Entry[];
  /** Paths to take away, with what is below them; one that is not there is no error. */
  readonly remove?: readonly string[];
  /** A uuid of its own for the file system. */
  readonly uuid?: string;
  /** Seconds for every time that the edit itself sets; 0 cannot be said to debugfs. @default 1 */
  readonly epoch?: number;
  /** Keep a record of the blocks that change, as a new file (e2undo(8)). */
  readonly undo?: string;
}

const FORMAT: Readonly<Record<Entry['type'], number>> = {
  fifo: 0o010000,
  char: 0o020000,
  directory: 0o040000,
  block: 0o060000,
  file: 0o100000,
  symlink: 0o120000,
  socket: 0o140000,
};

/**
 * Edit files in an ext4 image in place, without mounting it, as an ordinary user (debugfs does the writing). Symlinked folders on the way
 * are followed inside of the image; the last name never is. What was written is read back. To keep the old state on a power cut, edit a
 * copy and rename it.
 * @throws ASSEMBLY_FAILED when the image does not hold afterwards what it should: usually, it is full.
 */
export async function editExt4(image: string, edits: Ext4Edits): Promise<void> {
  const scratch = await mkdtemp(join(tmpdir(), 'xlfs-ext4-'));
  try {
    const plan = await planEdits(image, edits, scratch);
    if (plan.commands.length === 0) return;
    const script = join(scratch, 'script');
    await writeFile(script, Buffer.concat(plan.commands.flatMap((command) => [encodePath(command), Buffer.from('\n')])));
    const child = spawn('debugfs', ['-w', ...(edits.undo === undefined ? [] : ['-z', edits.undo]), '-f', script, image], {
      env: { PATH: `${process.env['PATH'] ?? ''}:/usr/sbin:/sbin`, E2FSPROGS_FAKE_TIME: String(edits.epoch || 1), LC_ALL: 'C' },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    requireSuccess(await collect(child, 'debugfs'));
    await verify(image, plan.put, plan.removed);
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

interface Plan {
  readonly commands: string[];
  /** With the paths as they are in the image. */
  readonly put: readonly Entry[];
  readonly removed: readonly string[];
}

async function planEdits(image: string, edits: Ext4Edits, scratch: string): Promise<Plan> {
  using reader = new Ext4Reader(image);
  if (reader.info.needsRecovery) {
    throw new XlfsError('ASSEMBLY_FAILED', `${image} was not unmounted: its journal is not empty`, {
      hint: `Run e2fsck -p ${image} first.`,
    });
  }
  const commands: string[] = [];
  const present = new Map<string, Entry['type']>();
  const removed: string[] = [];
  for (const path of edits.remove ?? []) {
    const real = realPath(reader, path);
    if (real === undefined || reader.stat(real) === undefined) continue;
    removeCommands(reader, real, commands);
    removed.push(real);
  }
  const gone = (path: string) => removed.some((top) => path === top || path.startsWith(`${top}/`));
  const typeAt = (path: string) => present.get(path) ?? (gone(path) ? undefined : reader.stat(path)?.type);
  const put: Entry[] = [];
  for (const entry of [...(edits.put ?? [])].sort((a, b) => comparePaths(a.path, b.path))) {
    const path = realPath(reader, entry.path) ?? entry.path;
    makeParents(path, typeAt, present, commands);
    const before = typeAt(path);
    if (before === 'directory' && entry.type !== 'directory') {
      throw new XlfsError('ASSEMBLY_FAILED', `/${path} is a folder in ${image} and is not replaced by a ${entry.type}`);
    }
    if (before !== undefined && before !== 'directory') commands.push(...inFolder(path, 'rm'));
    commands.push(...(await putCommands({ ...entry, path }, before === 'directory', join(scratch, String(put.length)))));
    present.set(path, entry.type);
    put.push({ ...entry, path });
  }
  if (edits.uuid !== undefined) commands.push(...uuidCommands(reader, image, edits.uuid));
  return { commands, put, removed: removed.filter((path) => !present.has(path)) };
}

/** debugfs takes a path apart as the kernel would; what is handed to it has no symlinked folders left. */
function realPath(reader: Ext4Reader, path: string): string | undefined {
  const parent = parentOf(path);
  if (parent === '') return path;
  const folder = reader.resolve(parent, { followLast: true });
  return folder === undefined ? undefined : folder === '' ? nameOf(path) : `${folder}/${nameOf(path)}`;
}

function makeParents(
  path: string,
  typeAt: (path: string) => Entry['type'] | undefined,
  present: Map<string, Entry['type']>,
  commands: string[],
): void {
  const parent = parentOf(path);
  if (parent === '') return;
  const type = typeAt(parent);
  if (type === 'directory') return;
  if (type !== undefined) throw new XlfsError('ASSEMBLY_FAILED', `/${path} cannot lie below /${parent}: that is a ${type}`);
  makeParents(parent, typeAt, present, commands);
  commands.push(...inFolder(parent, 'mkdir'), `sif ${quote(`/${parent}`)} mode 040755`);
  present.set(parent, 'directory');
}

function removeCommands(reader: Ext4Reader, path: string, commands: string[]): void {
  if (reader.stat(path)?.type !== 'directory') {
    commands.push(...inFolder(path, 'rm'));
    return;
  }
  for (const { name } of reader.list(path)) removeCommands(reader, path === '' ? name : `${path}/${name}`, commands);
  commands.push(...inFolder(path, 'rmdir'));
}

async function putCommands(entry: Entry, existing: boolean, scratch: string): Promise<string[]> {
  const path = quote(`/${entry.path}`);
  const commands: string[] = [];
  if (!existing) {
    commands.push(`cd ${quote(`/${parentOf(entry.path)}`)}`);
    commands.push(await makeCommand(entry, quote(nameOf(entry.path)), scratch));
  }
  commands.push(
    `sif ${path} mode 0${(FORMAT[entry.type] | entry.mode).toString(8)}`,
    `sif ${path} uid ${String(entry.uid)}`,
    `sif ${path} gid ${String(entry.gid)}`,
    `sif ${path} mtime @${String(entry.mtime)}`,
  );
  for (const [name, value] of Object.entries(entry.xattrs ?? {})) {
    const from = `${scratch}.${Buffer.from(name).toString('hex')}`;
    await writeFile(from, value);
    commands.push(`ea_set -f ${quote(from)} ${path} ${quote(name)}`);
  }
  return commands;
}

async function makeCommand(entry: Entry, name: string, scratch: string): Promise<string> {
  switch (entry.type) {
    case 'directory':
      return `mkdir ${name}`;
    case 'file':
      await writeFile(scratch, readContent(entry));
      return `write ${quote(scratch)} ${name}`;
    case 'symlink':
      return `symlink ${name} ${quote(entry.target ?? '')}`;
    case 'char':
    case 'block':
      return `mknod ${name} ${entry.type === 'char' ? 'c' : 'b'} ${String(entry.device?.major ?? 0)} ${String(entry.device?.minor ?? 0)}`;
    case 'fifo':
      return `mknod ${name} p`;
    case 'socket':
      throw new XlfsError('ASSEMBLY_FAILED', `/${entry.path} is a socket: those are made by the program that listens on it`);
  }
}

/** debugfs looks for the folder of `/name` in its current folder: go there first and say the bare name. */
function inFolder(path: string, verb: 'rm' | 'rmdir' | 'mkdir'): string[] {
  return [`cd ${quote(`/${parentOf(path)}`)}`, `${verb} ${quote(nameOf(path))}`];
}

/** With metadata_csum_seed the uuid is no part of any checksum but the superblock's. */
function uuidCommands(reader: Ext4Reader, image: string, uuid: string): string[] {
  if (!reader.info.features.checksumSeed) {
    throw new XlfsError('ASSEMBLY_FAILED', `${image} cannot get another uuid quickly: its checksums contain the present one`, {
      hint: `Run tune2fs -U ${uuid} ${image}, or make the image with xlfs.`,
    });
  }
  return [`ssv uuid ${formatUuid(Buffer.from(uuid.replaceAll('-', ''), 'hex'))}`];
}

/** debugfs exits with 0 whatever happened: believe the image. */
async function verify(image: string, put: readonly Entry[], removed: readonly string[]): Promise<void> {
  using reader = new Ext4Reader(image);
  for (const path of removed) if (reader.stat(path) !== undefined) throw failed(image, path, 'is still there');
  for (const entry of put) {
    const found = reader.stat(entry.path);
    if (found === undefined) throw failed(image, entry.path, 'is missing');
    if (found.type !== entry.type || found.mode !== entry.mode || found.uid !== entry.uid || found.gid !== entry.gid) {
      throw failed(image, entry.path, 'has other attributes than it was given');
    }
    if (entry.type === 'file' && (found.size !== entry.size || (await digest(found)) !== (await digest(entry))))
      throw failed(image, entry.path, 'is not whole');
    if (entry.type === 'symlink' && found.target !== entry.target) throw failed(image, entry.path, 'points elsewhere');
  }
}

async function digest(entry: Entry): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of readContent(entry)) hash.update(chunk);
  return hash.digest('hex');
}

function failed(image: string, path: string, what: string): XlfsError {
  return new XlfsError('ASSEMBLY_FAILED', `after the edit /${path} in ${image} ${what}`, {
    hint: 'The image may be full: make it with more free space.',
  });
}

/** A word for libss: quoted, quotes doubled. A line is a command, so there is no way to say a name with a newline in it. */
function quote(word: string): string {
  if (/[\n\r\0]/.test(word))
    throw new XlfsError('USAGE', `${JSON.stringify(word)} has a line break in it and cannot be edited in an image`);
  return `"${word.replaceAll('"', '""')}"`;
}
