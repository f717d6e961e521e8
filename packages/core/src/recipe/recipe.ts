import { z } from 'zod';

/** Names of recipes and sources: what is safe as a file name, a mount point and a shell word. */
export const nameSchema = z.string().regex(/^[a-z0-9][a-z0-9+._-]*$/, 'lower-case letters, digits and + . _ - only');

/** Where one tarball comes from. The lock file pins its version and digests; this says where to look. */
export const sourceSchema = z.strictObject({
  /** Key in the lock file, and the folder below `/build` where it is unpacked. */
  name: nameSchema,
  /** Version that the recipe was written for; the lock decides which one is built. */
  version: z.string().min(1),
  /** Upstream URL; `{version}` stands for the version. */
  url: z.string().min(1),
  /** Debian source package that carries the same release, when there is one. */
  debian: z
    .strictObject({
      package: nameSchema,
      /** Debian's upstream version when it differs from `version` (`1.3.dfsg+really1.3.1`). */
      version: z.string().optional(),
      /** A tarball inside the orig tarball (`gcc-*.tar.xz`), as a glob. */
      nested: z.string().optional(),
    })
    .optional(),
});

/** One bracketed part of a step's script; the names show up in logs and timings. */
export const phaseSchema = z.strictObject({
  name: z.string().regex(/^[a-z][a-z0-9 -]*$/),
  /** POSIX shell, run with `set -eu` in the unpacked source folder. */
  run: z.string(),
});

/** A function run instead of a script, inside the engine's namespace worker: for assembling images from layers. */
export const taskSchema = z.strictObject({
  /** `file:` URL of an ES module; its content's digest is part of the step's key. */
  module: z.string().startsWith('file:'),
  /** Name of the exported {@link TaskFunction}. */
  export: z.string(),
  /** JSON value passed to the function; part of the step's key. */
  params: z.json(),
});

/**
 * How a step sees the world. `host`: the distribution's `/usr` read-only, its compiler pointed at the target root `$DESTDIR`. `cross`: the same
 * without pointing, for what bootstraps a toolchain of its own below `$LFS`. `composed`: the target root is `/` and nothing else is there.
 */
export const ROOTS = ['host', 'cross', 'composed'] as const;
export type Root = (typeof ROOTS)[number];

const needsSchema = z.strictObject({
  /** Must be there while this is built. What those need at run time comes along. */
  build: z.array(nameSchema).default([]),
  /** Programs that run while this is built. Recipes where the root is `composed`; elsewhere the distribution has them. */
  tools: z.array(nameSchema).default([]),
  /** Must be there wherever this is used. */
  run: z.array(nameSchema).default([]),
  /** Must be there, besides, while its tests run; may need the recipe itself. */
  test: z.array(nameSchema).default([]),
});

/** What tests have in common, however many suites they are. */
const judgement = {
  /** Whether the toolchain is not to be trusted without. */
  critical: z.boolean().default(false),
  /** Prints the result of each test that was run, one a line: `PASS: name` or `FAIL: name`; other lines do not count. Without it the status tells. */
  results: z.string().optional(),
  /** Tests that fail, each with its reason. */
  known: z.record(z.string(), z.string()).default({}),
};

const suite = {
  /** POSIX shell, run with `set -eu` in the source folder as the build left it. Its status counts where no test is known to fail. */
  run: z.string(),
  /** Processor time in SBU. @default that of the build */
  weight: z.number().positive().optional(),
  /** So many tests must pass, somewhat fewer than were seen to: a run that broke off is no success, nor is one that found none. */
  least: z.number().int().positive().default(1),
};

/** One suite, or several that are steps of their own, so that what one took hours for is kept when another fails. */
const testsSchema = z
  .union([
    z.strictObject({ ...judgement, ...suite }),
    z.strictObject({ ...judgement, suites: z.array(z.strictObject({ name: nameSchema, ...suite })).min(1) }),
  ])
  .transform((tests) => {
    if ('suites' in tests) return tests;
    const { run, weight, least, ...common } = tests;
    return { ...common, suites: [{ name: undefined, run, weight, least }] };
  });

export const recipeSchema = z.strictObject({
  name: nameSchema,
  version: z.string().min(1),
  /** What it is for, in one line. */
  summary: z.string().min(1),
  /** SPDX licence expression. */
  license: z.string().min(1),
  homepage: z.string(),
  /** The text that the steps follow: book section, README, INSTALL. */
  reference: z.string().min(1),
  /** The first source's folder is where the script starts. */
  sources: z.array(sourceSchema).default([]),
  /** An array is short for the same needs at build and at run time. */
  needs: z
    .union([z.array(nameSchema), needsSchema])
    .default([])
    .transform((needs) => (Array.isArray(needs) ? { build: needs, tools: [], run: needs, test: [] } : needs)),
  /** Build time in SBU: 1 is the book's binutils pass 1 (198 CPU seconds on the machine of docs/benchmarks.md). */
  weight: z.number().positive(),
  /** Default: the profile's. */
  root: z.enum(ROOTS).optional(),
  /** Environment beside the sandbox's own; part of the key. */
  env: z.record(z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*$/), z.string()).default({}),
  /** Small text files, found at `$FILES/<name>` during the build; part of the key. */
  files: z.record(z.string().regex(/^[A-Za-z0-9][A-Za-z0-9+._-]*$/), z.string()).default({}),
  phases: z.array(phaseSchema).default([]),
  /** Parts of paths that an earlier build of the same source has and this one lacks on purpose; see `findLeftBehind`. */
  leaves: z.array(z.string().min(1)).default([]),
  /** The package's own tests: steps that go on in its build folder, see `testRecipesOf`. */
  tests: testsSchema.optional(),
  task: taskSchema.optional(),
});

export type Source = z.output<typeof sourceSchema>;
export type Phase = z.output<typeof phaseSchema>;
export type Task = z.output<typeof taskSchema>;
/** A recipe as authors write it. */
export type RecipeInput = z.input<typeof recipeSchema>;
/** A recipe as the engine reads it: validated, defaults filled in. */
export type Recipe = z.output<typeof recipeSchema>;

/** What a task is given. Paths are absolute and readable with the layers' own owners. */
export interface TaskContext {
  /** The input layers, dependencies first. `root` holds the tree as it lies below `/`. */
  readonly inputs: readonly TaskInput[];
  /** Empty folder: what the task writes here becomes its layer. */
  readonly output: string;
  /** Scratch folder, removed afterwards. */
  readonly work: string;
  readonly params: unknown;
  readonly log: (line: string) => void;
}

export interface TaskInput {
  /** Recipe that made the layer. */
  readonly recipe: string;
  readonly digest: string;
  readonly root: string;
}

export type TaskFunction = (context: TaskContext) => Promise<void>;
