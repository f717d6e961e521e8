import { stat } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { debianArchive, machineArchives, type AptArchive } from '../apt/machine-sources.ts';
import { aptIsThere, downloadFromPool, poolUrl } from '../apt/pool.ts';
import { PrivateApt } from '../apt/private-state.ts';
import { upstreamVersion, type DebianTarball } from '../apt/source-index.ts';
import { probe } from '../download.ts';
import type { DebianPin } from '../lock.ts';
import { formatSnapshotTime } from '../snapshot-time.ts';
import { BrokenOff, NotThere, type DownloadContext, type Provider } from './provider.ts';

export interface DebianOptions {
  /** Where the private apt state lies; kept between runs, since an index is tens of megabytes. */
  readonly stateDir: string;
  /** Suites to look into, in this order. @default trixie, sid, bookworm */
  readonly suites?: readonly string[];
  /** The archive. @default the URI in `$XLFS_DEBIAN_ARCHIVE`, else the one of the machine's apt configuration */
  readonly archive?: AptArchive;
  /** Pause before another try, in milliseconds. @default 1000 */
  readonly pause?: number;
}

/** A source package's tarball and where it was found. */
export interface FoundTarball extends DebianTarball {
  readonly suite: string;
  /** Date of the index that names it, as Debian's archive of past states writes times. */
  readonly seen: string | undefined;
}

/** Debian's source packages through apt: signed, and reachable wherever the machine gets its own packages from. */
export interface DebianProvider extends Provider {
  readonly name: 'debian';
  /** The tarball of an upstream version, from the signed index, without downloading it; undefined when no suite has it. */
  readonly resolve: (name: string, version: string, signal: AbortSignal) => Promise<FoundTarball | undefined>;
}

const TRIES = 3;
/** Of the package debian-archive-keyring. */
const KEYRING = '/usr/share/keyrings/debian-archive-keyring.gpg';

export function debianProvider({
  stateDir,
  suites = ['trixie', 'sid', 'bookworm'],
  archive,
  pause = 1000,
}: DebianOptions): DebianProvider {
  const opened = new Map<string, Promise<PrivateApt>>();

  const open = (suite: string): Promise<PrivateApt> => {
    const known = opened.get(suite);
    if (known !== undefined) return known;
    const apt = machineArchive(archive).then((used) => new PrivateApt(stateDir, used, suite));
    opened.set(suite, apt);
    return apt;
  };

  /** The first tarball that fits: first in the indexes as they are, then in fresh ones. */
  async function find(
    name: string,
    order: readonly string[],
    fits: (tarball: DebianTarball) => boolean,
    signal: AbortSignal,
  ): Promise<FoundTarball | undefined> {
    for (const fresh of [false, true]) {
      for (const suite of order) {
        const apt = await open(suite);
        if (fresh && !(await apt.refresh(signal))) continue;
        const tarball = (await apt.tarballs(name, signal)).find(fits);
        if (tarball === undefined) continue;
        const date = await apt.date();
        return { ...tarball, suite, seen: date === undefined ? undefined : formatSnapshotTime(date) };
      }
    }
    return undefined;
  }

  /** What the suites have of a package, for people: `4.20.4 (trixie), 4.20.5 (sid)`. */
  async function present(name: string, order: readonly string[], signal: AbortSignal): Promise<string> {
    const versions: string[] = [];
    for (const suite of order) {
      const tarballs = await (await open(suite)).tarballs(name, signal);
      versions.push(...tarballs.map(({ version }) => `${upstreamVersion(version)} (${suite})`));
    }
    return [...new Set(versions)].join(', ') || 'no version at all';
  }

  /** @throws NotThere, with what is there instead. */
  async function locate({ package: name, version, suite, sha256 }: DebianPin, signal: AbortSignal): Promise<FoundTarball> {
    const order = suite === undefined ? suites : [suite, ...suites.filter((other) => other !== suite)];
    const found = await find(name, order, (tarball) => tarball.sha256 === sha256, signal);
    if (found !== undefined) return found;
    throw new NotThere(
      `no revision of ${name} in ${order.join(', ')} has a tarball with the pinned digest (upstream version ${version}); there is ${await present(name, order, signal)}`,
    );
  }

  /** As {@link download}, but it only asks: an index can name what its pool does not have. */
  async function look(pin: DebianPin, signal: AbortSignal): Promise<void> {
    const used = await machineArchive(archive);
    const { directory, file, size } = pin;
    if (directory !== undefined) {
      try {
        return await probe(poolUrl(used, { directory, file }), { signal, size });
      } catch (error) {
        if (!(error instanceof NotThere)) throw error;
      }
    }
    // What the index of last month names may be gone.
    for (const suite of suites) await (await open(suite)).refresh(signal);
    await probe(poolUrl(used, await locate(pin, signal)), { signal, size });
  }

  /** Where the lock saw it, else wherever an index has the same tarball now. */
  async function download(pin: DebianPin, target: string, context: DownloadContext): Promise<void> {
    const { directory, file, sha256 } = pin;
    if (directory !== undefined) {
      try {
        return await get({ directory, file, sha256 }, pin, target, context);
      } catch (error) {
        if (context.signal.aborted || !(error instanceof BrokenOff)) throw error;
      }
    }
    await get(await locate(pin, context.signal), pin, target, context);
  }

  async function get(
    place: Pick<DebianTarball, 'directory' | 'file' | 'sha256'>,
    { size }: DebianPin,
    target: string,
    { signal, onProgress }: DownloadContext,
  ): Promise<void> {
    const used = await machineArchive(archive);
    for (let attempt = 1; ; attempt++) {
      try {
        await watchingSize(
          target,
          (bytes) => onProgress(bytes, size),
          () => downloadFromPool(used, place, target, signal),
        );
        return onProgress(size, size);
      } catch (error) {
        // A mirror in the middle of an update answers 404 for a moment.
        if (signal.aborted || attempt >= TRIES || !(error instanceof BrokenOff)) throw error;
        await sleep(pause * attempt, undefined, { signal });
      }
    }
  }

  return {
    name: 'debian',
    offers: (_source, { providers: { debian: pin } }) =>
      pin === undefined
        ? []
        : [
            {
              provider: 'debian',
              where: `Debian source package ${pin.package}`,
              file: pin.file,
              sha256: pin.sha256,
              size: pin.size,
              nested: pin.nested,
              download: (target, context) => download(pin, target, context),
              probe: (signal) => look(pin, signal),
            },
          ],
    resolve: (name, version, signal) => find(name, suites, (tarball) => upstreamVersion(tarball.version) === version, signal),
  };
}

/** apt tells nobody how far it is; the file does. */
async function watchingSize(path: string, onSize: (bytes: number) => void, work: () => Promise<void>): Promise<void> {
  const timer = setInterval(
    () =>
      void stat(path).then(
        ({ size }) => onSize(size),
        () => undefined,
      ),
    250,
  );
  try {
    await work();
  } finally {
    clearInterval(timer);
  }
}

/** For machines whose own packages come from elsewhere (Ubuntu): a mirror's URI, signed by the key in Debian's keyring package. */
function archiveFromEnvironment(): AptArchive | undefined {
  const uri = process.env['XLFS_DEBIAN_ARCHIVE'];
  return uri ? { uri, suites: [], signedBy: KEYRING } : undefined;
}

async function machineArchive(given: AptArchive | undefined): Promise<AptArchive> {
  if (!(await aptIsThere())) throw new NotThere('this machine has no apt');
  const archive = given ?? archiveFromEnvironment() ?? debianArchive(await machineArchives());
  if (archive !== undefined) return archive;
  throw new NotThere(
    "no Debian archive in this machine's apt configuration; install debian-archive-keyring and set XLFS_DEBIAN_ARCHIVE to the URI of a Debian mirror",
  );
}
