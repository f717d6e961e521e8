import { findRecipe, type Registry } from '../recipe/registry.ts';

/**
 * What has to lie below a recipe while it is built: its build needs and whatever those need at run time, dependencies first.
 * The order is total and depends on the registry's content only, since it decides which layer wins.
 */
export function inputsOf(registry: Registry, name: string, withTests = false): string[] {
  const { needs } = findRecipe(registry, name);
  const ordered: string[] = [];
  const seen = new Set<string>();
  for (const need of [...needs.build, ...(withTests ? needs.test : [])].sort()) addRunClosure(registry, need, seen, ordered);
  return ordered;
}

/** A recipe and everything it needs at run time, dependencies first. */
export function runClosureOf(registry: Registry, names: readonly string[]): string[] {
  const ordered: string[] = [];
  const seen = new Set<string>();
  for (const name of [...names].sort()) addRunClosure(registry, name, seen, ordered);
  return ordered;
}

/** All recipes to be built for `targets`, dependencies first. */
export function buildOrder(registry: Registry, targets: readonly string[], withTests = false): string[] {
  const ordered: string[] = [];
  const seen = new Set<string>();
  const visit = (name: string): void => {
    if (seen.has(name)) return;
    seen.add(name);
    const { needs } = findRecipe(registry, name);
    for (const need of [...needs.build, ...needs.run, ...(withTests ? needs.test : [])].sort()) visit(need);
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
