import { closeSync, existsSync, openSync, readFileSync, readSync } from 'node:fs';
import { basename, resolve } from 'node:path';
import { XlfsError } from '@xlfs/core';
import { isUnifiedDiff, applyUnified } from '../delta/unified.ts';
import { makePatch } from '../delta/make.ts';
import { withPatched } from '../delta/apply.ts';
import { fork } from '../fork/fork.ts';
import type { Fork } from '../fork/record.ts';
import type { Compression } from '../image/compress.ts';
import { writeCpio } from '../image/cpio.ts';
import { writeExt4 } from '../image/ext4/write.ts';
import { writeTar } from '../image/tar.ts';
import { exclude } from '../snapshot/exclude.ts';
import { readAll } from '../tree/content.ts';
import { directory, file, treeOf, type Entry, type Tree } from '../tree/entry.ts';
import { applyTree } from '../tree/layers.ts';
import { materialise } from '../tree/materialise.ts';
import { treePath } from '../tree/path.ts';
import { walkTree } from '../tree/walk.ts';
import type { PersonalityInput } from '../personality/schema.ts';
import type { RootfsStore } from '../store/rootfs-store.ts';
import type { Transaction } from './commit.ts';
import type { Expression } from './expressions.ts';
import { localPath, upload } from './fetch.ts';
import type { Working, Workspace } from './workspace.ts';

export interface Context {
  readonly store: RootfsStore;
  readonly work: Workspace;
  readonly outputs: Transaction;
  readonly relativeTo: string;
  readonly replace: boolean;
  readonly epoch: number;
  readonly log: (line: string) => void;
  /** Done when everything else has worked: what cannot be renamed into place. */
  readonly atEnd: (() => Promise<void>)[];
}

/** Do what one expression says. Returns the lines of xl configuration that stand in its place. */
export async function execute(expression: Expression, context: Context): Promise<string> {
  context.log(describe(expression));
  switch (expression.kind) {
    case 'create': {
      const tree = exclude(await walkTree(resolve(context.relativeTo, expression.folder)), expression.exclude);
      await writeArchive(tree, expression.uri, context);
      return '';
    }
    case 'image': {
      refuseExisting(resolve(context.relativeTo, expression.path), context);
      context.work.newImage(expression.path, expression.size, expression.label);
      return '';
    }
    case 'populate': {
      const { tree } = await context.work.archive(expression.archive);
      if (expression.what === 'image') applyTree((await context.work.image(expression.path)).tree, tree);
      else await populateDirectory(expression.path, tree, context);
      return '';
    }
    case 'replace':
    case 'copy':
    case 'hook':
      await edit(expression, context);
      return '';
    case 'patch': {
      const working = await context.work.target(expression.target);
      const before = new Map(working.tree);
      working.tree = await patched(working.tree, await context.work.file(expression.patchFile));
      context.log(`  ${String(changed(before, working.tree))} entries changed`);
      if (expression.fork !== undefined) await writeArchive(working.tree, expression.fork, context);
      return '';
    }
    case 'fork':
      return await forkDisks(expression, context);
  }
}

/** One line that says what an expression does; the plan of a dry run is made of these. */
export function describe(expression: Expression): string {
  const on = (target: { readonly archive: { readonly uri: string } } | { readonly image: string }) =>
    'image' in target ? target.image : target.archive.uri;
  switch (expression.kind) {
    case 'create':
      return `create ${expression.uri} from ${expression.folder}`;
    case 'image':
      return `make the image ${expression.path}: ${String(expression.size)} bytes, label ${expression.label}`;
    case 'populate':
      return `populate ${expression.path} with ${expression.archive.uri}`;
    case 'replace':
      return `replace ${expression.path} in ${on(expression.target)}${also(expression)}`;
    case 'copy':
      return `copy ${expression.from.uri} to ${expression.path} in ${on(expression.target)}${also(expression)}`;
    case 'hook':
      return `add the init hook ${expression.path} to ${on(expression.target)}${also(expression)}`;
    case 'patch':
      return `patch ${on(expression.target)} with ${expression.patchFile.uri}${expression.fork === undefined ? '' : `, fork to ${expression.fork}`}`;
    case 'fork':
      return `fork ${expression.base} as ${expression.name}`;
  }
}

function also({ patch, fork: to }: { readonly patch?: string; readonly fork?: string }): string {
  return `${patch === undefined ? '' : `, patch to ${patch}`}${to === undefined ? '' : `, fork to ${to}`}`;
}

async function edit(expression: Extract<Expression, { kind: 'replace' | 'copy' | 'hook' }>, context: Context): Promise<void> {
  const working = await context.work.target(expression.target);
  const before = new Map(working.tree);
  const entry = await editedFile(expression, working, context);
  applyTree(working.tree, treeOf([...missingParents(entry.path, working.tree), entry]));
  if (expression.patch !== undefined) {
    const temporary = await output(expression.patch, context);
    await makePatch(before.values(), working.tree.values(), temporary);
    context.work.provideFile(expression.patch, temporary);
  }
  if (expression.fork !== undefined) await writeArchive(working.tree, expression.fork, context);
}

async function editedFile(
  expression: Extract<Expression, { kind: 'replace' | 'copy' | 'hook' }>,
  working: Working,
  context: Context,
): Promise<Entry> {
  const path = expression.kind === 'hook' ? hookPath(expression.path) : pathIn(working, expression.path, expression.mounted);
  const old = working.tree.get(path);
  if (old !== undefined && old.type !== 'file')
    throw new XlfsError('USAGE', `/${path} in ${working.name} is a ${old.type}, not a file`);
  const bytes =
    expression.kind === 'copy' ? readFileSync(await context.work.file(expression.from)) : Buffer.from(expression.text);
  const attributes = {
    mode: expression.mode ?? old?.mode ?? (expression.kind === 'hook' ? 0o755 : 0o644),
    uid: expression.owner?.uid ?? old?.uid ?? 0,
    gid: expression.owner?.gid ?? old?.gid ?? 0,
    mtime: context.epoch,
    ...(old?.xattrs === undefined ? {} : { xattrs: old.xattrs }),
  };
  return file(path, bytes, attributes);
}

/** Guests run what is here in the order of the names, from the initramfs, before their own init. */
function hookPath(name: string): string {
  if (!/^[0-9A-Za-z][0-9A-Za-z._-]*$/.test(name))
    throw new XlfsError('USAGE', `${JSON.stringify(name)} cannot be the name of a hook`);
  return `etc/xlfs/hooks.d/${/^[0-9]/.test(name) ? name : `50-${name}`}`;
}

/**
 * Where a path of the guest lies in an archive that is mounted somewhere: an archive `etc.cpio.gz` without a folder `etc` in it is what the
 * guest has at /etc (the paper's figure 1).
 */
function pathIn({ tree, name }: Working, path: string, mounted: string | undefined): string {
  const wanted = treePath(path);
  const folder = mounted === undefined ? basename(name).replace(/\..*$/, '') : treePath(mounted);
  const inside = wanted.startsWith(`${folder}/`) && (mounted !== undefined || tree.get(folder)?.type !== 'directory');
  return inside ? wanted.slice(folder.length + 1) : wanted;
}

function missingParents(path: string, tree: Tree): Entry[] {
  const parts = path.split('/').slice(0, -1);
  return parts
    .map((_, index) => parts.slice(0, index + 1).join('/'))
    .filter((folder) => !tree.has(folder))
    .map((folder) => directory(folder));
}

async function patched(tree: Tree, patch: string): Promise<Tree> {
  const start = Buffer.alloc(1 << 16);
  const fd = openSync(patch, 'r');
  const length = readSync(fd, start, 0, start.length, 0);
  closeSync(fd);
  if (isUnifiedDiff(start.subarray(0, length))) return treeOf(await applyUnified(tree.values(), readFileSync(patch, 'utf8')));
  // The contents of a patch are gone with its archive: take those that are new along.
  return await withPatched(tree.values(), patch, 'apply', async (entries) => {
    const kept = await Promise.all(
      entries.map(async (entry) =>
        entry.type === 'file' && tree.get(entry.path)?.content !== entry.content
          ? { ...entry, content: { bytes: await readAll(entry) } }
          : entry,
      ),
    );
    return treeOf(kept);
  });
}

function changed(before: ReadonlyMap<string, Entry>, after: Tree): number {
  const removed = [...before.keys()].filter((path) => !after.has(path)).length;
  return removed + [...after].filter(([path, entry]) => before.get(path)?.content !== entry.content || !before.has(path)).length;
}

async function populateDirectory(path: string, tree: Tree, context: Context): Promise<void> {
  const target = resolve(context.relativeTo, path);
  if (existsSync(target))
    throw new XlfsError('USAGE', `${target} exists already and is not filled again`, {
      hint: 'Name a folder that does not exist yet.',
    });
  const { skipped } = await materialise(tree.values(), await context.outputs.output(target));
  for (const left of skipped) context.log(`  left out /${left}: devices are made by devtmpfs`);
}

async function writeArchive(tree: Tree, uri: string, context: Context): Promise<void> {
  const temporary = await output(uri, context);
  const compression = compressionOf(uri);
  const tar = /\.tar(\.|$)|\.t[gx]z$/.test(uri);
  const written = tar ? tree : asInCpio(tree);
  await (tar ? writeTar : writeCpio)(written.values(), temporary, { compression });
  context.work.provide(uri, temporary, written);
}

/** What a cpio archive has room for: whoever fetches it later finds no more. */
function asInCpio(tree: Tree): Tree {
  return treeOf([...tree.values()].map(({ xattrs: _, ...entry }) => ({ ...entry, nanoseconds: 0 })));
}

/** Where to write what a URI stands for. A remote one is sent off at the very end. */
async function output(uri: string, context: Context): Promise<string> {
  const local = localPath(uri, context.relativeTo);
  if (local !== undefined) {
    refuseExisting(local, context);
    return await context.outputs.output(local);
  }
  const temporary = await context.work.scratch();
  context.atEnd.push(() => upload(temporary, uri));
  return temporary;
}

function refuseExisting(path: string, { replace }: Context): void {
  if (!replace && existsSync(path))
    throw new XlfsError('USAGE', `${path} exists already and is not overwritten`, {
      hint: 'Remove it, or say that outputs are to be replaced.',
    });
}

function compressionOf(uri: string): Compression {
  if (/\.(gz|tgz)$/.test(uri)) return 'gzip';
  if (/\.(xz|txz)$/.test(uri)) return 'xz';
  if (/\.zst$/.test(uri)) return 'zstd';
  return /\.lz4$/.test(uri) ? 'lz4' : 'none';
}

/** Write every image that is new or was changed. */
export async function writeImages(context: Context): Promise<void> {
  for (const image of context.work.images) {
    context.log(`write ${image.path}`);
    const { size, label, uuid } = image;
    await writeExt4(image.tree.values(), await context.outputs.output(image.path), {
      size,
      label,
      ...(uuid === undefined ? {} : { uuid }),
    });
  }
}

async function forkDisks(expression: Extract<Expression, { kind: 'fork' }>, context: Context): Promise<string> {
  const option = (name: string) => expression.options[name]?.text;
  const address = option('address');
  const gateway = option('gateway');
  const nameserver = option('nameserver');
  const key = option('key');
  const personality: PersonalityInput = {
    hostname: option('hostname') ?? expression.name,
    ...(address === undefined
      ? {}
      : { interfaces: [{ name: option('interface') ?? 'eth0', address, ...(gateway === undefined ? {} : { gateway }) }] }),
    ...(nameserver === undefined ? {} : { resolver: { nameservers: [nameserver] } }),
    ...(key === undefined ? {} : { users: [{ name: 'root', sshKeys: [key] }] }),
  };
  await context.outputs.willFork(expression.name);
  const made = await fork(context.store, expression.base, {
    name: expression.name,
    strategy: expression.strategy,
    personality,
    ...(expression.size === undefined ? {} : { overlaySize: expression.size }),
  });
  context.log(`  ${made.strategy}, ${String(made.newBytes)} bytes, ${made.milliseconds.toFixed(0)} ms`);
  return xlDisks(made);
}

/** A fork's disks in the syntax of xl-disk-configuration(5): target last, it takes the rest of the string. */
export function xlDisks({ disks, cmdline }: Pick<Fork, 'disks' | 'cmdline'>): string {
  const lines = disks.map(
    ({ path, format, vdev, mode }) =>
      `disk += [ "format=${format}, vdev=${vdev}, access=${mode === 'w' ? 'rw' : 'ro'}, target=${path}" ]`,
  );
  return [...lines, ...(cmdline.length === 0 ? [] : [`extra += " ${cmdline.join(' ')}"`]), ''].join('\n');
}
