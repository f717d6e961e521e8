import { XlConfigError } from './errors.ts';

/** The Xen releases whose xl the tables describe; `master` is the development tree after the last of them. */
export const XEN_VERSIONS = ['4.17', '4.18', '4.19', '4.20', '4.21', '4.22', 'master'] as const;
export type XenVersion = (typeof XEN_VERSIONS)[number];

/** The version that is meant when none is named: the one that XLFS builds. */
export const DEFAULT_XEN: XenVersion = '4.20';

/** `version` is `since` or newer. */
export function atLeast(version: XenVersion, since: XenVersion): boolean {
  return XEN_VERSIONS.indexOf(version) >= XEN_VERSIONS.indexOf(since);
}

/**
 * A version as users write it: `4.20`, `4.20.3`, `4.20.3+127-g…`, `master`, `unstable`.
 * @throws XlConfigError UNKNOWN_VERSION for a release that the tables do not cover.
 */
export function xenVersion(text: string): XenVersion {
  if (text === 'unstable' || text.startsWith('4.23')) return 'master';
  const found = XEN_VERSIONS.find(
    (version) => text === version || (version !== 'master' && new RegExp(`^${version.replace('.', '\\.')}[.+-]`).test(text)),
  );
  if (found !== undefined) return found;
  throw new XlConfigError('UNKNOWN_VERSION', `unknown Xen version: ${text}`, { hint: `Known are ${XEN_VERSIONS.join(', ')}.` });
}
