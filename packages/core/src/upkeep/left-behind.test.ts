import { expect, test } from 'vitest';
import { runClosureOf } from '../plan/graph.ts';
import { makePlan } from '../plan/plan.ts';
import { defineRecipe } from '../recipe/define.ts';
import type { RecipeInput } from '../recipe/recipe.ts';
import { defineRegistry } from '../recipe/registry.ts';
import { findLeftBehind } from './left-behind.ts';

const PHASES = [{ name: 'install', run: ':' }];
const ABOUT = { version: '1', summary: 's', license: 'MIT', homepage: '', reference: 'r', weight: 1, phases: PHASES };

function recipe(name: string, source: string | undefined, more: Partial<RecipeInput> = {}): ReturnType<typeof defineRecipe> {
  const sources = source === undefined ? [] : [{ name: source, version: '1', url: 'https://example.org/{version}' }];
  return defineRecipe({ ...ABOUT, name, sources, ...more });
}

/** What is found missing when each step has these files. */
function leftBehind(recipes: ReturnType<typeof defineRecipe>[], target: string, files: Record<string, string[]>) {
  const registry = defineRegistry({ name: 'test', root: 'composed' }, recipes);
  const plan = makePlan(registry, [target]);
  return findLeftBehind({ plan, closure: runClosureOf(registry, [target]), paths: new Map(Object.entries(files)) });
}

const temporary = recipe('temporary-gawk', 'gawk');

test('what the temporary build of a source has and nothing in the final root is named', () => {
  const gawk = recipe('gawk', 'gawk', { needs: { build: ['temporary-gawk'], run: ['bash'] } });
  const recipes = [temporary, recipe('bash', 'bash'), gawk];
  const files = { 'temporary-gawk': ['bin/awk', 'bin/gawk', 'bin/sh'], gawk: ['bin/gawk'], bash: ['bin/sh'] };
  expect(leftBehind(recipes, 'gawk', files)).toEqual([{ step: 'gawk', earlier: 'temporary-gawk', paths: ['bin/awk'] }]);
});

test('what a recipe leaves on purpose does not count, nor does another source', () => {
  const gawk = recipe('gawk', 'gawk', { needs: { build: ['temporary-gawk', 'make'] }, leaves: ['/awk'] });
  const recipes = [temporary, recipe('make', 'make'), gawk];
  expect(leftBehind(recipes, 'gawk', { 'temporary-gawk': ['bin/awk'], make: ['bin/make'], gawk: [] })).toEqual([]);
});

test('what runs with the final root is not left behind', () => {
  const gawk = recipe('gawk', 'gawk', { needs: ['temporary-gawk'] });
  expect(leftBehind([temporary, gawk], 'gawk', { 'temporary-gawk': ['bin/awk'], gawk: [] })).toEqual([]);
});
