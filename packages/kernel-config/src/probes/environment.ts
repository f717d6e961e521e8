import { homedir } from 'node:os';
import { join } from 'node:path';

import { cachedProber } from './cached-prober.ts';
import type { Prober } from './prober.ts';
import { shellProber } from './shell-prober.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * The prober that the command line uses: real commands, answers about the tool chain kept between runs.
 *
 * `XLFS_KCONFIG_CACHE` names the folder of kept answers; `off` keeps none.
 */
export function proberFromEnvironment(environment: Environment, cwd: string): Prober {
  const shell = shellProber({ cwd, environment });
  const folder = cacheFolder(environment);
  return folder === undefined ? shell : cachedProber({ inner: shell, folder, environment, cwd });
}

/** Where answers are kept; undefined if none are to be. */
export function cacheFolder(environment: Environment): string | undefined {
  const given = environment.XLFS_KCONFIG_CACHE;
  if (given === 'off') return undefined;
  return given !== undefined && given !== ''
    ? given
    : join(environment.XDG_CACHE_HOME ?? join(environment.HOME ?? homedir(), '.cache'), 'xlfs', 'kconfig');
}
