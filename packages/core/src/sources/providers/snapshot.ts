import { download, probe } from '../download.ts';
import type { DebianPin } from '../lock.ts';
import { formatSnapshotTime, parseSnapshotTime } from '../snapshot-time.ts';
import { firstThere } from './first-there.ts';
import { mirrorBase } from './mirror.ts';
import { NotThere, type Provider } from './provider.ts';
import type { TransferOptions } from './upstream.ts';

/** Keeps every file that Debian ever published. */
const SNAPSHOTS = 'https://snapshot.debian.org/archive/debian/';
const DAY_MS = 24 * 3_600_000;

export interface SnapshotOptions {
  /** Base URL (or folder) of an archive's past states, each below its time. @default `$XLFS_DEBIAN_SNAPSHOT`, else snapshot.debian.org */
  readonly base?: string | undefined;
  readonly transfer?: TransferOptions | undefined;
}

/**
 * Debian's archive as it was: a tarball that a newer one has replaced since it was pinned. Needs no apt; the pinned digest is what makes it
 * trustworthy.
 */
export function snapshotProvider({ base = fromEnvironment(), transfer = {} }: SnapshotOptions = {}): Provider {
  const root = mirrorBase(base);
  return {
    name: 'snapshot',
    offers: (_source, { providers: { debian: pin } }) => {
      if (pin === undefined) return [];
      const places = placesOf(pin).map((place) => new URL(place, root).href);
      const { file, sha256, size, nested } = pin;
      const search = async (get: (place: string) => Promise<void>): Promise<void> => {
        if (places.length > 0) return firstThere(places, get);
        throw new NotThere(
          'the lock file does not say where Debian had it and when; xlfs sources lock adds that while Debian has it',
        );
      };
      return [
        {
          provider: 'snapshot',
          where: places[0] ?? root.href,
          file,
          sha256,
          size,
          nested,
          download: (target, context) => search((place) => download(place, target, { ...transfer, ...context, size })),
          probe: (signal) => search((place) => probe(place, { ...transfer, signal, size })),
        },
      ];
    },
  };
}

function fromEnvironment(): string {
  return process.env['XLFS_DEBIAN_SNAPSHOT'] || SNAPSHOTS;
}

/**
 * A time stands for the last snapshot before it. The one before the pin was made may be too old to have what was new then; that of the
 * next day has it in any case, since Debian leaves a file in place for more than a day after nothing names it any more.
 */
function placesOf({ directory, seen, file }: DebianPin): string[] {
  const moment = seen === undefined ? undefined : parseSnapshotTime(seen);
  if (moment === undefined || directory === undefined) return [];
  const times = [moment, new Date(moment.getTime() + DAY_MS)];
  return times.map((time) => `${formatSnapshotTime(time)}/${directory}/${file}`);
}
