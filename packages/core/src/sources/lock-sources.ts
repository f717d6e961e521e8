import { randomBytes } from 'node:crypto';
import { mkdir, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { XlfsError } from '../errors.ts';
import { didYouMean } from '../recipe/did-you-mean.ts';
import type { Source } from '../recipe/recipe.ts';
import { fileSha256 } from './digest.ts';
import { download } from './download.ts';
import { sourcePath } from './fetch.ts';
import type { DebianPin, Lock, LockedSource, UpstreamPin } from './lock.ts';
import type { DebianProvider } from './providers/debian.ts';
import { fileNameOf, type TransferOptions } from './providers/upstream.ts';

export interface LockOptions {
  /** Folder of verified tarballs: what is downloaded for its digest is kept there. */
  readonly sources: string;
  /** Pins of an earlier lock are kept where nothing contradicts them. */
  readonly previous?: Lock;
  /** Versions other than the recipes' own: `{ bash: '5.2.38' }`. */
  readonly set?: Readonly<Record<string, string>>;
  /** Lock these only, keep the others as they are. @default all */
  readonly only?: readonly string[];
  /** Debian's index; left out, no Debian pins are made. */
  readonly debian?: DebianProvider;
  /** Whether upstream is asked. @default true */
  readonly upstream?: boolean;
  readonly transfer?: TransferOptions;
  readonly onSource?: (outcome: LockOutcome) => void;
  readonly signal?: AbortSignal;
}

export type PinOutcome = 'pinned' | 'kept' | 'none';

/** How one source was locked. */
export interface LockOutcome {
  readonly name: string;
  readonly version: string;
  readonly upstream: PinOutcome;
  readonly debian: PinOutcome;
  /** Why a provider's pin could not be made or refreshed. */
  readonly notes: readonly string[];
}

/**
 * Makes a lock for the sources of recipes: Debian's digests come from its signed index without a download, upstream's from the file itself.
 * A pin of the previous lock for the same version and place stays as it is; upstream files are not supposed to change. So do the sources that are
 * not wanted here: other profiles share the lock.
 *
 * @throws XlfsError `SOURCE_UNAVAILABLE` when a source can be pinned by nobody; `USAGE` for a name in `set` or `only` that no recipe has;
 * `INTERRUPTED`.
 */
export async function lockSources(wanted: readonly Source[], options: LockOptions): Promise<Lock> {
  const { previous, set = {}, only, onSource = () => undefined, signal = new AbortController().signal } = options;
  const byName = new Map(wanted.map((source) => [source.name, source]));
  for (const name of [...Object.keys(set), ...(only ?? [])]) requireKnown(name, byName);
  // What is not wanted here may be another profile's: profiles share a lock.
  const sources: Record<string, LockedSource> = { ...previous?.sources };
  for (const source of byName.values()) {
    const before = previous?.sources[source.name];
    const chosen = only === undefined || only.includes(source.name) || Object.hasOwn(set, source.name);
    if (before !== undefined && !chosen) {
      sources[source.name] = before;
      continue;
    }
    const version = set[source.name];
    const { locked, outcome } = await lockOne(
      version === undefined ? source : atVersion(source, version),
      before,
      options,
      signal,
    );
    sources[source.name] = locked;
    onSource(outcome);
  }
  return { lockVersion: 1, sources };
}

async function lockOne(
  source: Source,
  before: LockedSource | undefined,
  options: LockOptions,
  signal: AbortSignal,
): Promise<{ locked: LockedSource; outcome: LockOutcome }> {
  const notes: string[] = [];
  const attempt = async <T>(who: string, get: () => Promise<T | undefined>): Promise<T | undefined> => {
    try {
      return await get();
    } catch (cause) {
      if (signal.aborted) throw new XlfsError('INTERRUPTED', `locking ${source.name} was interrupted`, { cause });
      notes.push(`${who}: ${(cause as Error).message}`);
      return undefined;
    }
  };
  const oldUpstream = keptUpstream(source, before?.providers.upstream);
  const upstream =
    oldUpstream ??
    (options.upstream === false ? undefined : await attempt('upstream', () => pinUpstream(source, options, signal)));
  const newDebian =
    options.debian === undefined
      ? undefined
      : await attempt('debian', () => pinDebian(source, before?.providers.debian, options.debian, signal));
  const debian = newDebian ?? keptDebian(source, before?.providers.debian);
  if (upstream === undefined && debian === undefined) {
    throw new XlfsError(
      'SOURCE_UNAVAILABLE',
      `nobody has ${source.name} ${source.version}:\n${notes.map((note) => `  ${note}`).join('\n')}`,
      {
        hint: 'is that version still there? choose another with --set NAME=VERSION',
      },
    );
  }
  const outcome: LockOutcome = {
    name: source.name,
    version: source.version,
    upstream: upstream === undefined ? 'none' : oldUpstream === undefined ? 'pinned' : 'kept',
    debian: debian === undefined ? 'none' : newDebian === undefined ? 'kept' : 'pinned',
    notes,
  };
  return {
    locked: {
      version: source.version,
      providers: { ...(upstream === undefined ? {} : { upstream }), ...(debian === undefined ? {} : { debian }) },
    },
    outcome,
  };
}

/** The recipe's URL for its version. */
export function sourceUrl({ url, version }: Pick<Source, 'url' | 'version'>): string {
  return url.replaceAll('{version}', version);
}

async function pinDebian(
  { debian, version }: Source,
  before: DebianPin | undefined,
  provider: DebianProvider | undefined,
  signal: AbortSignal,
): Promise<DebianPin | undefined> {
  if (debian === undefined || provider === undefined) return undefined;
  const wanted = debian.version ?? version;
  const found = await provider.resolve(debian.package, wanted, signal);
  if (found === undefined) throw new Error(`no suite has ${debian.package} ${wanted}`);
  const { suite, directory, file, sha256, size } = found;
  // The first sight of a file is as good as the last: locking again leaves it.
  const same = before?.sha256 === sha256 && before.directory === directory && before.file === file;
  const seen = (same ? before.seen : undefined) ?? found.seen;
  return {
    package: debian.package,
    version: wanted,
    suite,
    directory,
    ...(seen === undefined ? {} : { seen }),
    file,
    sha256,
    size,
    ...(debian.nested === undefined ? {} : { nested: debian.nested }),
  };
}

async function pinUpstream(source: Source, { sources, transfer }: LockOptions, signal: AbortSignal): Promise<UpstreamPin> {
  const url = sourceUrl(source);
  const file = fileNameOf(url);
  const partial = join(sources, 'partial', `locking.${String(process.pid)}.${randomBytes(4).toString('hex')}`);
  await mkdir(dirname(partial), { recursive: true });
  try {
    await download(url, partial, { ...transfer, signal, onProgress: () => undefined });
    const { size } = await stat(partial);
    const sha256 = await fileSha256(partial, signal);
    const place = sourcePath(sources, { sha256, file });
    await mkdir(dirname(place), { recursive: true });
    await rename(partial, place);
    return { url, sha256, size };
  } finally {
    await rm(partial, { force: true });
  }
}

function keptUpstream(source: Source, pin: UpstreamPin | undefined): UpstreamPin | undefined {
  if (pin === undefined) return undefined;
  // A pin for another version than the source's own says so, and was made on purpose.
  return pin.version !== undefined || pin.url === sourceUrl(source) ? pin : undefined;
}

function keptDebian({ debian, version }: Source, pin: DebianPin | undefined): DebianPin | undefined {
  return pin !== undefined && debian?.package === pin.package && (debian.version ?? version) === pin.version ? pin : undefined;
}

/** A Debian version that was written for the recipe's own version says nothing about another one. */
function atVersion(source: Source, version: string): Source {
  if (source.version === version || source.debian === undefined) return { ...source, version };
  const { package: name, nested } = source.debian;
  return { ...source, version, debian: { package: name, ...(nested === undefined ? {} : { nested }) } };
}

function requireKnown(name: string, byName: ReadonlyMap<string, Source>): void {
  if (byName.has(name)) return;
  const near = didYouMean(name, byName.keys());
  throw new XlfsError('USAGE', `no recipe has a source called ${name}`, {
    hint: near === undefined ? `sources are: ${[...byName.keys()].sort().join(', ')}` : `did you mean ${near}?`,
  });
}
