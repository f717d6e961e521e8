import { defineConfig, type Options } from 'tsup';

/** The build of every package: ESM. `index` is public and has types; other entries are modules that run on their own: programs, tasks, workers. */
export function library(entry: Record<string, string> = { index: 'src/index.ts' }): Options | Options[] {
  return defineConfig({
    entry,
    format: 'esm',
    target: 'node22',
    dts: { entry: { index: entry['index'] ?? '' } },
    clean: true,
    sourcemap: true,
    splitting: true,
  }) as Options;
}
