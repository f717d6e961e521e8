import { join, resolve } from 'node:path';
import {
  checkSources,
  debianProvider,
  lockSources,
  mirrorSources,
  readLock,
  sourceFetcher,
  sourceProviders,
  verifySources,
  writeLock,
  XlfsError,
  type LockOutcome,
  type SourcePlace,
} from '@xlfs/core';
import { defineCommand } from '../command.ts';
import { BUILT_IN_LOCK, LOCK_FILE, openProfile, openRegistry, PROFILE_OPTION, type ProfileOption } from '../profiles.ts';
import { formatBytes, formatTable } from '../ui/format.ts';

const MIRROR_OPTION = ['--mirror <place>', 'folder or base URL to look for sources first'] as const;

interface LockOptions extends ProfileOption {
  readonly set?: readonly string[];
  readonly upstream?: boolean;
}

const lock = defineCommand({
  usage: 'lock [sources...]',
  summary: `pin version, digests and places of every source in ${LOCK_FILE}`,
  example: 'xlfs sources lock --set bash=5.2.38 bash',
  options: [
    PROFILE_OPTION,
    ['--set <name=version...>', 'another version than the recipe names'],
    ['--no-upstream', "do not ask upstream: Debian's digests need no download"],
  ],
  run: async (context, names, options: LockOptions) => {
    const { registry } = await openRegistry(options.profile);
    const store = await context.store();
    const { sources } = store.paths;
    const path = resolve(LOCK_FILE);
    const outcomes: LockOutcome[] = [];
    const made = await lockSources(
      [...registry.recipes.values()].flatMap((recipe) => recipe.sources),
      {
        sources,
        previous: await readLock(path).catch(() => readLock(BUILT_IN_LOCK)),
        set: parseSet(options.set ?? []),
        ...(names.length === 0 ? {} : { only: names }),
        debian: debianProvider({ stateDir: join(sources, 'apt') }),
        upstream: options.upstream ?? true,
        onSource: (outcome) => outcomes.push(outcome),
        signal: context.signal,
      },
    );
    await writeLock(path, made);
    return { path, outcomes };
  },
  text: ({ path, outcomes }) =>
    [
      formatTable(
        outcomes.map(({ name, version, upstream, debian }) => [name, version, `upstream: ${upstream}`, `debian: ${debian}`]),
      ),
      ...outcomes.flatMap(({ name, notes }) => notes.map((note) => `${name}: ${note}`)),
      `wrote ${path}`,
    ].join('\n'),
});

const fetch = defineCommand({
  usage: 'fetch [sources...]',
  summary: 'fetch the locked tarballs into the store, and check their digests',
  example: 'xlfs sources fetch linux xen',
  options: [PROFILE_OPTION, MIRROR_OPTION],
  run: async (context, names, options: ProfileOption & { mirror?: string }) => {
    const { lock: locked } = await openProfile(options.profile);
    const store = await context.store();
    const get = sourceFetcher(store, locked, { mirror: options.mirror });
    const fetched = [];
    for (const name of names.length === 0 ? Object.keys(locked.sources) : names) {
      const source = await get(name, context.signal, context.onEvent);
      fetched.push({
        source: name,
        version: locked.sources[name]?.version ?? '',
        provider: source.provider,
        sha256: source.sha256,
        path: source.path,
      });
    }
    return { type: 'result' as const, fetched };
  },
  text: ({ fetched }) =>
    formatTable(fetched.map(({ source, version, provider, sha256 }) => [source, version, provider, sha256.slice(0, 16)])),
});

const mirror = defineCommand({
  usage: 'mirror <folder>',
  summary: 'write all locked tarballs into a folder: an offline set for --mirror',
  example: 'xlfs sources mirror /srv/xlfs-sources',
  options: [PROFILE_OPTION, MIRROR_OPTION],
  run: async (context, [folder = ''], options: ProfileOption & { mirror?: string }) => {
    const { lock: locked } = await openProfile(options.profile);
    const { sources } = (await context.store()).paths;
    const providers = sourceProviders({ sources, mirror: options.mirror });
    const files = await mirrorSources(locked, resolve(folder), {
      sources,
      providers,
      onEvent: context.onEvent,
      signal: context.signal,
    });
    return { type: 'result' as const, folder: resolve(folder), files };
  },
  text: ({ folder, files }) =>
    `${folder}: ${String(files.length)} tarballs, ${formatBytes(files.reduce((sum, { bytes }) => sum + bytes, 0))}`,
});

const verify = defineCommand({
  usage: 'verify',
  summary: 'hash the tarballs in the store again; bad ones are removed',
  example: 'xlfs sources verify',
  options: [PROFILE_OPTION],
  run: async (context, _args, options: ProfileOption) => {
    const { lock: locked } = await openProfile(options.profile);
    return verifySources(locked, (await context.store()).paths.sources);
  },
  text: (states) =>
    formatTable(
      states.map(({ state, source, version, bytes }) => [state, source, version, state === 'missing' ? '' : formatBytes(bytes)]),
    ),
  status: (states) => (states.some(({ state }) => state === 'corrupt') ? 1 : 0),
});

const check = defineCommand({
  usage: 'check [sources...]',
  summary: 'ask every provider whether it still has what is locked; nothing is downloaded',
  example: 'xlfs sources check xen',
  options: [PROFILE_OPTION, MIRROR_OPTION],
  run: async (context, names, options: ProfileOption & { mirror?: string }) => {
    const { lock: locked } = await openProfile(options.profile);
    const { sources } = (await context.store()).paths;
    const providers = sourceProviders({ sources, mirror: options.mirror });
    const places = await checkSources(locked, {
      providers,
      ...(names.length === 0 ? {} : { only: names }),
      signal: context.signal,
    });
    return { places, nowhere: nowhere(places) };
  },
  text: ({ places, nowhere: lost }) =>
    [
      ...places.flatMap(({ source, version, provider, state, reason }) =>
        reason === undefined ? [] : [`${source} ${version}, ${provider}: ${state}: ${reason}`],
      ),
      `${formatCount(places, 'there')}, ${formatCount(places, 'absent')}, ${formatCount(places, 'unknown')}`,
      ...(lost.length === 0
        ? []
        : [
            `found nowhere: ${lost.join(', ')}`,
            `→ ${places.some(({ source, state }) => lost.includes(source) && state === 'unknown') ? 'try again where the unknown places can be reached; else ' : ''}keep their tarballs if a store or mirror still has them (xlfs sources mirror DIR), or pin a version that is still published: xlfs sources lock --set NAME=VERSION NAME`,
          ]),
    ].join('\n'),
  status: ({ nowhere: lost }) => (lost.length === 0 ? 0 : 1),
});

export const sourcesCommands = [lock, fetch, mirror, verify, check];

/** Sources that no place is known to have. */
function nowhere(places: readonly SourcePlace[]): string[] {
  const found = new Set(places.filter(({ state }) => state === 'there').map(({ source }) => source));
  return [...new Set(places.map(({ source }) => source))].filter((source) => !found.has(source));
}

function formatCount(places: readonly SourcePlace[], state: SourcePlace['state']): string {
  return `${String(places.filter((place) => place.state === state).length)} ${state}`;
}

function parseSet(pairs: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    pairs.map((pair) => {
      const [name, version, ...rest] = pair.split('=');
      if (name === undefined || name === '' || version === undefined || version === '' || rest.length > 0) {
        throw new XlfsError('USAGE', `--set takes NAME=VERSION, not ${pair}`, { hint: 'for example --set bash=5.2.38' });
      }
      return [name, version];
    }),
  );
}
