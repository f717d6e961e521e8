import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { download } from '../download.ts';
import type { LockedSource } from '../lock.ts';
import { NotThere, type DownloadContext, type Offer, type Provider } from './provider.ts';
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
      pinsOf(locked).map(({ file, sha256, size, nested }) => ({
        provider: 'mirror',
        where: new URL(encodeURIComponent(file), base).href,
        file,
        sha256,
        size,
        nested,
        download: async (target, context) =>
          firstThere([encodeURIComponent(file), `sha256/${sha256}`], (path) =>
            download(new URL(path, base).href, target, withSize(context, size)),
          ),
      })),
  };

  function withSize(
    context: DownloadContext,
    size: number | undefined,
  ): DownloadContext & TransferOptions & { size: number | undefined } {
    return { ...transfer, ...context, size };
  }
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

async function firstThere(paths: readonly string[], get: (path: string) => Promise<void>): Promise<void> {
  let first: unknown;
  for (const path of paths) {
    try {
      return await get(path);
    } catch (error) {
      if (!(error instanceof NotThere)) throw error;
      first ??= error;
    }
  }
  throw first;
}
