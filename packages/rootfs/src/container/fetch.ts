import { createHash, hash } from 'node:crypto';
import { createReadStream, createWriteStream, existsSync } from 'node:fs';
import { copyFile, rm } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { fileURLToPath } from 'node:url';
import type { Client } from 'basic-ftp';
import { XlfsError } from '@xlfs/core';
import { z } from 'zod';
import { readTrustedKeys, requireSignature } from '../signature/trust.ts';
import { temporaryBeside, writeAtomic } from '../store/atomic.ts';
import { proceed, signalOfWork } from '../store/interrupt.ts';
import { readJson, writeJson, type RootfsStore } from '../store/rootfs-store.ts';
import type { Reference } from './expressions.ts';

export interface FetchOptions {
  readonly store: RootfsStore;
  /** Folder that relative paths start from. */
  readonly relativeTo: string;
  /** The file with the trusted keys. */
  readonly trustedKeys: string;
  /** Take what comes over the network without a digest or a signature. @default false */
  readonly allowUnsigned: boolean;
}

const TIMEOUT = 60_000;
/** More than any root filesystem; a server that never stops is cut off. */
const MAX_BYTES = 256 * 2 ** 30;

const recordSchema = z.strictObject({
  uri: z.string(),
  sha256: z.string(),
  etag: z.string().nullable(),
  modified: z.string().nullable(),
});

/**
 * A local file with what a reference stands for, checked. What came over the network is kept: with a digest it is never fetched twice, without
 * one the server is asked whether it has changed.
 * @throws SOURCE_UNAVAILABLE, SOURCE_DIGEST.
 */
export async function fetchReference(reference: Reference, options: FetchOptions): Promise<string> {
  const local = localPath(reference.uri, options.relativeTo);
  if (local === undefined && reference.sha256 === undefined && reference.signed === undefined && !options.allowUnsigned) {
    throw new XlfsError('SOURCE_DIGEST', `${reference.uri} comes over the network with neither a digest nor a signature`, {
      hint: 'Write sha256=… or signed behind it, or allow unsigned input.',
    });
  }
  if (local !== undefined && !existsSync(local)) throw new XlfsError('SOURCE_UNAVAILABLE', `there is no file ${local}`);
  const path = local ?? (await download(reference.uri, reference.sha256, options));
  if (reference.sha256 !== undefined) await requireDigest(path, reference.sha256, reference.uri);
  if (reference.signed !== undefined) await requireSigned(reference, path, local !== undefined, options);
  return path;
}

/** Path of a `file:` URI or a plain path; undefined for what has to be fetched. */
export function localPath(uri: string, relativeTo: string): string | undefined {
  if (!/^[a-z][a-z0-9+.-]*:/i.test(uri)) return resolve(relativeTo, uri);
  if (!/^file:/i.test(uri)) return undefined;
  try {
    return fileURLToPath(uri);
  } catch (cause) {
    throw new XlfsError('USAGE', `${uri} is not a file on this machine`, { cause });
  }
}

/** Put a local file where a URI says: ftp and http (PUT). It is written under another name first where the protocol can rename. */
export async function upload(path: string, uri: string): Promise<void> {
  if (/^ftp:/i.test(uri)) {
    await withFtp(uri, async (client, remote) => {
      await client.uploadFrom(path, `${remote}.xlfs-part`);
      await client.rename(`${remote}.xlfs-part`, remote);
    });
    return;
  }
  const response = await reach(uri, () =>
    fetch(uri, { method: 'PUT', body: Readable.toWeb(createReadStream(path)) as ReadableStream, duplex: 'half' }),
  );
  if (!response.ok)
    throw new XlfsError(
      'SOURCE_UNAVAILABLE',
      `${uri} was not accepted: the server says ${String(response.status)} ${response.statusText}`,
    );
}

async function requireSigned(reference: Reference, path: string, local: boolean, options: FetchOptions): Promise<void> {
  const trusted = await readTrustedKeys(options.trustedKeys);
  const allowed = trusted.filter(({ id }) => reference.signed === true || id === reference.signed);
  if (local) await requireSignature(path, allowed);
  else {
    const { signed: _, sha256: __, ...plain } = reference;
    const signature = await download(`${plain.uri}.minisig`, undefined, options);
    await requireSignature(path, allowed, signature);
  }
}

async function download(uri: string, sha256: string | undefined, options: FetchOptions): Promise<string> {
  const { downloads } = options.store;
  const record = join(downloads, `${hash('sha256', uri)}.json`);
  const known = await readJson(record, recordSchema).catch(() => undefined);
  const kept = (digest: string) => join(downloads, digest);
  if (sha256 !== undefined && existsSync(kept(sha256))) return kept(sha256);
  const usable = known !== undefined && existsSync(kept(known.sha256)) ? known : undefined;
  const temporary = temporaryBeside(join(downloads, 'new'));
  try {
    const got = /^ftp:/i.test(uri) ? await ftp(uri, usable?.modified ?? null, temporary) : await http(uri, usable, temporary);
    if (got === 'unchanged' && usable !== undefined) return kept(usable.sha256);
    if (got === 'unchanged')
      throw new XlfsError('SOURCE_UNAVAILABLE', `${uri}: the server says that nothing has changed, but nothing is here`);
    const digest = await digestOf(temporary);
    if (sha256 !== undefined && digest !== sha256) throw wrongDigest(uri, sha256, digest);
    await writeAtomic(kept(digest), (place) => copyFile(temporary, place));
    await writeJson(record, { uri, sha256: digest, etag: got.etag, modified: got.modified });
    return kept(digest);
  } finally {
    await rm(temporary, { force: true });
  }
}

type Got = 'unchanged' | { readonly etag: string | null; readonly modified: string | null };

async function http(uri: string, known: z.output<typeof recordSchema> | undefined, to: string): Promise<Got> {
  const headers: Record<string, string> = {
    'accept-encoding': 'identity',
    ...(known?.etag == null ? {} : { 'if-none-match': known.etag }),
    ...(known?.modified == null ? {} : { 'if-modified-since': known.modified }),
  };
  const response = await reach(uri, () => fetch(uri, { headers, signal: untilStopped() }));
  if (response.status === 304) return 'unchanged';
  if (!response.ok || response.body === null)
    throw new XlfsError(
      'SOURCE_UNAVAILABLE',
      `${uri} cannot be fetched: the server says ${String(response.status)} ${response.statusText}`,
    );
  const announced = Number(response.headers.get('content-length') ?? NaN);
  const bytes = await reach(uri, () => save(Readable.fromWeb(response.body as Parameters<typeof Readable.fromWeb>[0]), to));
  if (Number.isSafeInteger(announced) && bytes !== announced)
    throw new XlfsError('SOURCE_UNAVAILABLE', `${uri} broke off after ${String(bytes)} of ${String(announced)} bytes`);
  return { etag: response.headers.get('etag'), modified: response.headers.get('last-modified') };
}

async function ftp(uri: string, modified: string | null, to: string): Promise<Got> {
  let result: Got = 'unchanged';
  await withFtp(uri, async (client, path) => {
    const size = await client.size(path).catch(() => undefined);
    const date = await client.lastMod(path).catch(() => undefined);
    // A server without MDTM or SIZE is asked for the whole each time.
    const stamp = size === undefined || date === undefined ? null : `${date.toISOString()} ${String(size)}`;
    if (stamp !== null && stamp === modified) return;
    await client.downloadTo(createWriteStream(to, { flags: 'wx' }), path);
    result = { etag: null, modified: stamp };
  });
  return result;
}

async function withFtp(uri: string, use: (client: Client, path: string) => Promise<void>): Promise<void> {
  const url = new URL(uri);
  const client = new (await import('basic-ftp')).Client(TIMEOUT);
  // The path starts at the login folder (RFC 1738, 3.2.2); `%2F` in front of it means the server's root.
  const decoded = decodeURIComponent(url.pathname.replace(/^\//, ''));
  if (/[\r\n\0]/.test(decoded)) throw new XlfsError('USAGE', `${uri} has a line break in its path`);
  try {
    await client.access({
      host: url.hostname,
      port: url.port === '' ? 21 : Number(url.port),
      user: decodeURIComponent(url.username) || 'anonymous',
      password: decodeURIComponent(url.password) || 'xlfs@',
    });
    await use(client, decoded);
  } catch (cause) {
    if (cause instanceof XlfsError) throw cause;
    throw new XlfsError(
      'SOURCE_UNAVAILABLE',
      `${hidden(url)} cannot be reached: ${cause instanceof Error ? cause.message : String(cause)}`,
      { cause },
    );
  } finally {
    client.close();
  }
}

/** A password in a URI is not for logs. */
function hidden(url: URL): string {
  const shown = new URL(url);
  shown.password = '';
  return shown.href;
}

async function save(from: Readable, to: string): Promise<number> {
  let bytes = 0;
  await pipeline(
    from,
    async function* (chunks: AsyncIterable<Buffer>) {
      for await (const chunk of chunks) {
        bytes += chunk.length;
        if (bytes > MAX_BYTES) throw new XlfsError('SOURCE_UNAVAILABLE', 'the server sends more than any archive has');
        yield chunk;
      }
    },
    createWriteStream(to, { flags: 'wx' }),
  );
  return bytes;
}

function untilStopped(): AbortSignal {
  const stop = signalOfWork();
  const late = AbortSignal.timeout(TIMEOUT * 30);
  return stop === undefined ? late : AbortSignal.any([stop, late]);
}

async function reach<T>(uri: string, go: () => Promise<T>): Promise<T> {
  try {
    return await go();
  } catch (cause) {
    proceed();
    if (cause instanceof XlfsError) throw cause;
    const reason = cause instanceof Error ? (cause.cause instanceof Error ? cause.cause.message : cause.message) : String(cause);
    throw new XlfsError('SOURCE_UNAVAILABLE', `${uri} cannot be reached: ${reason}`, { cause });
  }
}

async function requireDigest(path: string, sha256: string, uri: string): Promise<void> {
  const digest = await digestOf(path);
  if (digest !== sha256) throw wrongDigest(uri, sha256, digest);
}

function wrongDigest(uri: string, expected: string, found: string): XlfsError {
  return new XlfsError('SOURCE_DIGEST', `${uri} is not what was expected: sha256 ${found} instead of ${expected}`, {
    hint: 'It was changed: find out why before you change the digest.',
  });
}

async function digestOf(path: string): Promise<string> {
  const digest = createHash('sha256');
  for await (const chunk of createReadStream(path, { highWaterMark: 1 << 20 })) digest.update(chunk as Buffer);
  return digest.digest('hex');
}

/** Folder that relative paths in a container file start from. */
export function folderOf(file: string): string {
  return dirname(resolve(file));
}
