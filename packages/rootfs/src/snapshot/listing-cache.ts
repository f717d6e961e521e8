import { hash } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { constants, zstdCompress, zstdDecompress } from 'node:zlib';
import { writeAtomic } from '../store/atomic.ts';
import type { RootfsStore } from '../store/rootfs-store.ts';
import { changedAt, stampsIn, type Stamped } from '../tree/listing.ts';

/** Of what the cache holds: another one is not read. */
const FORMAT = 2;
/** With a checksum: it is not flushed, and half of it must not be taken for the whole. Quickly: most of it is never read. */
const params = { [constants.ZSTD_c_checksumFlag]: 1, [constants.ZSTD_c_compressionLevel]: 1 };
const compress = promisify(zstdCompress);
const decompress = promisify(zstdDecompress);
/** A file that changed within this many seconds of being listed can change again and keep its stamp: the clock has ticks. */
const TICK = 0.05;

/** What a tree looked like at its last snapshot, in short. */
interface ListingHead {
  /** Of the raw listing and of what was left out of it. */
  readonly digest: string;
  /** The manifest that came out. */
  readonly manifest: string;
  /** Seconds since 1970. */
  readonly listedAt: number;
  /** All stamps can be relied on: an equal listing means an equal tree. */
  readonly settled: boolean;
  /** Folders that a second process lists. */
  readonly apart: readonly string[];
}

export interface Listing extends ListingHead {
  /** Stamps by path, of those entries whose stamp can be relied on. */
  readonly stamps: ReadonlyMap<string, string>;
}

/** The short answer: is the tree as it was? Reads one small file. */
export async function readListingHead(store: RootfsStore, source: string): Promise<ListingHead | undefined> {
  try {
    return JSON.parse(await readFile(headPath(store, source), 'utf8')) as ListingHead;
  } catch {
    // Only a cache: without it everything is read.
    return undefined;
  }
}

export async function readListing(store: RootfsStore, source: string): Promise<Listing | undefined> {
  const head = await readListingHead(store, source);
  if (head === undefined) return undefined;
  try {
    const listing = await decompress(await readFile(stampsPath(store, head.digest)));
    const stamps = new Map<string, string>();
    for (const { path, stamp } of stampsIn(listing)) if (reliable(stamp, head.listedAt)) stamps.set(path, stamp);
    return { ...head, stamps };
  } catch {
    return undefined;
  }
}

export async function writeListing(
  store: RootfsStore,
  source: string,
  head: Omit<ListingHead, 'settled'>,
  listing: Buffer,
  entries: readonly Stamped[],
): Promise<void> {
  const settled = entries.every(({ stamp }) => reliable(stamp, head.listedAt));
  const bytes = await compress(listing, { params });
  const cache = { cache: true };
  await writeAtomic(stampsPath(store, head.digest), (temporary) => writeFile(temporary, bytes, { flag: 'wx' }), cache);
  const text = JSON.stringify({ ...head, settled });
  await writeAtomic(headPath(store, source), (temporary) => writeFile(temporary, text, { flag: 'wx' }), cache);
}

function reliable(stamp: string, listedAt: number): boolean {
  return changedAt(stamp) < listedAt - TICK;
}

function headPath(store: RootfsStore, source: string): string {
  return join(store.cache, `${hash('sha256', `${String(FORMAT)} ${source}`)}.json`);
}

function stampsPath(store: RootfsStore, digest: string): string {
  return join(store.cache, `${digest}.zst`);
}
