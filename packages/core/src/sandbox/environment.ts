import { availableParallelism, machine } from 'node:os';
import type { Root } from '../recipe/recipe.ts';

/** 2025-03-05, the day of LFS 12.3: the time that every file of a layer has at most, and that builds are told. */
export const SOURCE_DATE_EPOCH = 1_741_132_800;

/** Where the composed root lies when the host's tools build. */
export const TARGET = '/target';

/** The descriptor on which make finds the jobserver: the highest that dash can open, so that no configure script steps on it. */
export const JOBSERVER_FD = 9;

export interface EnvironmentOptions {
  readonly root: Root;
  /** Version of the recipe's first source, as `$VERSION`. */
  readonly version: string;
  readonly jobs?: number;
  readonly withJobserver: boolean;
  /** The step's own. */
  readonly extra: Readonly<Record<string, string>>;
}

/** The whole environment of a step: nothing of the caller's gets in. */
export function stepEnvironment(options: EnvironmentOptions): Record<string, string> {
  const { root, version, jobs = availableParallelism(), withJobserver, extra } = options;
  const jobserver = `--jobserver-auth=${String(JOBSERVER_FD)},${String(JOBSERVER_FD)}`;
  return {
    PATH: '/usr/bin:/usr/sbin',
    HOME: '/tmp',
    USER: 'root',
    LOGNAME: 'root',
    SHELL: '/bin/sh',
    TERM: 'dumb',
    LC_ALL: 'C',
    TZ: 'UTC',
    SOURCE_DATE_EPOCH: String(SOURCE_DATE_EPOCH),
    KBUILD_BUILD_USER: 'root',
    KBUILD_BUILD_HOST: HOST_NAME,
    KBUILD_BUILD_TIMESTAMP: new Date(SOURCE_DATE_EPOCH * 1000).toUTCString(),
    VERSION: version,
    FILES: '/files',
    JOBS: String(jobs),
    MAKEFLAGS: `-j${String(jobs)}${withJobserver ? ` ${jobserver}` : ''}`,
    ...rootEnvironments[root](),
    ...extra,
  };
}

export const HOST_NAME = 'xlfs';

/** The vendor is not the distribution's, so that no configure script takes the build for a native one. */
const CROSS_TRIPLET = `${machine().replace('arm64', 'aarch64')}-lfs-linux-gnu`;

/** The book's variables; the tools that were built for the target come first. */
function crossEnvironment(): Record<string, string> {
  return {
    LFS: TARGET,
    LFS_TGT: CROSS_TRIPLET,
    PATH: `${TARGET}/tools/bin:/usr/bin:/usr/sbin`,
    CONFIG_SITE: `${TARGET}/usr/share/config.site`,
    // The host's libraries are none of the target's, nor of the toolchain's.
    PKG_CONFIG_LIBDIR: `${TARGET}/usr/lib/pkgconfig`,
    PKG_CONFIG_SYSROOT_DIR: TARGET,
  };
}

/** What keeps the root's own Python and Perl from leaving caches in the layer, and the order of their hashes from being another each time. */
function composedEnvironment(): Record<string, string> {
  return { PYTHONDONTWRITEBYTECODE: '1', PYTHONHASHSEED: '0', PERL_HASH_SEED: '0' };
}

/** What points the distribution's compiler and pkg-config at the composed root, and installations into it. */
function hostToolEnvironment(): Record<string, string> {
  return {
    DESTDIR: TARGET,
    CPATH: `${TARGET}/usr/include`,
    LIBRARY_PATH: `${TARGET}/usr/lib`,
    PKG_CONFIG_PATH: `${TARGET}/usr/lib/pkgconfig:${TARGET}/usr/share/pkgconfig`,
    PKG_CONFIG_SYSROOT_DIR: TARGET,
  };
}

const rootEnvironments: Readonly<Record<Root, () => Record<string, string>>> = {
  host: hostToolEnvironment,
  cross: crossEnvironment,
  composed: composedEnvironment,
};
