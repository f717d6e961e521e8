import { spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { XlfsError } from '@xlfs/core';
import { readContent } from '../../tree/content.ts';
import { comparePaths, encodePath, nameOf, parentOf } from '../../tree/path.ts';
import { collect, requireSuccess } from '../../tree/process.ts';
import type { Entry } from '../../tree/entry.ts';
import { formatUuid } from '../uuid.ts';
import { realPath, type Edited, type Ext4Edits } from './edits.ts';
import { FORMAT } from '../../tree/file-type.ts';
import { Ext4Reader } from './read.ts';

/**
 * Edit an image of any kind with debugfs(8), which knows all of ext2, ext3 and ext4, and takes its time.
 * @returns what should be there afterwards: debugfs exits with 0 whatever happened.
 */
export async function editWithDebugfs(image: string, edits: Ext4Edits): Promise<Edited> {
  const scratch = await mkdtemp(join(tmpdir(), 'xlfs-ext4-'));
  try {
    const plan = await planEdits(image, edits, scratch);
    if (plan.commands.length === 0) return plan;
    const script = join(scratch, 'script');
    await writeFile(script, Buffer.concat(plan.commands.flatMap((command) => [encodePath(command), Buffer.from('\n')])));
    const child = spawn('debugfs', ['-w', '-f', script, image], {
      env: { PATH: `${process.env['PATH'] ?? ''}:/usr/sbin:/sbin`, E2FSPROGS_FAKE_TIME: String(edits.epoch || 1), LC_ALL: 'C' },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    requireSuccess(await collect(child, 'debugfs'));
    return plan;
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

interface Plan extends Edited {
  readonly commands: string[];
}

async function planEdits(image: string, edits: Ext4Edits, scratch: string): Promise<Plan> {
  using reader = new Ext4Reader(image);
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

/** A word for libss: quoted, quotes doubled. A line is a command, so there is no way to say a name with a newline in it. */
function quote(word: string): string {
  if (/[\n\r\0]/.test(word))
    throw new XlfsError('USAGE', `${JSON.stringify(word)} has a line break in it and cannot be edited in an image`);
  return `"${word.replaceAll('"', '""')}"`;
}
