import type { XenVersion } from '../versions.ts';
import type { GuestType, Kind } from './kind.ts';

/** What is known about a key besides how its value is read. */
export interface KeyFacts {
  /** One sentence: what the key is for. */
  readonly summary: string;
  /** Heading in xl.cfg(5). */
  readonly section: string;
  /** What holds without the key. */
  readonly default?: string;
  /** A value as it stands in a file. */
  readonly example?: string;
  readonly unit?: string;
  readonly min?: number;
  readonly max?: number;
  /** Guests that xl reads the key for; all when missing. */
  readonly guests?: readonly GuestType[];
  /** Guests that xl refuses the key for. */
  readonly refusedFor?: readonly GuestType[];
  /** xl complains of a bad value to guests, too, to which the key means nothing. */
  readonly readForAll?: true;
  /** Of the screen that the file itself describes: a pv guest has one with `vnc = 1` and without `vfb` only. */
  readonly screen?: true;
  /** Processor architecture that the key means something on; both when missing. */
  readonly arch?: 'arm' | 'x86';
  /** First release whose xl reads it; 4.17 or older when missing. */
  readonly since?: XenVersion;
  readonly deprecated?: Deprecation;
}

export interface Deprecation {
  readonly advice: string;
  /** Key that does the same today. */
  readonly replacement?: string;
  /** xl itself says so. */
  readonly loud?: boolean;
}

export interface KeySpec<T> extends KeyFacts {
  readonly kind: Kind<T>;
}

/** The type of a key's values. */
export type ValueOf<S> = S extends KeySpec<infer T> ? T : never;

export function key<T>(
  kind: Kind<T>,
  summary: string,
  section: string,
  facts: Omit<KeyFacts, 'summary' | 'section'> = {},
): KeySpec<T> {
  return { kind, summary, section, ...facts };
}
