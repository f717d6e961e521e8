import { hash } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { zstdCompress, zstdDecompress } from 'node:zlib';
import { XlfsError } from '@xlfs/core';
import type { Entry, EntryType } from '../tree/entry.ts';
import { writeAtomic } from '../store/atomic.ts';
import type { RootfsStore } from '../store/rootfs-store.ts';

/** Where a content lies: a pack, and the first byte in what it unpacks to. */
export interface Place {
  readonly pack: string;
  readonly at: number;
}

/** An entry as a snapshot remembers it. */
export interface ManifestEntry extends Omit<Entry, 'content'> {
  /** Regular files: hex. */
  readonly sha256?: string;
  readonly place?: Place;
}

const FORMAT = 'xlfs-snapshot-1';
const compress = promisify(zstdCompress);
const decompress = promisify(zstdDecompress);

/** Digest of what a tree is: everything but where its contents are kept. Equal trees have equal ones, whatever was snapshot before. */
function digestOf(lines: readonly string[]): string {
  return hash('sha256', `${FORMAT}\n${lines.join('\n')}\n`);
}

/** The entries in tree order, one line of JSON each. */
function canonicalLines(entries: readonly ManifestEntry[]): string[] {
  const first = new Map<string, string>();
  return entries.map((entry) => {
    const { path, type, mode, uid, gid, mtime, nanoseconds = 0, size, target, device, xattrs, sha256, link } = entry;
    const original = link === undefined ? undefined : first.get(link);
    if (link !== undefined && original === undefined) first.set(link, path);
    // JSON leaves out what is undefined.
    const rest = {
      size: type === 'file' ? size : undefined,
      sha256: type === 'file' ? sha256 : undefined,
      target,
      device: device === undefined ? undefined : [device.major, device.minor],
      xattrs: xattrs === undefined ? undefined : canonicalXattrs(xattrs),
      sameAs: original,
    };
    return JSON.stringify([path, type, mode.toString(8), uid, gid, mtime, nanoseconds, rest]);
  });
}

function canonicalXattrs(xattrs: Readonly<Record<string, Uint8Array>>): [string, string][] | undefined {
  const names = Object.entries(xattrs).sort(([a], [b]) => (a < b ? -1 : 1));
  return names.length === 0 ? undefined : names.map(([name, value]) => [name, Buffer.from(value).toString('base64')]);
}

/** A manifest on its way to its place. */
export interface Manifest {
  readonly digest: string;
  /** Keeps it under its digest, once the contents that it speaks of are at their places. */
  write(contents: Promise<unknown>): Promise<void>;
}

export function manifestOf(store: RootfsStore, entries: readonly ManifestEntry[]): Manifest {
  const lines = canonicalLines(entries);
  const digest = digestOf(lines);
  return {
    digest,
    write: async (contents) => {
      const bytes = await compress(textOf(lines, entries));
      // There may be one already, of the same tree with its contents elsewhere: it stays right until this one is.
      await contents;
      await writeAtomic(manifestPath(store, digest), (temporary) => writeFile(temporary, bytes, { flag: 'wx' }));
    },
  };
}

/** Each line with where its content is. */
function textOf(lines: readonly string[], entries: readonly ManifestEntry[]): string {
  const packs = [...new Set(entries.flatMap(({ place }) => (place === undefined ? [] : [place.pack])))];
  const numbers = new Map(packs.map((pack, number) => [pack, number]));
  return [
    JSON.stringify({ format: FORMAT, packs, entries: lines.length }),
    ...entries.map(({ place, sparse }, index) => {
      const pack = place === undefined ? -1 : (numbers.get(place.pack) ?? -1);
      return `${lines[index] ?? ''}\t[${String(pack)},${String(place?.at ?? 0)},${sparse === true ? '1' : '0'}]`;
    }),
    '',
  ].join('\n');
}

/** @throws STORE_CORRUPT when it is missing or not what its name says. */
export async function readManifest(store: RootfsStore, digest: string): Promise<ManifestEntry[]> {
  const path = manifestPath(store, digest);
  const damaged = (what: string, cause?: unknown) =>
    new XlfsError('STORE_CORRUPT', `the manifest ${path} ${what}`, { hint: 'Read the tree again (--reread).', cause });
  let lines: string[];
  try {
    lines = (await decompress(await readFile(path))).toString('utf8').split('\n');
  } catch (cause) {
    throw damaged('cannot be read', cause);
  }
  const { packs } = JSON.parse(lines[0] ?? '{}') as { packs: string[] };
  const parsed = lines.slice(1, -1).map((line) => parseLine(line, packs));
  const originals = new Set(parsed.map(({ sameAs }) => sameAs));
  const entries = parsed.map(({ entry, sameAs }) => {
    const linked = sameAs !== undefined || originals.has(entry.path);
    return linked ? { ...entry, link: `${digest}:${sameAs ?? entry.path}` } : entry;
  });
  if (digestOf(canonicalLines(entries)) !== digest) throw damaged('is not what its name says');
  return entries;
}

export function manifestPath(store: RootfsStore, digest: string): string {
  return join(store.manifests, `${digest}.zst`);
}

type Line = [string, EntryType, string, number, number, number, number, Rest];
interface Rest {
  readonly size?: number;
  readonly sha256?: string;
  readonly target?: string;
  readonly device?: [number, number];
  readonly xattrs?: [string, string][];
  readonly sameAs?: string;
}

function parseLine(line: string, packs: readonly string[]): { entry: ManifestEntry; sameAs: string | undefined } {
  const tab = line.lastIndexOf('\t');
  const [path, type, mode, uid, gid, mtime, nanoseconds, rest] = JSON.parse(line.slice(0, tab)) as Line;
  const [pack = -1, at = 0, sparse = 0] = JSON.parse(line.slice(tab + 1)) as number[];
  const { size = 0, sha256, target, device, xattrs, sameAs } = rest;
  const id = packs[pack];
  const entry: ManifestEntry = {
    path,
    type,
    mode: Number.parseInt(mode, 8),
    uid,
    gid,
    mtime,
    nanoseconds,
    size,
    ...(sha256 === undefined ? {} : { sha256 }),
    ...(target === undefined ? {} : { target }),
    ...(device === undefined ? {} : { device: { major: device[0], minor: device[1] } }),
    ...(xattrs === undefined
      ? {}
      : { xattrs: Object.fromEntries(xattrs.map(([name, value]) => [name, Buffer.from(value, 'base64')])) }),
    ...(id === undefined ? {} : { place: { pack: id, at } }),
    ...(sparse === 1 ? { sparse: true } : {}),
  };
  return { entry, sameAs };
}
