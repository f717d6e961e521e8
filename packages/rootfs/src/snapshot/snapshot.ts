import { createHash } from 'node:crypto';
import { existsSync, realpathSync } from 'node:fs';
import { join, relative } from 'node:path';
import { XlfsError } from '@xlfs/core';
import { z } from 'zod';
import { interruptible, type Interruptible } from '../store/interrupt.ts';
import { checkName, listRecords, lockStore, readJson, writeJson, type RootfsStore } from '../store/rootfs-store.ts';
import { halfOf, withApart } from '../tree/apart.ts';
import { inOrder, orderedEntries, type Entry, type Tree } from '../tree/entry.ts';
import { parseListing, type Stamped } from '../tree/listing.ts';
import { listTree, treeRoot } from '../tree/walk.ts';
import { readXattrs, type XattrMap } from '../tree/xattr.ts';
import { exclude, MOUNT_POINTS } from './exclude.ts';
import { knownContents } from './known-contents.ts';
import { readListing, readListingHead, writeListing } from './listing-cache.ts';
import { manifestOf, manifestPath, readManifest, type Manifest, type ManifestEntry, type Place } from './manifest.ts';
import { readContents } from './read-contents.ts';

export interface SnapshotOptions extends Interruptible {
  /** Name to keep it under. A name that stands for another tree already is not given away, unless `replace` is true. */
  readonly name: string;
  readonly replace?: boolean;
  /** Patterns beside the hint's own: see {@link exclude}. */
  readonly exclude?: readonly string[];
  /** Leave out the contents of /boot /dev /media /mnt /proc /run /sys /tmp, as the hint does. @default true */
  readonly mountPoints?: boolean;
  /** Leave out what other file systems are mounted on. @default true */
  readonly oneFileSystem?: boolean;
  /** Read everything and keep it anew, whatever is known: mends a snapshot whose contents were damaged. @default false */
  readonly reread?: boolean;
}

export const snapshotSchema = z.strictObject({
  name: z.string(),
  /** Digest of the tree: equal for equal trees. */
  digest: z.string().regex(/^[0-9a-f]{64}$/),
  /** ISO 8601. */
  created: z.string(),
  source: z.string(),
  entries: z.int(),
  /** Bytes of all files. */
  bytes: z.int(),
});
export type Snapshot = z.output<typeof snapshotSchema>;

export interface SnapshotResult extends Snapshot {
  /** The tree was as at its last snapshot: nothing was read. */
  readonly unchanged: boolean;
  /** Bytes that this snapshot adds to the store. */
  readonly newBytes: number;
  /** Files that were read; the others were as at the last snapshot of this folder. */
  readonly read: number;
  readonly milliseconds: number;
}

/**
 * Freeze a tree under a name. Contents are kept by digest and never twice; files whose size, times and inode are as at the last snapshot of
 * the same folder are not read again. A crash leaves the old snapshots and, at most, files that `gc` removes.
 */
export async function takeSnapshot(store: RootfsStore, folder: string, options: SnapshotOptions): Promise<SnapshotResult> {
  return await interruptible(options.signal, () => freeze(store, folder, options));
}

async function freeze(store: RootfsStore, folder: string, options: SnapshotOptions): Promise<SnapshotResult> {
  const started = performance.now();
  const name = checkName(options.name, 'snapshot');
  const root = treeRoot(folder);
  const lock = await lockStore(store, 'shared');
  try {
    const source = sourceOf(store, root, options);
    const listedAt = Date.now() / 1000;
    const head = options.reread === true ? undefined : await readListingHead(store, source.key);
    const walk = { oneFileSystem: options.oneFileSystem ?? true, prune: source.prune };
    // A tree that is met for the first time is read whole: its attributes are fetched while it is listed.
    const xattrs = head === undefined ? readXattrs(root) : undefined;
    xattrs?.catch(() => undefined);
    const listing = await listTree(root, { ...walk, apart: head?.apart ?? [] });
    const digest = listingDigest(source.key, listing);
    if (head?.settled === true && head.digest === digest) {
      const same = await knownSnapshot(store, head.manifest);
      if (same !== undefined) {
        const snapshot = await publish(store, { ...same, name, source: root }, options.replace);
        return { ...snapshot, unchanged: true, newBytes: 0, read: 0, milliseconds: performance.now() - started };
      }
    }
    const tree: Tree = new Map();
    for (const entry of parseListing(listing, root)) if (entry.type !== 'socket') tree.set(entry.path, entry);
    const current = inOrder(exclude(tree, source.patterns).values()) as Stamped[];
    const before = head === undefined ? NOTHING : await previous(store, source.key);
    const known = options.reread === true ? new Map<string, Place>() : await knownContents(store);
    const result = await storeTree(store, { root, before, known, current, xattrs });
    const written = result.manifest.write(result.kept);
    const apart = head?.apart ?? halfOf(current);
    const listed = {
      digest: head?.apart === undefined ? listingDigest(source.key, withApart(listing, apart)) : digest,
      manifest: result.manifest.digest,
      listedAt,
      apart,
    };
    const [newBytes] = await Promise.all([result.kept, written, writeListing(store, source.key, listed, listing, current)]);
    const snapshot = await publish(store, summary(name, root, result.manifest.digest, result.entries), options.replace);
    return {
      ...snapshot,
      unchanged: false,
      newBytes,
      read: result.read,
      milliseconds: performance.now() - started,
    };
  } finally {
    lock.release();
  }
}

/**
 * Freeze a tree that lies in no single folder: layers over one another, or an archive. Nothing is left out but sockets.
 * @param source what the tree is, for people
 */
export async function snapshotTree(
  store: RootfsStore,
  entries: Iterable<Entry>,
  { name, source, replace = false }: { readonly name: string; readonly source: string; readonly replace?: boolean },
): Promise<SnapshotResult> {
  const started = performance.now();
  checkName(name, 'snapshot');
  const lock = await lockStore(store, 'shared');
  try {
    const ordered = orderedEntries(entries).filter(({ type }) => type !== 'socket');
    const files = ordered.filter(({ type }) => type === 'file');
    const { stored, kept } = await readContents(store, files, await knownContents(store));
    const remembered = ordered.map(({ content: _, ...entry }): ManifestEntry => ({ ...entry, ...stored.get(entry.path) }));
    const manifest = manifestOf(store, remembered);
    const [newBytes] = await Promise.all([kept, manifest.write(kept)]);
    const snapshot = await publish(store, summary(name, source, manifest.digest, remembered), replace);
    return { ...snapshot, unchanged: false, newBytes, read: stored.size, milliseconds: performance.now() - started };
  } finally {
    lock.release();
  }
}

/** The snapshot of a name. @throws USAGE when there is none. */
export async function findSnapshot(store: RootfsStore, name: string): Promise<Snapshot> {
  const found = await readJson(snapshotPath(store, checkName(name, 'snapshot')), snapshotSchema);
  if (found !== undefined) return found;
  const names = await listRecords(store.snapshots);
  throw new XlfsError('USAGE', `there is no snapshot ${name}`, {
    hint: names.length === 0 ? 'Take one with xlfs rootfs snapshot.' : `There are: ${names.join(', ')}.`,
  });
}

export async function listSnapshots(store: RootfsStore): Promise<Snapshot[]> {
  const found = await Promise.all(
    (await listRecords(store.snapshots)).map((name) => readJson(snapshotPath(store, name), snapshotSchema)),
  );
  return found.filter((snapshot) => snapshot !== undefined);
}

export function snapshotPath(store: RootfsStore, name: string): string {
  return join(store.snapshots, `${name}.json`);
}

function listingDigest(key: string, listing: Buffer): string {
  return createHash('sha256').update(key).update(listing).digest('hex');
}

/** What decides which files a snapshot of this folder is made of. */
function sourceOf(
  store: RootfsStore,
  root: string,
  options: SnapshotOptions,
): { key: string; prune: string[]; patterns: string[] } {
  const prune: string[] = options.mountPoints === false ? [] : [...MOUNT_POINTS];
  const own = relative(root, realpathSync(store.root));
  const inside = own !== '' && !own.startsWith('..');
  const patterns = [...(options.exclude ?? []), ...(inside ? [`/${own}`] : [])];
  if (inside) prune.push(own);
  return { key: JSON.stringify([root, prune, patterns, options.oneFileSystem ?? true]), prune, patterns };
}

interface StoredTree {
  readonly manifest: Manifest;
  readonly entries: readonly ManifestEntry[];
  /** Ends with the bytes that were added to the store. */
  readonly kept: Promise<number>;
  readonly read: number;
}

interface ListedTree {
  readonly root: string;
  readonly before: Previous;
  readonly known: ReadonlyMap<string, Place>;
  readonly current: readonly Stamped[];
  /** Those of everything, where somebody has asked for them already. */
  readonly xattrs: Promise<XattrMap> | undefined;
}

async function storeTree(store: RootfsStore, { root, before, known, current, ...listed }: ListedTree): Promise<StoredTree> {
  const changed = current.filter(({ path, stamp }) => before.stamps.get(path) !== stamp);
  const files = changed.filter(({ type }) => type === 'file');
  const everything = before.entries.size === 0;
  const [xattrs, { stored, kept }] = await Promise.all([
    listed.xattrs ?? readXattrs(root, everything ? undefined : changed.map(({ path }) => path)),
    readContents(store, files, known),
  ]);
  const entries = current.flatMap((entry) => manifestEntry(entry, before, stored, xattrs));
  return { manifest: manifestOf(store, entries), entries, kept, read: stored.size };
}

type Previous = { readonly stamps: ReadonlyMap<string, string>; readonly entries: ReadonlyMap<string, ManifestEntry> };

const NOTHING: Previous = { stamps: new Map(), entries: new Map() };

/** The last snapshot of the same folder, when all of it is still there. */
async function previous(store: RootfsStore, key: string): Promise<Previous> {
  const listing = await readListing(store, key);
  if (listing === undefined || !existsSync(manifestPath(store, listing.manifest))) return NOTHING;
  const entries = await readManifest(store, listing.manifest).catch(() => []);
  const packs = new Set(entries.flatMap(({ place }) => (place === undefined ? [] : [place.pack])));
  if (![...packs].every((pack) => existsSync(join(store.packs, `${pack}.zst`)))) return NOTHING;
  return { stamps: listing.stamps, entries: new Map(entries.map((entry) => [entry.path, entry])) };
}

function manifestEntry(
  entry: Stamped,
  before: Previous,
  stored: Awaited<ReturnType<typeof readContents>>['stored'],
  xattrs: XattrMap,
): ManifestEntry[] {
  const { stamp, content: _, ...rest } = entry;
  const old = before.entries.get(entry.path);
  if (old !== undefined && before.stamps.get(entry.path) === stamp) {
    const { sha256, place, xattrs: attributes } = old;
    return [
      {
        ...rest,
        ...(attributes === undefined ? {} : { xattrs: attributes }),
        ...(sha256 === undefined ? {} : { sha256 }),
        ...(place === undefined ? {} : { place }),
      },
    ];
  }
  const attributes = xattrs.get(entry.path);
  const withAttributes = attributes === undefined ? rest : { ...rest, xattrs: attributes };
  if (entry.type !== 'file') return [withAttributes];
  const found = stored.get(entry.path);
  // It vanished between the listing and the reading.
  return found === undefined ? [] : [{ ...withAttributes, ...found }];
}

function summary(name: string, source: string, digest: string, entries: readonly ManifestEntry[]): Omit<Snapshot, 'created'> {
  return { name, digest, source, entries: entries.length, bytes: entries.reduce((sum, { size }) => sum + size, 0) };
}

async function knownSnapshot(store: RootfsStore, manifest: string): Promise<Omit<Snapshot, 'created'> | undefined> {
  if (!existsSync(manifestPath(store, manifest))) return undefined;
  const same = (await listSnapshots(store)).find(({ digest }) => digest === manifest);
  if (same === undefined) return undefined;
  const { created: _, ...rest } = same;
  return rest;
}

async function publish(store: RootfsStore, snapshot: Omit<Snapshot, 'created'>, replace = false): Promise<Snapshot> {
  const path = snapshotPath(store, snapshot.name);
  const before = await readJson(path, snapshotSchema).catch(() => undefined);
  const whole = { ...snapshot, created: new Date().toISOString() };
  if (before?.digest === snapshot.digest) return before;
  if (before !== undefined && !replace) {
    throw new XlfsError('USAGE', `the snapshot ${snapshot.name} exists already and is of another tree`, {
      hint: 'Choose another name, or say that it is to be replaced.',
    });
  }
  await writeJson(path, whole, { exclusive: before === undefined });
  return whole;
}
