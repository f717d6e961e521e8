import { createHash } from 'node:crypto';
import { closeSync, openSync, writeSync } from 'node:fs';
import { XlfsError } from '@xlfs/core';
import { readAll, readContent } from '../../tree/content.ts';
import { comparePaths, parentOf } from '../../tree/path.ts';
import { directory, type Entry } from '../../tree/entry.ts';
import { editWithDebugfs } from './debugfs.ts';
import { Ext4Editor } from './editor.ts';
import { realPath, type Edited, type Ext4Edits } from './edits.ts';
import { ImageFull, NotEditable } from './groups.ts';
import { BLOCK } from './layout.ts';
import { Ext4Reader } from './read.ts';

export type { Ext4Edits } from './edits.ts';

/** Contents are held in memory while an edit is worked out: larger ones are left to debugfs. */
const MOST_CONTENT = 64 * 2 ** 20;

/** No attribute has this value: it is longer than any can be. */
const NOTHING = Buffer.alloc(2 ** 16 + 1);

/** Blocks of an image that an edit changes, by number. */
export type BlockChanges = ReadonlyMap<number, Buffer>;

/**
 * Edit files in an ext4 image in place, without mounting it, as an ordinary user. Symlinked folders on the way are followed inside of the image;
 * the last name never is. What comes out is looked at before it is written; images that are made in a way that is not known here are left
 * to debugfs and looked at afterwards. To keep the old state on a power cut, edit a copy and rename it.
 * @throws ASSEMBLY_FAILED when the image would not hold what it should: usually, it is full.
 */
export async function editExt4(image: string, edits: Ext4Edits): Promise<void> {
  const changes = await planExt4Edits(image, edits);
  if (changes !== undefined) {
    writeBlocks(image, changes);
    return;
  }
  const edited = await editWithDebugfs(image, edits);
  using reader = new Ext4Reader(image);
  await expectEdited(reader, image, edited);
}

/**
 * The blocks that an edit would change, worked out without writing to the image: for a copy-on-write child of it. Undefined when the file
 * system is made in a way that is not known here.
 * @throws ASSEMBLY_FAILED as {@link editExt4}.
 */
export async function planExt4Edits(image: string, edits: Ext4Edits): Promise<BlockChanges | undefined> {
  refuseUnclean(image);
  try {
    using editor = new Ext4Editor(image);
    if ((edits.put ?? []).reduce((sum, { size }) => sum + size, 0) > MOST_CONTENT) return undefined;
    const edited = await carryOut(editor, image, edits);
    await expectEdited(editor.reader, image, edited);
    return editor.changes();
  } catch (error) {
    if (error instanceof NotEditable) return undefined;
    if (!(error instanceof ImageFull)) throw error;
    throw new XlfsError('ASSEMBLY_FAILED', `${image} is full: ${error.message}`, { hint: 'Make it with more free space.' });
  }
}

export function writeBlocks(image: string, changes: BlockChanges): void {
  const fd = openSync(image, 'r+');
  try {
    for (const [block, bytes] of changes)
      for (let done = 0; done < bytes.length;) done += writeSync(fd, bytes, done, bytes.length - done, block * BLOCK + done);
  } finally {
    closeSync(fd);
  }
}

function refuseUnclean(image: string): void {
  using reader = new Ext4Reader(image);
  if (!reader.info.needsRecovery) return;
  throw new XlfsError('ASSEMBLY_FAILED', `${image} was not unmounted: its journal is not empty`, {
    hint: `Run e2fsck -p ${image} first.`,
  });
}

async function carryOut(editor: Ext4Editor, image: string, edits: Ext4Edits): Promise<Edited> {
  const { reader } = editor;
  const removed: string[] = [];
  for (const path of edits.remove ?? []) {
    const real = realPath(reader, path);
    if (real === undefined || real === '' || reader.stat(real) === undefined) continue;
    editor.remove(real);
    removed.push(real);
  }
  const put: Entry[] = [];
  for (const entry of [...(edits.put ?? [])].sort((a, b) => comparePaths(a.path, b.path))) {
    const real = { ...entry, path: realPath(reader, entry.path) ?? entry.path };
    makeParents(editor, real.path, edits.epoch ?? 1);
    await putEntry(editor, image, real);
    put.push(real);
  }
  if (edits.uuid !== undefined) editor.setUuid(edits.uuid);
  return {
    put,
    removed: removed.filter((path) => put.every((entry) => entry.path !== path && !entry.path.startsWith(`${path}/`))),
  };
}

async function putEntry(editor: Ext4Editor, image: string, entry: Entry): Promise<void> {
  if (entry.type === 'socket')
    throw new XlfsError('ASSEMBLY_FAILED', `/${entry.path} is a socket: those are made by the program that listens on it`);
  const before = editor.reader.stat(entry.path)?.type;
  if (before === 'directory' && entry.type === 'directory') {
    editor.update(entry);
    return;
  }
  if (before === 'directory')
    throw new XlfsError('ASSEMBLY_FAILED', `/${entry.path} is a folder in ${image} and is not replaced by a ${entry.type}`);
  const content = entry.type === 'file' ? await readAll(entry) : Buffer.alloc(0);
  if (before !== undefined) editor.remove(entry.path);
  editor.create(entry, content);
}

function makeParents(editor: Ext4Editor, path: string, epoch: number): void {
  const parent = parentOf(path);
  if (parent === '') return;
  const type = editor.reader.stat(parent)?.type;
  if (type === 'directory') return;
  if (type !== undefined) throw new XlfsError('ASSEMBLY_FAILED', `/${path} cannot lie below /${parent}: that is a ${type}`);
  makeParents(editor, parent, epoch);
  editor.create(directory(parent, { mtime: epoch }), Buffer.alloc(0));
}

async function expectEdited(reader: Ext4Reader, image: string, { put, removed }: Edited): Promise<void> {
  for (const path of removed) if (reader.stat(path) !== undefined) throw failed(image, path, 'is still there');
  for (const entry of put) {
    const found = reader.stat(entry.path);
    if (found === undefined) throw failed(image, entry.path, 'is missing');
    if (found.type !== entry.type || found.mode !== entry.mode || found.uid !== entry.uid || found.gid !== entry.gid) {
      throw failed(image, entry.path, 'has other attributes than it was given');
    }
    if (entry.type === 'file' && (found.size !== entry.size || (await digest(found)) !== (await digest(entry))))
      throw failed(image, entry.path, 'is not whole');
    for (const [name, value] of Object.entries(entry.xattrs ?? {}))
      if (Buffer.compare(found.xattrs?.[name] ?? NOTHING, value) !== 0)
        throw failed(image, entry.path, `has not got the attribute ${name}`);
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
