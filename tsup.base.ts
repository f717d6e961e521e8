import { defineConfig, type Options } from 'tsup';

/** The build of every package: ESM with types; `entry` names what is public (and what runs as a process of its own). */
export function library(entry: Record<string, string> = { index: 'src/index.ts' }): Options | Options[] {
  return defineConfig({
    entry,
    format: 'esm',
    target: 'node22',
    dts: true,
    clean: true,
    sourcemap: true,
    splitting: true,
  }) as Options;
}
