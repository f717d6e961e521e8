import { join } from 'node:path';
import { debianProvider } from './debian.ts';
import { mirrorProvider } from './mirror.ts';
import type { Provider, ProviderName } from './provider.ts';
import { snapshotProvider } from './snapshot.ts';
import { upstreamProvider, type TransferOptions } from './upstream.ts';

export interface ProviderOptions {
  /** Folder of verified tarballs; apt's private state lies below it. */
  readonly sources: string;
  /** Folder or base URL with tarballs. */
  readonly mirror?: string | undefined;
  /** Who is asked, and in which order. @default mirror (when there is one), upstream, debian, snapshot */
  readonly order?: readonly ProviderName[];
  /** Base URL of Debian's past. @default `$XLFS_DEBIAN_SNAPSHOT`, else snapshot.debian.org */
  readonly snapshot?: string;
  readonly transfer?: TransferOptions;
}

/** The providers of an ordinary run. */
export function sourceProviders({
  sources,
  mirror,
  order = ['mirror', 'upstream', 'debian', 'snapshot'],
  snapshot,
  transfer,
}: ProviderOptions): Provider[] {
  return order.flatMap((name): Provider[] => {
    switch (name) {
      case 'mirror':
        return mirror === undefined ? [] : [mirrorProvider(mirror, transfer)];
      case 'upstream':
        return [upstreamProvider(transfer)];
      case 'debian':
        return [debianProvider({ stateDir: join(sources, 'apt') })];
      case 'snapshot':
        return [snapshotProvider({ base: snapshot, transfer })];
    }
  });
}
