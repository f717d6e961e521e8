import { XlfsError } from '../errors.ts';
import { didYouMean } from './did-you-mean.ts';
import type { Recipe, Root } from './recipe.ts';
import { testRecipesOf, type TestRecipe } from './test-recipes.ts';

/** How the recipes of a registry see the world unless they say otherwise. */
export interface Profile {
  readonly name: string;
  readonly root: Root;
  /** Recipes that lie below every composed step, so that no recipe has to name compiler and shell; those themselves are built without. */
  readonly base?: readonly string[];
  /** Environment of every step, below the recipe's own; part of the key. */
  readonly env?: Readonly<Record<string, string>>;
}

/** The recipes of a profile, by name; every need resolves and there is no cycle. */
export interface Registry {
  readonly profile: Profile;
  readonly recipes: ReadonlyMap<string, Recipe>;
  /** The recipes of their own tests, by name: targets like all others, which nothing needs. */
  readonly tests: ReadonlyMap<string, TestRecipe>;
}

/**
 * Puts recipes together under one profile.
 *
 * @throws XlfsError `RECIPE_DUPLICATE`, `RECIPE_UNKNOWN` (a need that nothing provides), `NEEDS_CYCLE` (named).
 */
export function defineRegistry(profile: Profile, recipes: Iterable<Recipe>): Registry {
  const byName = new Map<string, Recipe>();
  const tests = new Map<string, TestRecipe>();
  const refuseTaken = (name: string): void => {
    if (!byName.has(name) && !tests.has(name)) return;
    throw new XlfsError('RECIPE_DUPLICATE', `two recipes are called ${name}`, { hint: 'rename one of them' });
  };
  for (const recipe of recipes) {
    refuseTaken(recipe.name);
    byName.set(recipe.name, recipe);
    for (const test of testRecipesOf(recipe)) {
      refuseTaken(test.recipe.name);
      tests.set(test.recipe.name, test);
    }
  }
  const registry: Registry = { profile, recipes: byName, tests };
  for (const recipe of [...byName.values(), ...[...tests.values()].map((test) => test.recipe)]) {
    for (const need of allNeeds(registry, recipe)) findRecipe(registry, need, `needed by ${recipe.name}`);
  }
  for (const name of profile.base ?? []) findRecipe(registry, name, `the base of profile ${profile.name}`);
  refuseCycles(registry);
  return registry;
}

/** Whether there is a recipe of that name, or tests. */
export function hasRecipe({ recipes, tests }: Registry, name: string): boolean {
  return recipes.has(name) || tests.has(name);
}

/** A recipe, or that of a recipe's tests. @throws XlfsError `RECIPE_UNKNOWN`, with the nearest name. */
export function findRecipe(registry: Registry, name: string, context?: string): Recipe {
  const recipe = registry.recipes.get(name) ?? registry.tests.get(name)?.recipe;
  if (recipe !== undefined) return recipe;
  const near = didYouMean(name, [...registry.recipes.keys(), ...registry.tests.keys()]);
  throw new XlfsError(
    'RECIPE_UNKNOWN',
    `no recipe is called ${JSON.stringify(name)} in profile ${registry.profile.name}${context === undefined ? '' : ` (${context})`}`,
    { hint: near === undefined ? `known: ${[...registry.recipes.keys()].sort().join(', ')}` : `did you mean ${near}?` },
  );
}

/** Where the recipe's script sees the composed root. */
export function rootOf({ profile }: Registry, recipe: Recipe): Root {
  return recipe.root ?? profile.root;
}

/** What has to be there while a recipe is built: {@link Recipe.needs} as far as they count under the registry's profile. */
export function buildNeedsOf(registry: Registry, recipe: Recipe): string[] {
  const { build, tools } = recipe.needs;
  return rootOf(registry, recipe) === 'composed' ? [...build, ...tools] : [...build];
}

function allNeeds(registry: Registry, recipe: Recipe): string[] {
  return [...buildNeedsOf(registry, recipe), ...recipe.needs.run];
}

/** Run-time needs may be mutual in the world at large; here they decide the order of layers, so they may not. */
function refuseCycles(registry: Registry): void {
  const done = new Set<string>();
  const path: string[] = [];
  const visit = (name: string): void => {
    if (done.has(name)) return;
    const at = path.indexOf(name);
    if (at >= 0) {
      throw new XlfsError('NEEDS_CYCLE', `needs go round in a circle: ${[...path.slice(at), name].join(' → ')}`, {
        hint: 'drop one of these needs, or split the recipe that closes the circle',
      });
    }
    path.push(name);
    const recipe = registry.recipes.get(name);
    if (recipe !== undefined) for (const need of allNeeds(registry, recipe)) visit(need);
    path.pop();
    done.add(name);
  };
  for (const name of registry.recipes.keys()) visit(name);
}
