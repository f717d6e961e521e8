import { join, resolve } from 'node:path';
import { Configuration, openKernelTree, readConfig, type KconfigTree } from '@xlfs/kernel-config';
import type { Context } from '../../context.ts';
import { nameOf, readInput } from '../shared/files.ts';
import { endAtOnce } from '../shared/interrupt.ts';
import { given } from '../shared/values.ts';

/** Options that say whose Kconfig files are meant, and for which compiler. */
export const TREE_OPTIONS = [
  ['--tree <dir>', "top folder of the kernel's sources"],
  ['--arch <arch>', 'as in make ARCH=… (default: $ARCH, else x86)'],
  ['--cross-compile <prefix>', 'as in make CROSS_COMPILE=…, such as aarch64-linux-gnu- (default: $CROSS_COMPILE)'],
  ['--cc <compiler>', 'compiler to ask what it can do (default: gcc behind the prefix)'],
] as const;

export interface TreeOptions {
  readonly tree?: string;
  readonly arch?: string;
  readonly crossCompile?: string;
  readonly cc?: string;
}

/** Reads a kernel's Kconfig files; the tree, and what its compiler answered, are kept below the store. */
export function openTree(context: Context, folder: string, { arch, crossCompile, cc }: TreeOptions): KconfigTree {
  endAtOnce();
  return openKernelTree({
    ...given({ arch, crossCompile, cc }),
    tree: resolve(folder),
    cacheFolder: join(context.storeDir, 'kconfig'),
  });
}

/** A tree under the values of a `.config`. */
export function evaluate(tree: KconfigTree, config: string, file: string): Configuration {
  const configuration = new Configuration(tree);
  readConfig(configuration, config, { file: nameOf(file) });
  return configuration;
}

/** A `.config` is bytes to the tools that read it: Latin-1 keeps each of them. */
export async function readConfigInput(file: string, signal: AbortSignal): Promise<string> {
  return (await readInput(file, signal)).toString('latin1');
}

/** The same for what is printed as UTF-8. */
export function printedConfig(text: string): string {
  return Buffer.from(text, 'latin1').toString().replace(/\n$/, '');
}
