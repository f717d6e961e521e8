import type { Recipe } from './recipe.ts';

/** What makes a step one of tests, and how its outcome is judged. */
export interface Suite {
  /** The recipe whose tests they are. The step starts in the build folder as that recipe's step left it. */
  readonly of: string;
  /** Prints `PASS: name` and `FAIL: name`. */
  readonly results: string | undefined;
  /** So many tests must pass. */
  readonly least: number;
  /** Tests that fail, each with its reason. */
  readonly known: Readonly<Record<string, string>>;
}

/** A recipe for the step that runs a suite. */
export interface TestRecipe {
  readonly recipe: Recipe;
  readonly suite: Suite;
}

/**
 * The recipes of a recipe's own tests: `zlib-tests`, or one for each suite, `gcc-tests-c-torture`. They need what the recipe was built with, the recipe itself
 * and what its tests need; nothing needs them.
 */
export function testRecipesOf(recipe: Recipe): TestRecipe[] {
  const { name, needs, tests } = recipe;
  if (tests === undefined) return [];
  const { results, known } = tests;
  return tests.suites.map(({ name: suite, run, weight = recipe.weight, least }) => ({
    recipe: {
      ...recipe,
      name: [name, 'tests', ...(suite === undefined ? [] : [suite])].join('-'),
      summary: `The tests of ${name}${suite === undefined ? '' : ` (${suite})`}`,
      needs: { build: [...new Set([name, ...needs.build, ...needs.test])], tools: needs.tools, run: [], test: [] },
      weight,
      phases: [{ name: 'test', run }],
      leaves: [],
      tests: undefined,
    },
    suite: { of: name, results, least, known },
  }));
}
