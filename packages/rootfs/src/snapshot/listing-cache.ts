import { hash } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { constants, zstdCompress, zstdDecompress } from 'node:zlib';
import { writeAtomic } from '../store/atomic.ts';
import type { RootfsStore } from '../store/rootfs-store.ts';

/** With a checksum: it is not flushed, and half of it must not be taken for the whole. */
const compress = (text: string) => promisify(zstdCompress)(text, { params: { [constants.ZSTD_c_checksumFlag]: 1 } });
const decompress = promisify(zstdDecompress);
/** A file that changed within this many seconds of being listed can change again and keep its stamp: the clock has ticks. */
const TICK = 0.05;

/** What a tree looked like at its last snapshot. */
export interface Listing {
  /** Of the raw listing and of what was left out of it. */
  readonly digest: string;
  /** The manifest that came out. */
  readonly manifest: string;
  /** Stamps by path, of those entries whose stamp can be relied on. */
  readonly stamps: ReadonlyMap<string, string>;
  /** All stamps can be relied on: an equal listing means an equal tree. */
  readonly settled: boolean;
  /** Folders that a second process lists. */
  readonly apart?: readonly string[];
}

/** The short answer: is the tree as it was? Reads one small file. */
export async function readListingHead(store: RootfsStore, source: string): Promise<Omit<Listing, 'stamps'> | undefined> {
  try {
    return JSON.parse(await readFile(headPath(store, source), 'utf8')) as Omit<Listing, 'stamps'>;
  } catch {
    // Only a cache: without it everything is read.
    return undefined;
  }
}

export async function readListing(store: RootfsStore, source: string): Promise<Listing | undefined> {
  const head = await readListingHead(store, source);
  if (head === undefined) return undefined;
  try {
    const text = (await decompress(await readFile(stampsPath(store, head.digest)))).toString('utf8');
    return { ...head, stamps: new Map(JSON.parse(text) as [string, string][]) };
  } catch {
    return undefined;
  }
}

export async function writeListing(
  store: RootfsStore,
  source: string,
  listing: Omit<Listing, 'settled'>,
  listedAt: number,
): Promise<void> {
  const reliable = [...listing.stamps].filter(([, stamp]) => Number(stamp.slice(stamp.lastIndexOf(':') + 1)) < listedAt - TICK);
  const { digest, manifest, apart = [] } = listing;
  const bytes = await compress(JSON.stringify(reliable));
  const cache = { cache: true };
  await writeAtomic(stampsPath(store, digest), (temporary) => writeFile(temporary, bytes, { flag: 'wx' }), cache);
  const head = { digest, manifest, settled: reliable.length === listing.stamps.size, apart };
  await writeAtomic(headPath(store, source), (temporary) => writeFile(temporary, JSON.stringify(head), { flag: 'wx' }), cache);
}

function headPath(store: RootfsStore, source: string): string {
  return join(store.cache, `${hash('sha256', source)}.json`);
}

function stampsPath(store: RootfsStore, digest: string): string {
  return join(store.cache, `${digest}.zst`);
}
