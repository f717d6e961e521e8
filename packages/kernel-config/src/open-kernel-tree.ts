import { kernelEnvironment, type KernelEnvironmentOptions } from './kconfig/kernel-environment.ts';
import { readTree } from './kconfig/read-tree.ts';
import type { KconfigTree } from './kconfig/tree.ts';
import { cachedProber } from './probes/cached-prober.ts';
import { cacheFolder } from './probes/environment.ts';
import { shellProber } from './probes/shell-prober.ts';

export interface OpenKernelTreeOptions extends KernelEnvironmentOptions {
  /**
   * Where the tree and what the tool chain answered are kept from run to run; undefined for nowhere.
   *
   * @default what `XLFS_KCONFIG_CACHE` says, else `~/.cache/xlfs/kconfig`
   */
  readonly cacheFolder?: string | undefined;
}

/**
 * Reads a kernel's Kconfig files as its own Makefile would have them read, and asks the compiler what they want to know.
 *
 * @throws KernelConfigError for what is wrong with the tree, or a compiler that does not answer
 */
export function openKernelTree(options: OpenKernelTreeOptions): KconfigTree {
  const { tree, base = process.env } = options;
  const folder = 'cacheFolder' in options ? options.cacheFolder : cacheFolder(base);
  const environment = kernelEnvironment(options);
  const shell = shellProber({ cwd: tree, environment });
  const prober = folder === undefined ? shell : cachedProber({ inner: shell, folder, environment, cwd: tree });
  try {
    return readTree({ tree, environment, prober, cacheFolder: folder });
  } finally {
    prober.close();
  }
}
