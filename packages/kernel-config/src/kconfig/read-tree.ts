import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { TreeCache } from '../cache/tree-cache.ts';
import { KernelConfigError } from '../errors.ts';
import type { Prober } from '../probes/prober.ts';
import { detectDialect, dialects, type Dialect, type DialectName } from './dialect.ts';
import { descendantsOf, property } from './menu.ts';
import { parseFiles, type ParserInput } from './parser.ts';
import { recursions } from './recursion.ts';
import { completeTree } from './structure.ts';
import { entryMistakes } from './entry-check.ts';
import type { KconfigTree, Warning } from './tree.ts';

export interface TreeOptions {
  /** Told which dialect the tree speaks before anything of it is read. */
  readonly onDialect?: (dialect: Dialect) => void;
  /** The first Kconfig file, relative to the tree. @default 'Kconfig' */
  readonly file?: string;
  /** The folder that names in `source` are relative to, besides the working directory: `$srctree`. */
  readonly tree?: string;
  /** Where names are looked up first, as the C program does. @default the tree only */
  readonly workingDirectory?: string;
  /** How to get the text (Latin-1) of a file; instead of `tree`, for trees that are not on disk. */
  readonly read?: (name: string) => string | undefined;
  /** @default told from the tree */
  readonly dialect?: DialectName | Dialect;
  /** What `$(NAME)` finds when no variable has that name. @default none */
  readonly environment?: Readonly<Record<string, string | undefined>>;
  readonly prober: Prober;
  readonly info?: (text: string) => void;
  /** Allow `rsource`, `osource` and `orsource`. @default false */
  readonly relativeSource?: boolean;
  /** Lists the files that a pattern in `source` (with `*`, `?` or `[`) stands for, in order. @default patterns are names */
  readonly glob?: (pattern: string) => readonly string[];
  /** Keeps parsed trees in this folder and uses them for as long as nothing that they were made from changes. @default none are kept */
  readonly cacheFolder?: string | undefined;
}

/** Several mistakes of a tree as one error: `errors` has them all. */
export class KconfigTreeError extends KernelConfigError {
  readonly errors: readonly KernelConfigError[];
  readonly warnings: readonly Warning[];

  constructor(errors: readonly KernelConfigError[], warnings: readonly Warning[]) {
    const first = errors[0]!;
    const more = errors.length === 1 ? '' : ` (and ${errors.length - 1} more)`;
    super(first.code, `${first.message}${more}`, {
      ...(first.position === undefined ? {} : { position: first.position }),
      includedFrom: first.includedFrom,
      ...(first.hint === undefined ? {} : { hint: first.hint }),
    });
    this.errors = errors;
    this.warnings = warnings;
  }
}

/**
 * Reads a Kconfig tree.
 *
 * @throws KernelConfigError for a missing file, a loop of inclusions, a failed macro
 * @throws KconfigTreeError for mistakes in the files, all of them
 */
export function readTree(options: TreeOptions): KconfigTree {
  const { cacheFolder, prober, environment = {}, info = () => undefined, onDialect = () => undefined } = options;
  const read = options.read ?? readerOf(options.tree ?? '.', options.workingDirectory);
  const dialect = typeof options.dialect === 'string' ? dialects[options.dialect] : options.dialect;
  const relativeSource = options.relativeSource ?? false;
  const file = options.file ?? 'Kconfig';
  const input = { file, read, environment, prober, info, relativeSource, glob: options.glob };
  if (cacheFolder === undefined || options.read !== undefined || options.glob !== undefined) {
    return parseTree({ ...input, dialect }, onDialect);
  }
  const { tree = '.', workingDirectory } = options;
  const cache = new TreeCache(cacheFolder, { file, tree, workingDirectory, dialect, relativeSource, environment });
  const kept = cache.load(prober);
  if (kept !== undefined) {
    onDialect(kept.tree.dialect);
    kept.info.forEach(info);
    return kept.tree;
  }
  const recorder = cache.record({ read, environment, prober, info });
  const parsed = parseTree({ ...input, ...recorder, dialect }, onDialect);
  recorder.save(parsed);
  return parsed;
}

function parseTree(
  input: Omit<ParserInput, 'dialect'> & { readonly dialect: Dialect | undefined },
  onDialect: (dialect: Dialect) => void,
): KconfigTree {
  const dialect = input.dialect ?? detectDialect(input.read);
  onDialect(dialect);
  const parsed = inDepth(() => parseFiles({ ...input, dialect }));
  const { root, symbols, warnings } = parsed;
  if (parsed.errors.length > 0) throw new KconfigTreeError(parsed.errors, warnings);
  const modules = parsed.modules ?? (dialect.ancient ? symbols.lookUp('MODULES') : symbols.no);
  root.prompt ??= property('menu', root, { file: '', line: 0 }, { text: dialect.title });
  const errors = inDepth(() => {
    completeTree({ root, symbols, modules, dialect, warn: (message, position) => warnings.push({ message, position }) });
    return [
      ...recursions({ root, symbols, modules, dialect }),
      ...[...descendantsOf(root)].flatMap((menu) => [...entryMistakes(menu, dialect)]),
    ];
  });
  if (errors.length > 0) throw new KconfigTreeError(errors, warnings);
  return {
    dialect,
    root,
    symbols,
    modules,
    defconfigList: parsed.defconfigList,
    files: parsed.files,
    environment: parsed.environment,
    warnings,
  };
}

/** Opens names below the working directory (if given), then below the tree. */
export function readerOf(tree: string, workingDirectory?: string): (name: string) => string | undefined {
  const open = (path: string): string | undefined => {
    try {
      // NUL ends a string in C, and marks pending answers here.
      return readFileSync(path, 'latin1').replaceAll('\0', '');
    } catch {
      return undefined;
    }
  };
  return (name) => {
    if (name.startsWith('/')) return open(name);
    return (workingDirectory === undefined ? undefined : open(join(workingDirectory, name))) ?? open(join(tree, name));
  };
}

/** Runs something recursive, and turns an exhausted stack into an error of the input. */
function inDepth<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (error instanceof RangeError)
      throw new KernelConfigError('KCONFIG_TOO_DEEP', 'the tree is nested too deeply', { cause: error });
    throw error;
  }
}
