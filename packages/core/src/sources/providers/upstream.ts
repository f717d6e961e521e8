import { basename } from 'node:path';
import { download, probe, type DownloadOptions } from '../download.ts';
import type { Provider } from './provider.ts';

/** Options of everything that goes through a URL. */
export type TransferOptions = Pick<DownloadOptions, 'retries' | 'idleTimeout' | 'pause' | 'maxBytes'>;

/** The project's own release: the URL in the lock file. */
export function upstreamProvider(transfer: TransferOptions = {}): Provider {
  return {
    name: 'upstream',
    offers: (_source, { providers: { upstream } }) =>
      upstream === undefined
        ? []
        : [
            {
              provider: 'upstream',
              where: upstream.url,
              file: fileNameOf(upstream.url),
              sha256: upstream.sha256,
              size: upstream.size,
              nested: undefined,
              download: (target, context) => download(upstream.url, target, { ...transfer, ...context, size: upstream.size }),
              probe: (signal) => probe(upstream.url, { ...transfer, signal, size: upstream.size }),
            },
          ],
  };
}

/** Last part of a URL's path, with whatever is unusual in a file name replaced. */
export function fileNameOf(url: string): string {
  const name = basename(decodeURIComponent(new URL(url).pathname)).replace(/[^A-Za-z0-9+._~-]/g, '_');
  return /^[A-Za-z0-9]/.test(name) ? name : `source${name}`;
}
