/** A file or link of a layer, as far as it says what it needs. */
export interface LayerFile {
  /** Below the root, without a leading slash. */
  readonly path: string;
  /** `DT_NEEDED` of an ELF file: names of shared libraries. */
  readonly needed?: readonly string[];
  /** Program that runs it: an ELF file's dynamic linker, or the one after `#!`, with a leading slash. */
  readonly interpreter?: string;
}

/** What a recipe built, and what it says it needs. */
export interface BuiltLayer {
  readonly recipe: string;
  /** Its `needs.run`. */
  readonly needs: readonly string[];
  readonly files: readonly LayerFile[];
}

export interface TrueNeedsOptions {
  /** Interpreters that no recipe has to declare, with a leading slash. @default the POSIX shell under its two names */
  readonly given?: readonly string[];
  /** Needs that are known and cannot be declared, by recipe and need; the value says why. */
  readonly mutual?: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

/** Something that a file uses at run time and its recipe does not declare. */
export interface UndeclaredNeed {
  readonly recipe: string;
  /** The file that uses it. */
  readonly path: string;
  /** Library's name, or path of the interpreter. */
  readonly uses: string;
  /** The recipes whose layers have it; none when it is nowhere. */
  readonly providers: readonly string[];
}

/** The loader, the C library and a hundred packages have scripts for it, and it is linked to them: without a shell there is no system. */
const SHELL: readonly string[] = ['/bin/sh', '/usr/bin/sh', '/bin/bash', '/usr/bin/bash'];

/** Folders where a library is looked for by its name alone. */
const LIBRARY_FOLDER = /^usr\/lib\/([^/]+)$/;

/**
 * What built files use at run time although neither their own layer nor a declared need, nor a need of that, has it. What is declared and not
 * seen here is no fault: programs that are called and libraries that are opened by name leave no trace in a header.
 *
 * Sorted by recipe, path and name.
 */
export function undeclaredNeeds(layers: readonly BuiltLayer[], options: TrueNeedsOptions = {}): UndeclaredNeed[] {
  const { given = SHELL, mutual = {} } = options;
  const byRecipe = new Map(layers.map((layer) => [layer.recipe, layer]));
  const providers = providersOf(layers);
  const found: UndeclaredNeed[] = [];
  for (const { recipe, files } of layers) {
    const there = runClosure(byRecipe, recipe);
    const known = mutual[recipe] ?? {};
    for (const { path, needed = [], interpreter } of files) {
      const uses = [...needed, ...(interpreter === undefined || given.includes(interpreter) ? [] : [interpreter])];
      for (const name of uses) {
        // A library beside the one that needs it is found by its run path.
        const beside = providers.get(`/${path.slice(0, path.lastIndexOf('/') + 1)}${name}`) ?? [];
        const everywhere = [...new Set([...(providers.get(canonical(name)) ?? []), ...beside])].sort();
        if (everywhere.some((provider) => there.has(provider) || Object.hasOwn(known, provider))) continue;
        found.push({ recipe, path, uses: name, providers: everywhere });
      }
    }
  }
  return found.sort((a, b) => compare(a.recipe, b.recipe) || compare(a.path, b.path) || compare(a.uses, b.uses));
}

/** By the name of a library in the usual folder, and by full path. */
function providersOf(layers: readonly BuiltLayer[]): Map<string, string[]> {
  const providers = new Map<string, string[]>();
  const add = (name: string, recipe: string): void => {
    const known = providers.get(name);
    if (known === undefined) providers.set(name, [recipe]);
    else if (!known.includes(recipe)) known.push(recipe);
  };
  for (const { recipe, files } of layers) {
    for (const { path } of files) {
      add(`/${path}`, recipe);
      const library = LIBRARY_FOLDER.exec(path)?.[1];
      if (library !== undefined) add(library, recipe);
    }
  }
  return providers;
}

/** Paths as they are after the links of the merged `/usr`. */
function canonical(name: string): string {
  return name.replace(/^\/lib64\//, '/usr/lib/').replace(/^\/(bin|sbin|lib)\//, '/usr/$1/');
}

/** A recipe and all that it needs at run time, as far as layers are known. */
function runClosure(byRecipe: ReadonlyMap<string, BuiltLayer>, recipe: string): Set<string> {
  const closure = new Set<string>();
  const visit = (name: string): void => {
    if (closure.has(name)) return;
    closure.add(name);
    for (const need of byRecipe.get(name)?.needs ?? []) visit(need);
  };
  visit(recipe);
  return closure;
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
