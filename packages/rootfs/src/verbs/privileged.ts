import { existsSync, statSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { XlfsError } from '@xlfs/core';
import { withPatched, type Direction } from '../delta/apply.ts';
import { makePatch, type MadePatch } from '../delta/make.ts';
import { writeUnified } from '../delta/unified.ts';
import { overlayInit } from '../fork/overlay.ts';
import { writeImage, type ImageOptions, type ImageResult } from '../image/image.ts';
import { readTrustedKeys, requireSignature, trustedKeysPath } from '../signature/trust.ts';
import { compareTrees, type Difference, type Digested } from '../snapshot/compare.ts';
import { restoreSnapshot, type Restored } from '../snapshot/restore.ts';
import { exclude, MOUNT_POINTS } from '../snapshot/exclude.ts';
import { snapshotTree, takeSnapshot, type SnapshotOptions, type SnapshotResult } from '../snapshot/snapshot.ts';
import { interruptible, type Interruptible } from '../store/interrupt.ts';
import { openRootfsStore } from '../store/rootfs-store.ts';
import { treeOf } from '../tree/entry.ts';
import { applyTree } from '../tree/layers.ts';
import { materialise, type Materialised, type MaterialiseOptions } from '../tree/materialise.ts';
import { withLayers, withSource } from './source.ts';

/** Parameters are JSON: these functions also run in a process that is root of its own user namespace. */
export interface SnapshotParams extends Omit<SnapshotOptions, 'signal'> {
  readonly store?: string;
  /** Paths: a folder, an ext4 image or an archive, or several of these as layers over one another. */
  readonly sources: readonly string[];
}

export async function snapshot(
  { store, sources, ...options }: SnapshotParams,
  context: Interruptible = {},
): Promise<SnapshotResult> {
  const into = openRootfsStore(store);
  const [folder = ''] = sources;
  if (sources.length === 1 && !isFile(folder)) return await takeSnapshot(into, folder, { ...options, ...signalOf(context) });
  const patterns = [
    ...(options.exclude ?? []),
    ...(options.mountPoints === false ? [] : MOUNT_POINTS.map((path) => `/${path}/**`)),
  ];
  return await interruptible(context.signal, () =>
    withLayers(into, sources, (tree) =>
      snapshotTree(into, exclude(tree, patterns).values(), {
        name: options.name,
        source: sources.join(' '),
        ...(options.replace === undefined ? {} : { replace: options.replace }),
      }),
    ),
  );
}

function isFile(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isFile() === true;
}

export interface RestoreParams extends MaterialiseOptions {
  readonly store?: string;
  readonly name: string;
  readonly folder: string;
}

export async function restore(
  { store, name, folder, ...options }: RestoreParams,
  context: Interruptible = {},
): Promise<Restored> {
  return await restoreSnapshot(openRootfsStore(store), name, folder, { ...options, ...signalOf(context) });
}

export interface ImageParams extends Omit<ImageOptions, 'signal'> {
  readonly store?: string;
  /** Snapshot, folder, image or archive: see `withSource`. */
  readonly source: string;
  readonly out: string;
  /** An existing file may be replaced. @default false */
  readonly replace?: boolean;
  /** A cpio archive becomes the initramfs of overlay guests: see `overlayInit`. @default false */
  readonly overlayInit?: boolean;
}

export async function image(
  { store, source, out, replace = false, overlayInit: joins = false, ...options }: ImageParams,
  { signal }: Interruptible = {},
): Promise<ImageResult> {
  refuseExisting(out, replace);
  if (joins && options.format !== 'cpio')
    throw new XlfsError('USAGE', `a ${options.format} image is no initramfs`, { hint: 'Write it with the format cpio.' });
  return await interruptible(signal, () =>
    withSource(openRootfsStore(store), source, (entries) =>
      writeImage(joins ? applyTree(treeOf(entries), treeOf(overlayInit())).values() : entries, out, options),
    ),
  );
}

export interface DiffParams {
  readonly store?: string;
  readonly before: string;
  readonly after: string;
}

/** Differences without the entries themselves. */
export type DifferenceSummary = Pick<Difference, 'path' | 'change' | 'aspects'>;

export async function diff(params: DiffParams, { signal }: Interruptible = {}): Promise<DifferenceSummary[]> {
  return await interruptible(signal, () =>
    withBoth(params, async (a, b) => (await compareTrees(a, b)).map(({ path, change, aspects }) => ({ path, change, aspects }))),
  );
}

export interface PatchMakeParams extends DiffParams {
  readonly out: string;
  readonly replace?: boolean;
}

export async function patchMake(params: PatchMakeParams, { signal }: Interruptible = {}): Promise<MadePatch> {
  refuseExisting(params.out, params.replace ?? false);
  return await interruptible(signal, () => withBoth(params, (a, b) => makePatch(a, b, params.out)));
}

/** The text files that differ, as `diff -u` shows them. */
export async function unifiedDiff(
  params: DiffParams,
  { signal }: Interruptible = {},
): Promise<{ readonly text: string; readonly omitted: readonly string[] }> {
  return await interruptible(signal, () => withBoth(params, (a, b) => writeUnified(a, b)));
}

async function withBoth<T>({ store, before, after }: DiffParams, use: (a: Digested[], b: Digested[]) => Promise<T>): Promise<T> {
  const opened = openRootfsStore(store);
  return await withSource(opened, before, (a) => withSource(opened, after, (b) => use(a, b)));
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
  /** Take a patch that no trusted key has signed, or that is not what was signed. We recommend against it. @default false */
  readonly allowUnsigned?: boolean;
  /** File with the keys that are trusted. @default the store's */
  readonly trustedKeys?: string;
}

export interface PatchApplied {
  readonly out: string;
  readonly entries: number;
  /** Key that has signed the patch; null when nobody asked. */
  readonly signedBy: string | null;
}

/**
 * Write the tree that a patch makes of another, or was made from.
 * @throws SOURCE_DIGEST for a patch without a good signature by a trusted key; USAGE when the source is not what the patch is for.
 */
export async function patchApply(params: PatchApplyParams, { signal }: Interruptible = {}): Promise<PatchApplied> {
  const { patch, source, out, format, direction = 'apply', replace = false, allowUnsigned = false } = params;
  refuseExisting(out, replace && format !== undefined);
  const store = openRootfsStore(params.store);
  return await interruptible(signal, async () => {
    const trusted = allowUnsigned ? undefined : await readTrustedKeys(params.trustedKeys ?? trustedKeysPath(store));
    const signedBy = trusted === undefined ? null : (await requireSignature(patch, trusted)).keyId;
    return await withSource(store, source, (entries) =>
      withPatched(entries, patch, direction, async (patched) => {
        if (format === undefined) await materialise(patched, out, { devices: false });
        else await writeImage(patched, out, { format });
        return { out, entries: patched.length, signedBy };
      }),
    );
  });
}

function signalOf({ signal }: Interruptible): Interruptible {
  return signal === undefined ? {} : { signal };
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

export async function unpack(
  { store, source, folder, ...options }: UnpackParams,
  { signal }: Interruptible = {},
): Promise<Materialised> {
  return await interruptible(signal, () =>
    withSource(openRootfsStore(store), source, (entries) => materialise(entries, folder, options)),
  );
}
