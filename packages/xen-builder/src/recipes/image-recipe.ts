/** 2025-03-05, the engine's SOURCE_DATE_EPOCH: the time of every file that images add. */
export const EPOCH = 1_741_132_800;

/** What recipes of this package's own images have in common. */
export const ours = { version: '1', license: 'MIT', homepage: 'https://github.com/xlfs/xlfs', weight: 0.003 };

/** A task of this package, by the name of its module and function. */
export function task<Params>(module: string, name: string, params: Params): { module: string; export: string; params: never } {
  // The compiled tasks lie below this chunk's folder, the sources beside it.
  const url = import.meta.url.endsWith('.ts')
    ? new URL(`../tasks/${module}.ts`, import.meta.url)
    : new URL(`./tasks/${module}.js`, import.meta.url);
  return { module: url.href, export: name, params: params as never };
}
