import { defineConfig, type Options } from 'tsup';

/**
 * The build of every package: ESM. The entries named `open` are what its package.json exports, with types; others are modules that run on their
 * own: programs, tasks, workers.
 */
export function library(
  entry: Record<string, string> = { index: 'src/index.ts' },
  open: readonly string[] = ['index'],
): Options | Options[] {
  return defineConfig({
    entry,
    format: 'esm',
    target: 'node22',
    dts: { entry: Object.fromEntries(open.map((name) => [name, entry[name] ?? ''])) },
    clean: true,
    sourcemap: true,
    splitting: true,
  }) as Options;
}
