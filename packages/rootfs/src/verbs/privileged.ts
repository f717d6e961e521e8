import { existsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { XlfsError } from '@xlfs/core';
import { withPatched, type Direction } from '../delta/apply.ts';
import { makePatch, type MadePatch } from '../delta/make.ts';
import { writeUnified } from '../delta/unified.ts';
import { writeImage, type ImageOptions, type ImageResult } from '../image/image.ts';
import { compareTrees, type Difference } from '../snapshot/compare.ts';
import { restoreSnapshot, type Restored } from '../snapshot/restore.ts';
import { takeSnapshot, type SnapshotOptions, type SnapshotResult } from '../snapshot/snapshot.ts';
import { openRootfsStore } from '../store/rootfs-store.ts';
import { materialise, type Materialised, type MaterialiseOptions } from '../tree/materialise.ts';
import { withSource } from './source.ts';

/** Parameters are JSON: these functions also run in a process that is root of its own user namespace. */
export interface SnapshotParams extends SnapshotOptions {
  readonly store?: string;
  readonly folder: string;
}

export async function snapshot({ store, folder, ...options }: SnapshotParams): Promise<SnapshotResult> {
  return await takeSnapshot(openRootfsStore(store), folder, options);
}

export interface RestoreParams extends MaterialiseOptions {
  readonly store?: string;
  readonly name: string;
  readonly folder: string;
}

export async function restore({ store, name, folder, ...options }: RestoreParams): Promise<Restored> {
  return await restoreSnapshot(openRootfsStore(store), name, folder, options);
}

export interface ImageParams extends ImageOptions {
  readonly store?: string;
  /** Snapshot, folder, image or archive: see `withSource`. */
  readonly source: string;
  readonly out: string;
  /** An existing file may be replaced. @default false */
  readonly replace?: boolean;
}

export async function image({ store, source, out, replace = false, ...options }: ImageParams): Promise<ImageResult> {
  refuseExisting(out, replace);
  return await withSource(openRootfsStore(store), source, (entries) => writeImage(entries, out, options));
}

export interface DiffParams {
  readonly store?: string;
  readonly before: string;
  readonly after: string;
}

/** Differences without the entries themselves. */
export type DifferenceSummary = Pick<Difference, 'path' | 'change' | 'aspects'>;

export async function diff({ store, before, after }: DiffParams): Promise<DifferenceSummary[]> {
  const opened = openRootfsStore(store);
  return await withSource(opened, before, (a) =>
    withSource(opened, after, async (b) =>
      (await compareTrees(a, b)).map(({ path, change, aspects }) => ({ path, change, aspects })),
    ),
  );
}

export interface PatchMakeParams extends DiffParams {
  readonly out: string;
  readonly replace?: boolean;
}

export async function patchMake({ store, before, after, out, replace = false }: PatchMakeParams): Promise<MadePatch> {
  refuseExisting(out, replace);
  const opened = openRootfsStore(store);
  return await withSource(opened, before, (a) => withSource(opened, after, (b) => makePatch(a, b, out)));
}

/** The text files that differ, as `diff -u` shows them. */
export async function unifiedDiff({
  store,
  before,
  after,
}: DiffParams): Promise<{ readonly text: string; readonly omitted: readonly string[] }> {
  const opened = openRootfsStore(store);
  return await withSource(opened, before, (a) => withSource(opened, after, (b) => writeUnified(a, b)));
}

export interface PatchApplyParams {
  readonly store?: string;
  readonly patch: string;
  /** What it is applied to; never changed itself. */
  readonly source: string;
  /** A new folder, or with `format` a new image. */
  readonly out: string;
  readonly format?: ImageOptions['format'];
  readonly direction?: Direction;
  /** `out` may be an existing image, the source's own included: the new one takes its place at once. @default false */
  readonly replace?: boolean;
}

export async function patchApply({
  store,
  patch,
  source,
  out,
  format,
  direction = 'apply',
  replace = false,
}: PatchApplyParams): Promise<{ readonly out: string; readonly entries: number }> {
  refuseExisting(out, replace && format !== undefined);
  return await withSource(openRootfsStore(store), source, (entries) =>
    withPatched(entries, patch, direction, async (patched) => {
      if (format === undefined) await materialise(patched, out, { devices: false });
      else await writeImage(patched, out, { format });
      return { out, entries: patched.length };
    }),
  );
}

function refuseExisting(path: string, replace: boolean): void {
  if (!replace && existsSync(path))
    throw new XlfsError('USAGE', `${path} exists already and is not overwritten`, {
      hint: 'Choose another name, or say that it is to be replaced.',
    });
}

/** Remove a folder that has files of other owners in it. */
export async function removeFolder({ folder }: { readonly folder: string }): Promise<null> {
  await rm(folder, { recursive: true, force: true });
  return null;
}

export interface UnpackParams extends MaterialiseOptions {
  readonly store?: string;
  /** Snapshot, folder, image or archive: see `withSource`. */
  readonly source: string;
  /** A new folder. */
  readonly folder: string;
}

export async function unpack({ store, source, folder, ...options }: UnpackParams): Promise<Materialised> {
  return await withSource(openRootfsStore(store), source, (entries) => materialise(entries, folder, options));
}
