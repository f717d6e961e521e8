import type { Recipe, Root } from '../recipe/recipe.ts';
import { findRecipe, rootOf, type Registry } from '../recipe/registry.ts';
import { buildOrder, inputsOf } from './graph.ts';

/** Which packages' own test suites run: none, those of the targets alone, those that are critical to trust the toolchain, or all. */
export type TestPolicy = 'none' | 'targets' | 'critical' | 'all';

/** One node of the plan: a recipe with its inputs resolved to names. */
export interface Step {
  readonly name: string;
  /** The name of the profile that it is a step of. */
  readonly profile: string;
  readonly recipe: Recipe;
  /** Where the script sees the composed root. */
  readonly root: Root;
  /** The profile's environment with the recipe's over it. */
  readonly env: Readonly<Record<string, string>>;
  /** Steps whose layers lie below this one while it runs; lowest first. */
  readonly inputs: readonly string[];
  /** Steps that have to be finished first: inputs, and what is needed at run time by this one. */
  readonly after: readonly string[];
  readonly runTests: boolean;
}

/** A DAG of steps in topological order. Pure data: nothing was looked at but the registry. */
export interface Plan {
  readonly profile: string;
  readonly targets: readonly string[];
  readonly steps: readonly Step[];
}

/** @throws XlfsError `RECIPE_UNKNOWN` when a target is not in the registry. */
export function makePlan(registry: Registry, targets: readonly string[], tests: TestPolicy = 'none'): Plan {
  const runsTests = (recipe: Recipe): boolean => {
    if (recipe.tests === undefined || tests === 'none') return false;
    if (tests === 'targets') return targets.includes(recipe.name);
    return tests === 'all' || recipe.tests.critical;
  };
  const steps = buildOrder(registry, targets, runsTests).map((name): Step => {
    const recipe = findRecipe(registry, name);
    const runTests = runsTests(recipe);
    const inputs = inputsOf(registry, name, runTests);
    return {
      name,
      profile: registry.profile.name,
      recipe,
      root: rootOf(registry, recipe),
      env: { ...registry.profile.env, ...recipe.env },
      inputs,
      after: [...new Set([...inputs, ...recipe.needs.run])],
      runTests,
    };
  });
  return { profile: registry.profile.name, targets: [...targets], steps };
}
