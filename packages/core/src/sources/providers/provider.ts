import type { LockedSource } from '../lock.ts';

/** Where tarballs can come from; `snapshot` is Debian's archive as it was. */
export type ProviderName = 'mirror' | 'upstream' | 'debian' | 'snapshot';

/** One tarball that a provider may have: the digest decides whether it is the right one. */
export interface Offer {
  readonly provider: ProviderName;
  /** For people: a URL, or a Debian package. */
  readonly where: string;
  /** File name in the store. */
  readonly file: string;
  readonly sha256: string;
  readonly size: number | undefined;
  /** Glob of the real tarball inside this one. */
  readonly nested: string | undefined;
  /** Writes the tarball to `target`, which may hold its beginning from an earlier try. Anything but a whole file is an error that says why. */
  readonly download: (target: string, context: DownloadContext) => Promise<void>;
  /** Whether it is there now, without downloading it: fails with {@link NotThere}, or with what kept the question from being answered. */
  readonly probe: (signal: AbortSignal) => Promise<void>;
}

export interface DownloadContext {
  readonly onProgress: (bytes: number, total: number | undefined) => void;
  readonly signal: AbortSignal;
}

export interface Provider {
  readonly name: ProviderName;
  /** What it may have of a locked source; nothing is contacted yet. */
  readonly offers: (source: string, locked: LockedSource) => readonly Offer[];
}

/** What a download fails with when the place has no such file: trying again soon is no use. */
export class NotThere extends Error {
  override readonly name = 'NotThere';
}

/** What a download fails with when it broke off: some bytes may be there, and another try goes on from them. */
export class BrokenOff extends Error {
  override readonly name = 'BrokenOff';
}
