import { buildNeedsOf, findRecipe, rootOf, type Registry } from '../recipe/registry.ts';

/**
 * What has to lie below a recipe while it is built: its build needs and whatever those need at run time, dependencies first.
 * The order is total and depends on the registry's content only, since it decides which layer wins.
 */
export function inputsOf(registry: Registry, name: string): string[] {
  const recipe = findRecipe(registry, name);
  const ordered: string[] = [];
  const seen = new Set<string>();
  for (const need of baseOf(registry, name)) addRunClosure(registry, need, seen, ordered);
  for (const need of buildNeedsOf(registry, recipe).sort()) addRunClosure(registry, need, seen, ordered);
  return ordered;
}

/** The profile's base, for a script that runs in a composed root and is not a part of the base, nor a test of one. */
function baseOf(registry: Registry, name: string): readonly string[] {
  const { base = [] } = registry.profile;
  const recipe = findRecipe(registry, name);
  const usesBase = base.length > 0 && rootOf(registry, recipe) === 'composed' && recipe.task === undefined;
  const built = registry.tests.get(name)?.suite.of ?? name;
  return usesBase && !buildClosureOf(registry, base).has(built) ? base : [];
}

const baseClosures = new WeakMap<Registry, Set<string>>();

/** Everything that is built for the base. */
function buildClosureOf(registry: Registry, base: readonly string[]): Set<string> {
  const known = baseClosures.get(registry);
  if (known !== undefined) return known;
  const closure = new Set<string>();
  const visit = (name: string): void => {
    if (closure.has(name)) return;
    closure.add(name);
    const recipe = findRecipe(registry, name);
    for (const need of [...buildNeedsOf(registry, recipe), ...recipe.needs.run]) visit(need);
  };
  for (const name of base) visit(name);
  baseClosures.set(registry, closure);
  return closure;
}

/** Recipes and everything that they need at run time, dependencies first. Tests make nothing that could be used. */
export function runClosureOf(registry: Registry, names: readonly string[]): string[] {
  const ordered: string[] = [];
  const seen = new Set<string>();
  for (const name of [...names].sort()) if (!registry.tests.has(name)) addRunClosure(registry, name, seen, ordered);
  return ordered;
}

/** All recipes to be built for `targets`, dependencies first. */
export function buildOrder(registry: Registry, targets: readonly string[]): string[] {
  const ordered: string[] = [];
  const seen = new Set<string>();
  const visit = (name: string): void => {
    if (seen.has(name)) return;
    seen.add(name);
    const recipe = findRecipe(registry, name);
    for (const need of baseOf(registry, name)) visit(need);
    for (const need of [...buildNeedsOf(registry, recipe), ...recipe.needs.run].sort()) visit(need);
    ordered.push(name);
  };
  for (const target of targets) visit(target);
  return ordered;
}

function addRunClosure(registry: Registry, name: string, seen: Set<string>, ordered: string[]): void {
  if (seen.has(name)) return;
  seen.add(name);
  for (const need of [...findRecipe(registry, name).needs.run].sort()) addRunClosure(registry, need, seen, ordered);
  ordered.push(name);
}
