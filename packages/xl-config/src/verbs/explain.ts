import { XlConfigError } from '../errors.ts';
import { nearest } from '../schema/suggest.ts';
import { KEY_NAMES, specOf } from '../schema/schema.ts';
import type { GuestType } from '../schema/kind.ts';
import type { XenVersion } from '../versions.ts';

/** What is known about a key. */
export interface Explanation {
  readonly key: string;
  readonly summary: string;
  /** The values: `boolean (0 or 1)`, `"raw" | "qcow2"`, `list of disks`. */
  readonly type: string;
  readonly unit?: string;
  readonly min?: number;
  readonly max?: number;
  readonly default?: string;
  /** A line as it may stand in a file. */
  readonly example?: string;
  readonly guests: readonly GuestType[];
  readonly arch?: 'arm' | 'x86';
  /** First release that reads it; 4.17 stands for it and what came before. */
  readonly since: XenVersion;
  readonly deprecated?: string;
  readonly replacement?: string;
  /** Where it is described. */
  readonly manual: string;
}

/** @throws XlConfigError UNKNOWN_KEY, with the key that was most likely meant. */
export function explain(key: string): Explanation {
  const spec = specOf(key);
  if (spec === undefined) {
    const meant = nearest(key, KEY_NAMES);
    throw new XlConfigError('UNKNOWN_KEY', `xl knows no key ${JSON.stringify(key)}`, {
      hint: meant === undefined ? 'See xl.cfg(5) for the keys.' : `Did you mean ${meant}?`,
    });
  }
  const {
    kind,
    summary,
    section,
    example,
    guests = ['pv', 'pvh', 'hvm'],
    since = '4.17',
    deprecated,
    unit,
    min,
    max,
    arch,
  } = spec;
  return {
    key,
    summary,
    type: kind.label,
    ...(unit === undefined ? {} : { unit }),
    ...(min === undefined ? {} : { min }),
    ...(max === undefined ? {} : { max }),
    ...(spec.default === undefined ? {} : { default: spec.default }),
    ...(example === undefined ? {} : { example: `${key} = ${example}` }),
    guests,
    ...(arch === undefined ? {} : { arch }),
    since,
    ...(deprecated === undefined ? {} : { deprecated: deprecated.advice }),
    ...(deprecated?.replacement === undefined ? {} : { replacement: deprecated.replacement }),
    manual: `xl.cfg(5), ${section}`,
  };
}
