import { createHash, hash } from 'node:crypto';
import { lstatSync } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { XlfsError } from '@xlfs/core';
import { flush, temporaryBeside } from '../store/atomic.ts';
import { breathe } from '../store/interrupt.ts';
import type { RootfsStore } from '../store/rootfs-store.ts';
import { readContent, readSmall } from '../tree/content.ts';
import type { Entry } from '../tree/entry.ts';
import { encodePath } from '../tree/path.ts';
import type { Place } from './manifest.ts';
import { PackWriter } from './pack-writer.ts';

/** Files up to this size are read straight into the pack's frame. */
const SMALL = 1 << 20;
const ATTEMPTS = 3;

export interface Stored {
  readonly size: number;
  readonly sha256: string;
  readonly place?: Place;
}

/** Places in the new pack by digest; the pack gets its name when all of it is known. */
type Fresh = Map<string, { pack: string; readonly at: number }>;

export interface ReadResult {
  /** By path; a file that vanished meanwhile is not in it. */
  readonly stored: ReadonlyMap<string, Stored>;
  /** Ends when the new pack is at its place, with the bytes that it takes: what names the pack must not be published before. */
  readonly kept: Promise<number>;
}

/**
 * Put the contents of files into a new pack, in the order given; contents that are `known` already are not stored again. A file that grows
 * or shrinks while it is read is read again.
 */
export async function readContents(
  store: RootfsStore,
  files: readonly Entry[],
  known: ReadonlyMap<string, Place>,
): Promise<ReadResult> {
  const temporary = temporaryBeside(join(store.packs, 'new'));
  const fresh: Fresh = new Map();
  const pack = new PackWriter(temporary);
  const giveUp = async () => {
    await pack.close();
    await rm(temporary, { force: true });
  };
  try {
    const stored = await readAll(files, pack, known, fresh);
    // The same new contents in the same order are the same pack.
    const id = hash('sha256', [...fresh].map(([sha256, { at }]) => `${sha256} ${String(at)}`).join('\n')).slice(0, 32);
    for (const place of fresh.values()) place.pack = id;
    const contents = Array.from(fresh, ([sha256, { at }]) => ({ sha256, at }));
    const publish = async () => {
      if (contents.length === 0) return 0;
      await pack.end(contents);
      await flush(temporary);
      await rename(temporary, join(store.packs, `${id}.zst`));
      await flush(store.packs);
      return pack.size;
    };
    const kept = publish().finally(giveUp);
    // Whoever waits for it is told; until somebody does, a failure is no unhandled one.
    kept.catch(() => undefined);
    return { stored, kept };
  } catch (error) {
    await giveUp();
    throw error;
  }
}

async function readAll(
  files: readonly Entry[],
  pack: PackWriter,
  known: ReadonlyMap<string, Place>,
  fresh: Fresh,
): Promise<Map<string, Stored>> {
  const stored = new Map<string, Stored>();
  const byLink = new Map<string, Stored>();
  for (const file of files) {
    // Trees are mostly small files: a promise for each of them would cost as much as hashing it.
    const pause = breathe();
    if (pause !== undefined) await pause;
    const shared = file.link === undefined ? undefined : byLink.get(file.link);
    const result = shared ?? readAtOnce(file, pack, known, fresh) ?? (await readOne(file, pack, known, fresh));
    if (result === undefined) continue;
    stored.set(file.path, result);
    if (file.link !== undefined) byLink.set(file.link, result);
  }
  return stored;
}

/** A small file for which the present frame has room; undefined for any other, and for one that cannot be read as it was listed. */
function readAtOnce(file: Entry, pack: PackWriter, known: ReadonlyMap<string, Place>, fresh: Fresh): Stored | undefined {
  if (file.size > SMALL) return undefined;
  let bytes: Buffer | undefined;
  try {
    bytes = readSmall(file, pack.room);
  } catch {
    // Why, says the one who tries it again.
    return undefined;
  }
  return bytes === undefined ? undefined : placed(bytes, pack, known, fresh);
}

async function readOne(
  file: Entry,
  pack: PackWriter,
  known: ReadonlyMap<string, Place>,
  fresh: Fresh,
): Promise<Stored | undefined> {
  for (let attempt = 1; ; attempt++) {
    const now = attempt === 1 ? file : refreshed(file);
    if (now === undefined) return undefined;
    try {
      return await (now.size <= SMALL ? readInto(now, pack, known, fresh) : streamInto(now, pack, known, fresh));
    } catch (error) {
      if (vanished(error)) return undefined;
      const changed = error instanceof XlfsError && error.code === 'ASSEMBLY_FAILED' && error.cause === undefined;
      if (attempt === ATTEMPTS || !changed) throw error;
    }
  }
}

/** A small file, straight into the frame: it stays there unless its content is known, in which case the next one overwrites it. */
async function readInto(file: Entry, pack: PackWriter, known: ReadonlyMap<string, Place>, fresh: Fresh): Promise<Stored> {
  await pack.reserve(file.size + 1);
  return placed(readSmall(file, pack.room) ?? (await copyInto(file, pack.room)), pack, known, fresh);
}

/** Where a content is from now on that lies in the pack's room. */
function placed(bytes: Buffer, pack: PackWriter, known: ReadonlyMap<string, Place>, fresh: Fresh): Stored {
  const sha256 = hash('sha256', bytes);
  const size = bytes.length;
  if (size === 0) return { size, sha256 };
  const place = known.get(sha256) ?? fresh.get(sha256);
  if (place !== undefined) return { size, sha256, place };
  const own = { pack: '', at: pack.position };
  fresh.set(sha256, own);
  pack.take(size);
  return { size, sha256, place: own };
}

async function copyInto(file: Entry, room: Buffer): Promise<Buffer> {
  let at = 0;
  for await (const chunk of readContent(file)) {
    room.set(chunk, at);
    at += chunk.length;
  }
  return room.subarray(0, at);
}

/** A large file; should its content be known, its bytes in this pack are given up. */
async function streamInto(file: Entry, pack: PackWriter, known: ReadonlyMap<string, Place>, fresh: Fresh): Promise<Stored> {
  const at = pack.position;
  const digest = createHash('sha256');
  await pack.reserve(1);
  for await (const chunk of readContent(file, () => pack.room)) {
    digest.update(chunk);
    if (chunk.buffer === pack.room.buffer) pack.take(chunk.length);
    else await pack.add(chunk);
    await pack.reserve(1);
  }
  const sha256 = digest.digest('hex');
  let place = known.get(sha256) ?? fresh.get(sha256);
  if (place === undefined) fresh.set(sha256, (place = { pack: '', at }));
  return { size: file.size, sha256, place };
}

function refreshed(file: Entry): Entry | undefined {
  if (file.content === undefined || !('file' in file.content)) return file;
  const stats = lstatSync(encodePath(file.content.file), { throwIfNoEntry: false });
  return stats?.isFile() === true ? { ...file, size: stats.size } : undefined;
}

function vanished(error: unknown): boolean {
  return error instanceof XlfsError && (error.cause as NodeJS.ErrnoException | undefined)?.code === 'ENOENT';
}
