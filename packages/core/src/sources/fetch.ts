import { randomBytes } from 'node:crypto';
import { mkdir, readdir, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { XlfsError } from '../errors.ts';
import type { EventHandler } from '../events/events.ts';
import { fileSha256 } from './digest.ts';
import type { LockedSource } from './lock.ts';
import { pinsOf } from './providers/mirror.ts';
import { NotThere, type Offer, type Provider, type ProviderName } from './providers/provider.ts';

export interface FetchOptions {
  /** Folder of verified tarballs: `<sources>/sha256/<digest>/<file>`. */
  readonly sources: string;
  /** Asked in this order. */
  readonly providers: readonly Provider[];
  readonly onEvent?: EventHandler;
  readonly signal?: AbortSignal;
}

/** A tarball on this machine whose digest is one that the lock names. */
export interface VerifiedSource {
  readonly path: string;
  readonly sha256: string;
  /** Who gave it; `store` when it was there already. */
  readonly provider: ProviderName | 'store';
  /** Glob of the real tarball inside this one: for `unpack`. */
  readonly nested: string | undefined;
}

/** What the system says when a folder of the store is not ours to write. */
const unwritable = new Set(['EACCES', 'EROFS', 'EPERM', 'ENOTDIR', 'EEXIST']);

/** Age at which a download that broke off is not gone on with any more, in milliseconds. */
const ABANDONED_MS = 7 * 24 * 3_600_000;

/** Time between two progress events of one source, in milliseconds. */
const PROGRESS_MS = 100;

/**
 * Gets one locked source. What is present and intact is used without asking anybody; else the providers are asked in turn, and what they
 * give is kept only when size and digest are the pinned ones. Several processes may do this at once.
 *
 * @throws XlfsError `SOURCE_DIGEST` when a provider gave something else and no other had it; `SOURCE_UNAVAILABLE` with each provider's
 * reason; `NO_SPACE`; `STORE_UNUSABLE`; `INTERRUPTED`.
 */
export async function fetchSource(name: string, locked: LockedSource, options: FetchOptions): Promise<VerifiedSource> {
  const { sources, providers, onEvent = () => undefined, signal = new AbortController().signal } = options;
  const present = await findPresent(sources, locked);
  if (present !== undefined) return present;

  const failures: Failure[] = [];
  for (const offer of providers.flatMap((provider) => provider.offers(name, locked))) {
    try {
      const path = await take(name, offer, sources, { onEvent, signal });
      for (const { error } of failures) if (error.code === 'SOURCE_DIGEST') onEvent({ type: 'warning', message: error.message });
      return { path, sha256: offer.sha256, provider: offer.provider, nested: offer.nested };
    } catch (cause) {
      if (signal.aborted) throw new XlfsError('INTERRUPTED', `fetching ${name} was interrupted`, { cause });
      const error = asXlfsError(name, offer, cause);
      if (error.code === 'NO_SPACE' || error.code === 'STORE_UNUSABLE') throw error;
      failures.push({ offer, error });
    }
  }
  throw noneGaveIt(name, locked, failures, providers);
}

/** Path of a verified tarball in the folder of sources. */
export function sourcePath(sources: string, { sha256, file }: Pick<Offer, 'sha256' | 'file'>): string {
  return join(sources, 'sha256', sha256, file);
}

type Listeners = Required<Pick<FetchOptions, 'onEvent' | 'signal'>>;

interface Failure {
  readonly offer: Offer;
  readonly error: XlfsError;
}

/** Bad files are removed here: what lies under a digest has that digest, or is not there. */
async function findPresent(sources: string, locked: LockedSource): Promise<VerifiedSource | undefined> {
  for (const pin of pinsOf(locked)) {
    const path = sourcePath(sources, pin);
    const info = await stat(path).catch(() => undefined);
    if (info === undefined) continue;
    if ((pin.size === undefined || info.size === pin.size) && (await fileSha256(path)) === pin.sha256) {
      return { path, sha256: pin.sha256, provider: 'store', nested: pin.nested };
    }
    await rm(path, { force: true });
  }
  return undefined;
}

async function take(name: string, offer: Offer, sources: string, { onEvent, signal }: Listeners): Promise<string> {
  const partial = await claimPartial(join(sources, 'partial'), offer.sha256);
  const begun = (await bytesOf(partial)) > 0;
  try {
    await downloadInto(name, offer, partial, { onEvent, signal });
    await check(name, offer, partial, signal);
  } catch (error) {
    if (!begun || !(error instanceof XlfsError)) throw error;
    // The beginning that somebody left was no good: once more from the start.
    await downloadInto(name, offer, partial, { onEvent, signal });
    await check(name, offer, partial, signal);
  }
  const place = sourcePath(sources, offer);
  try {
    await mkdir(dirname(place), { recursive: true });
    await rename(partial, place);
  } catch (error) {
    await rm(partial, { force: true });
    throw error;
  }
  return place;
}

async function downloadInto(name: string, offer: Offer, partial: string, { onEvent, signal }: Listeners): Promise<void> {
  let last = 0;
  const onProgress = (bytes: number, total: number | undefined): void => {
    const now = performance.now();
    if (now - last < PROGRESS_MS && bytes !== total) return;
    last = now;
    onEvent({ type: 'source-progress', source: name, provider: offer.provider, bytes, total });
  };
  try {
    await offer.download(partial, { onProgress, signal });
  } catch (error) {
    // The beginning is worth keeping, unless it is what fills the disk.
    if ((error as NodeJS.ErrnoException).code === 'ENOSPC') await rm(partial, { force: true });
    throw error;
  }
}

/** Compares size and digest with the pinned ones; what is wrong is removed. */
async function check(name: string, { provider, where, sha256, size }: Offer, path: string, signal: AbortSignal): Promise<void> {
  const got = await bytesOf(path);
  const digest = size === undefined || got === size ? await fileSha256(path, signal) : undefined;
  if (digest === sha256) return;
  await rm(path, { force: true });
  const told = `${name} from ${provider} (${where})`;
  throw wrongContent(
    digest === undefined
      ? `${told} is ${got < (size ?? 0) ? 'truncated' : 'too long'}: expected ${String(size)} bytes, got ${String(got)}`
      : `${told}: expected sha256 ${sha256}, got ${digest}`,
  );
}

/**
 * A file for this process alone to download into. When another process died over the same tarball, its beginning is taken over:
 * whose rename succeeds owns it. What nobody came back for in a week goes.
 */
async function claimPartial(folder: string, sha256: string): Promise<string> {
  await mkdir(folder, { recursive: true });
  const own = join(folder, `${sha256}.${String(process.pid)}.${randomBytes(4).toString('hex')}`);
  for (const name of await readdir(folder)) {
    const [digest, pid] = name.split('.');
    if (isAlive(Number(pid))) continue;
    const left = join(folder, name);
    // Somebody else may have taken it in the meantime: then it is theirs.
    if (digest === sha256) await rename(left, own).catch(() => undefined);
    else if (await isOlderThan(left, ABANDONED_MS)) await rm(left, { force: true });
  }
  return own;
}

async function bytesOf(path: string): Promise<number> {
  return stat(path).then(
    ({ size }) => size,
    () => 0,
  );
}

async function isOlderThan(path: string, milliseconds: number): Promise<boolean> {
  const info = await stat(path).catch(() => undefined);
  return info !== undefined && Date.now() - info.mtimeMs > milliseconds;
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

function wrongContent(message: string): XlfsError {
  return new XlfsError('SOURCE_DIGEST', message, {
    hint: 'nothing of it was kept; if upstream replaced the file, look at why before locking it anew with xlfs sources lock',
  });
}

function asXlfsError(name: string, offer: Offer, cause: unknown): XlfsError {
  if (cause instanceof XlfsError) return cause;
  const { code, message } = cause as NodeJS.ErrnoException;
  if (code === 'ENOSPC' || code === 'EDQUOT')
    return new XlfsError('NO_SPACE', `no space left while fetching ${name}`, {
      hint: 'free some space, or choose another store with --store DIR',
      cause,
    });
  if (code !== undefined && unwritable.has(code))
    return new XlfsError('STORE_UNUSABLE', `cannot write the source ${name}: ${message}`, {
      hint: 'choose a store that you can write with --store DIR',
      cause,
    });
  return new XlfsError('SOURCE_UNAVAILABLE', `${offer.provider}: ${message}`, { cause });
}

function noneGaveIt(name: string, locked: LockedSource, failures: readonly Failure[], providers: readonly Provider[]): XlfsError {
  const lines = failures.map(({ error }) => `  ${error.message}`);
  const silent = providers.filter((provider) => !failures.some(({ offer }) => offer.provider === provider.name));
  lines.push(...silent.map(({ name: provider }) => `  ${provider}: the lock file pins nothing of it`));
  const wrong = failures.find(({ error }) => error.code === 'SOURCE_DIGEST');
  if (wrong !== undefined && failures.length === 1) return wrong.error;
  return new XlfsError(
    wrong === undefined ? 'SOURCE_UNAVAILABLE' : 'SOURCE_DIGEST',
    `no provider gave ${name} ${locked.version}:\n${lines.join('\n')}`,
    {
      hint: wrong?.error.hint ?? whatToDo(name, locked, failures),
      cause: failures.at(-1)?.error,
    },
  );
}

/** A file that is gone everywhere does not come back by waiting; what could not be asked may have it. */
function whatToDo(name: string, locked: LockedSource, failures: readonly Failure[]): string {
  const files = [...new Set(pinsOf(locked).map(({ file }) => file))].join(' or ');
  const gone = failures.every(({ error }) => error.cause instanceof NotThere);
  return `${gone ? '' : 'see that the network works and try again; else '}give a folder or URL that has ${files} with --mirror, or pin a version that is still published: xlfs sources lock --set ${name}=VERSION ${name} (with the same --profile)`;
}
