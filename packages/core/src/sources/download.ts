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
  const { retries = 4, pause = 500, signal, idleTimeout = 30_000 } = options;
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
        return await request(url, target, dispatcher, options);
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
  const { fetch } = await transport();
  const response = await fetch(url, {
    dispatcher,
    signal,
    redirect: 'follow',
    headers: { 'accept-encoding': 'identity', 'user-agent': 'xlfs', ...(from > 0 ? { range: `bytes=${String(from)}-` } : {}) },
  }).catch((error: unknown) => {
    if (signal.aborted) throw error;
    throw new Unreachable(`${url}: ${deepest(error)}`, { cause: error });
  });
  if (response.status === 416) {
    // What is there is longer than what the server has, or all of it: start over rather than guess.
    await response.body?.cancel();
    await truncate(target, 0);
    throw new BrokenOff(`${url}: the server has not as much as an earlier try left; starting over`);
  }
  if (!response.ok) {
    await response.body?.cancel();
    const said = `${url}: the server said ${String(response.status)} ${response.statusText}`.trimEnd();
    throw transientStatus.has(response.status) ? new BrokenOff(said) : new NotThere(said);
  }
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

async function copyLocal(url: string, target: string, { onProgress, size }: DownloadOptions): Promise<void> {
  const path = fileURLToPath(url);
  const info = await stat(path).catch((cause: unknown) => {
    throw new NotThere(`no file ${path}`, { cause });
  });
  if (!info.isFile()) throw new NotThere(`${path} is no file`);
  if (size !== undefined && info.size < size)
    throw new BrokenOff(`${path}: truncated: ${String(info.size)} of ${String(size)} bytes`);
  await copyFile(path, target);
  onProgress(info.size, info.size);
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
