import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { download, probe } from '../download.ts';
import type { LockedSource } from '../lock.ts';
import { firstThere } from './first-there.ts';
import type { Offer, Provider } from './provider.ts';
import { fileNameOf, type TransferOptions } from './upstream.ts';

/**
 * A folder or base URL that holds tarballs by file name (as `xlfs sources mirror` writes them) or as `sha256/<digest>`.
 * Either provider's tarball will do.
 */
export function mirrorProvider(mirror: string, transfer: TransferOptions = {}): Provider {
  const base = mirrorBase(mirror);
  return {
    name: 'mirror',
    offers: (_source, locked) =>
      pinsOf(locked).map(({ file, sha256, size, nested }) => {
        const byName = new URL(encodeURIComponent(file), base).href;
        const places = [byName, new URL(`sha256/${sha256}`, base).href];
        return {
          provider: 'mirror',
          where: byName,
          file,
          sha256,
          size,
          nested,
          download: (target, context) =>
            firstThere(places, (place) => download(place, target, { ...transfer, ...context, size })),
          probe: (signal) => firstThere(places, (place) => probe(place, { ...transfer, signal, size })),
        };
      }),
  };
}

/** `https://host/path/` or the `file:` URL of a folder, with a slash at the end. */
export function mirrorBase(mirror: string): URL {
  const url = /^(https?|file):\/\//.test(mirror) ? new URL(mirror) : pathToFileURL(resolve(mirror));
  return url.pathname.endsWith('/') ? url : new URL(`${url.pathname}/`, url);
}

/** Everything that a locked source may be, whoever gives it. */
export function pinsOf({ providers: { upstream, debian } }: LockedSource): Pick<Offer, 'file' | 'sha256' | 'size' | 'nested'>[] {
  return [
    ...(upstream === undefined
      ? []
      : [{ file: fileNameOf(upstream.url), sha256: upstream.sha256, size: upstream.size, nested: undefined }]),
    ...(debian === undefined ? [] : [{ file: debian.file, sha256: debian.sha256, size: debian.size, nested: debian.nested }]),
  ];
}
