import type { Recipe, Root } from '../recipe/recipe.ts';
import { findRecipe, rootOf, type Registry } from '../recipe/registry.ts';
import type { Suite } from '../recipe/test-recipes.ts';
import { buildOrder, inputsOf } from './graph.ts';

/** Which packages' own tests run: none, those of the targets alone, those that are critical to trust the toolchain, or all. */
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
  /** Of a step that runs tests. */
  readonly suite?: Suite;
}

/** A DAG of steps in topological order. Pure data: nothing was looked at but the registry. */
export interface Plan {
  readonly profile: string;
  readonly targets: readonly string[];
  readonly steps: readonly Step[];
}

/** @throws XlfsError `RECIPE_UNKNOWN` when a target is not in the registry. */
export function makePlan(registry: Registry, targets: readonly string[], tests: TestPolicy = 'none'): Plan {
  const suites = testsOf(registry, targets, tests);
  const steps = buildOrder(registry, [...targets, ...suites]).map((name): Step => {
    const recipe = findRecipe(registry, name);
    const inputs = inputsOf(registry, name);
    const suite = registry.tests.get(name)?.suite;
    return {
      name,
      profile: registry.profile.name,
      recipe,
      root: rootOf(registry, recipe),
      env: { ...registry.profile.env, ...recipe.env },
      inputs,
      after: [...new Set([...inputs, ...recipe.needs.run])],
      ...(suite === undefined ? {} : { suite }),
    };
  });
  return { profile: registry.profile.name, targets: [...targets], steps };
}

/** Names of the tests that a policy asks for, among those of what is built for the targets. */
function testsOf(registry: Registry, targets: readonly string[], policy: TestPolicy): string[] {
  if (policy === 'none') return [];
  const built = new Set(policy === 'targets' ? targets : buildOrder(registry, targets));
  const wanted = (name: string): boolean =>
    built.has(name) && (policy !== 'critical' || findRecipe(registry, name).tests?.critical === true);
  return [...registry.tests].flatMap(([name, { suite }]) => (wanted(suite.of) ? [name] : []));
}
