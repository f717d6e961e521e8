import { XlfsError } from '../errors.ts';
import type { Lock } from './lock.ts';
import { NotThere, type Offer, type Provider, type ProviderName } from './providers/provider.ts';

/** One place where a locked tarball may be had. */
export interface SourcePlace {
  readonly source: string;
  readonly version: string;
  readonly provider: ProviderName;
  readonly where: string;
  /** `absent`: it is not there, or cannot be had from this machine; `unknown`: the place did not answer. */
  readonly state: 'there' | 'absent' | 'unknown';
  /** Why it is not `there`. */
  readonly reason: string | undefined;
}

export interface CheckOptions {
  readonly providers: readonly Provider[];
  /** Sources to ask for. @default all */
  readonly only?: readonly string[];
  readonly signal?: AbortSignal;
}

/** Sources asked for at once: archives of the past turn away those who ask for too much. */
const AT_ONCE = 4;

/**
 * Asks every provider whether it still has what the lock pins, and downloads nothing. Not a digest is compared: a file of the right name and
 * size passes for the right one.
 *
 * @throws XlfsError `SOURCE_NOT_LOCKED`; `INTERRUPTED`.
 */
export async function checkSources(lock: Lock, options: CheckOptions): Promise<SourcePlace[]> {
  const { providers, only = Object.keys(lock.sources), signal = new AbortController().signal } = options;
  const asked = only.map((source) => {
    const locked = lock.sources[source];
    if (locked === undefined)
      throw new XlfsError('SOURCE_NOT_LOCKED', `the lock file has no source ${source}`, { hint: 'run xlfs sources lock' });
    return { source, version: locked.version, offers: providers.flatMap((provider) => provider.offers(source, locked)) };
  });
  const places: SourcePlace[][] = [];
  const queue = asked.entries();
  const worker = async (): Promise<void> => {
    for (const [index, { source, version, offers }] of queue) {
      const states = await Promise.all(offers.map((offer) => ask(offer, signal)));
      places[index] = states.map((state) => ({ source, version, ...state }));
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  return places.flat();
}

async function ask(
  { provider, where, probe }: Offer,
  signal: AbortSignal,
): Promise<Pick<SourcePlace, 'provider' | 'where' | 'state' | 'reason'>> {
  try {
    await probe(signal);
    return { provider, where, state: 'there', reason: undefined };
  } catch (cause) {
    if (signal.aborted) throw new XlfsError('INTERRUPTED', 'checking the sources was interrupted', { cause });
    return { provider, where, state: cause instanceof NotThere ? 'absent' : 'unknown', reason: (cause as Error).message };
  }
}
