import { createWriteStream } from 'node:fs';
import { copyFile, stat, truncate } from 'node:fs/promises';
import { Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type * as Undici from 'undici';
import { BrokenOff, NotThere, type DownloadContext } from './providers/provider.ts';

export interface DownloadOptions extends DownloadContext {
  /** Expected bytes; a server that sends more is cut off. Without it, {@link maxBytes} is the bound. */
  readonly size?: number | undefined;
  /** @default 4 GiB */
  readonly maxBytes?: number;
  /** Tries after the first one, each going on where the last one broke off. @default 4 */
  readonly retries?: number;
  /** Longest silence of a server, in milliseconds. @default 30 000 */
  readonly idleTimeout?: number;
  /** Pause before the first retry, in milliseconds; doubled each time. @default 500 */
  readonly pause?: number;
}

/** What a server says when it may say something else a moment later. A mirror being updated answers 404 now and then: that one is tried twice. */
const transientStatus = new Set([408, 425, 429, 500, 502, 503, 504]);

/**
 * Gets an `http:`, `https:` or `file:` URL into a file. Redirects are followed; what is there already is gone on from; `http_proxy`,
 * `https_proxy` and `no_proxy` are heeded. The content is not judged here: the caller compares its digest.
 *
 * @throws NotThere, BrokenOff, or the transport's error, with the URL in its message.
 */
export async function download(url: string, target: string, options: DownloadOptions): Promise<void> {
  if (url.startsWith('file:')) return copyLocal(url, target, options);
  return insistently(options, (dispatcher) => request(url, target, dispatcher, options));
}

export type ProbeOptions = Pick<DownloadOptions, 'size' | 'retries' | 'idleTimeout' | 'pause' | 'signal'>;

/**
 * Asks for a file's first byte: whether {@link download} would get it, and of the expected size where the server tells.
 *
 * @throws as {@link download}.
 */
export async function probe(url: string, options: ProbeOptions): Promise<void> {
  const bytes = url.startsWith('file:')
    ? (await localFile(url)).size
    : await insistently(options, (dispatcher) => sizeAt(url, dispatcher, options.signal));
  const { size } = options;
  if (size !== undefined && bytes !== undefined && bytes !== size)
    throw new NotThere(`${url}: another file: ${String(bytes)} bytes instead of ${String(size)}`);
}

/** Again and again while that makes sense. */
async function insistently<T>(
  { retries = 4, pause = 500, signal, idleTimeout = 30_000 }: ProbeOptions,
  attemptOnce: (dispatcher: Undici.Dispatcher) => Promise<T>,
): Promise<T> {
  const { EnvHttpProxyAgent } = await transport();
  // Without a tunnel for plain http: many proxies allow CONNECT for https only.
  const dispatcher = new EnvHttpProxyAgent({
    connectTimeout: Math.min(idleTimeout, 10_000),
    headersTimeout: idleTimeout,
    bodyTimeout: idleTimeout,
    proxyTunnel: false,
  });
  /** Failures that are seldom cured by waiting: two in all are enough. */
  let hopeless = 0;
  try {
    for (let attempt = 0; ; attempt++) {
      try {
        return await attemptOnce(dispatcher);
      } catch (error) {
        if (signal.aborted) throw error;
        if (error instanceof NotThere || error instanceof Unreachable) hopeless++;
        if (hopeless > 1 || attempt >= retries) throw error;
        await sleep(pause * 2 ** attempt, undefined, { signal });
      }
    }
  } finally {
    await dispatcher.destroy();
  }
}

/** Loaded when it is needed: most runs download nothing, and it takes longer to load than all the rest. */
function transport(): Promise<typeof Undici> {
  return import('undici');
}

class Unreachable extends Error {
  override readonly name = 'Unreachable';
}

async function request(url: string, target: string, dispatcher: Undici.Dispatcher, options: DownloadOptions): Promise<void> {
  const { signal, size, onProgress, maxBytes = 4 * 2 ** 30 } = options;
  const present = await bytesOf(target);
  if (size !== undefined && present > size) await truncate(target, 0);
  if (size !== undefined && present === size) return;
  const from = size !== undefined && present > size ? 0 : present;
  const response = await respond(url, from > 0 ? `bytes=${String(from)}-` : undefined, dispatcher, signal);
  if (response.status === 416) {
    // What is there is longer than what the server has, or all of it: start over rather than guess.
    await response.body?.cancel();
    await truncate(target, 0);
    throw new BrokenOff(`${url}: the server has not as much as an earlier try left; starting over`);
  }
  if (!response.ok) throw await refusal(url, response);
  const resumed = response.status === 206 && startsAt(response.headers.get('content-range'), from);
  const start = resumed ? from : 0;
  const length = Number(response.headers.get('content-length') ?? Number.NaN);
  const total = size ?? (Number.isFinite(length) ? start + length : undefined);
  const bound = size ?? maxBytes;
  let bytes = start;
  const count = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      bytes += chunk.length;
      if (bytes > bound) return done(new NotThere(`${url}: the server sends more than ${String(bound)} bytes`));
      onProgress(bytes, total);
      done(null, chunk);
    },
  });
  if (response.body === null) throw new BrokenOff(`${url}: the server sent no content`);
  try {
    await pipeline(Readable.fromWeb(response.body), count, createWriteStream(target, { flags: start > 0 ? 'a' : 'w' }), {
      signal,
    });
  } catch (error) {
    if (signal.aborted || error instanceof NotThere || (error as NodeJS.ErrnoException).code === 'ENOSPC') throw error;
    throw new BrokenOff(`${url}: broke off after ${String(bytes)} bytes: ${deepest(error)}`, { cause: error });
  }
  if (total !== undefined && bytes < total) throw new BrokenOff(`${url}: truncated: ${String(bytes)} of ${String(total)} bytes`);
}

async function respond(
  url: string,
  range: string | undefined,
  dispatcher: Undici.Dispatcher,
  signal: AbortSignal,
): Promise<Undici.Response> {
  const { fetch } = await transport();
  return fetch(url, {
    dispatcher,
    signal,
    redirect: 'follow',
    headers: { 'accept-encoding': 'identity', 'user-agent': 'xlfs', ...(range === undefined ? {} : { range }) },
  }).catch((error: unknown) => {
    if (signal.aborted) throw error;
    throw new Unreachable(`${url}: ${deepest(error)}`, { cause: error });
  });
}

async function refusal(url: string, { status, statusText, body }: Undici.Response): Promise<Error> {
  await body?.cancel();
  const said = `${url}: the server said ${String(status)} ${statusText}`.trimEnd();
  return transientStatus.has(status) ? new BrokenOff(said) : new NotThere(said);
}

/** Undefined when the server does not tell. Not every server answers HEAD as it would GET. */
async function sizeAt(url: string, dispatcher: Undici.Dispatcher, signal: AbortSignal): Promise<number | undefined> {
  const response = await respond(url, 'bytes=0-0', dispatcher, signal);
  if (!response.ok) throw await refusal(url, response);
  await response.body?.cancel();
  const { headers, status } = response;
  const told = status === 206 ? /\/(\d+)$/.exec(headers.get('content-range') ?? '')?.[1] : headers.get('content-length');
  return told === undefined || told === null ? undefined : Number(told);
}

async function copyLocal(url: string, target: string, { onProgress, size }: DownloadOptions): Promise<void> {
  const { path, size: bytes } = await localFile(url);
  if (size !== undefined && bytes < size) throw new BrokenOff(`${path}: truncated: ${String(bytes)} of ${String(size)} bytes`);
  await copyFile(path, target);
  onProgress(bytes, bytes);
}

async function localFile(url: string): Promise<{ path: string; size: number }> {
  const path = fileURLToPath(url);
  const info = await stat(path).catch((cause: unknown) => {
    throw new NotThere(`no file ${path}`, { cause });
  });
  if (!info.isFile()) throw new NotThere(`${path} is no file`);
  return { path, size: info.size };
}

function startsAt(contentRange: string | null, from: number): boolean {
  return contentRange !== null && contentRange.startsWith(`bytes ${String(from)}-`);
}

async function bytesOf(path: string): Promise<number> {
  return stat(path).then(
    ({ size }) => size,
    () => 0,
  );
}

/** fetch says «fetch failed»; the reason is at the bottom of the chain. */
function deepest(error: unknown): string {
  let at = error;
  while (at instanceof Error && at.cause !== undefined) at = at.cause;
  return at instanceof Error ? at.message || ((at as NodeJS.ErrnoException).code ?? at.name) : String(at);
}
