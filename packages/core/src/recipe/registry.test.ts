import { expect, test } from 'vitest';
import { defineRecipe } from './define.ts';
import type { Recipe } from './recipe.ts';
import { defineRegistry, findRecipe } from './registry.ts';

const profile = { name: 'test', root: 'host' } as const;

function recipe(name: string, needs: string[] = []): Recipe {
  const phases = [{ name: 'install', run: 'true' }];
  return defineRecipe({
    name,
    version: '1',
    summary: 's',
    license: 'MIT',
    homepage: '',
    reference: 'r',
    weight: 1,
    needs,
    phases,
  });
}

test('an unknown name gets the nearest one as a hint', () => {
  const registry = defineRegistry(profile, [recipe('xen-tools'), recipe('yajl')]);
  expect(() => findRecipe(registry, 'xen-tolls')).toThrow(
    expect.objectContaining({ code: 'RECIPE_UNKNOWN', hint: 'did you mean xen-tools?', exitCode: 2 }),
  );
});

test('a need that nothing provides is refused with who needs it', () => {
  expect(() => defineRegistry(profile, [recipe('a', ['nothing-like-it'])])).toThrow(
    expect.objectContaining({ code: 'RECIPE_UNKNOWN', message: expect.stringContaining('needed by a') as string }),
  );
});

test('a circle of needs is named in order', () => {
  const recipes = [recipe('a', ['b']), recipe('b', ['c']), recipe('c', ['a'])];
  expect(() => defineRegistry(profile, recipes)).toThrow(
    expect.objectContaining({ code: 'NEEDS_CYCLE', message: expect.stringContaining('a → b → c → a') as string }),
  );
});

test('two recipes of one name are refused', () => {
  expect(() => defineRegistry(profile, [recipe('a'), recipe('a')])).toThrow(
    expect.objectContaining({ code: 'RECIPE_DUPLICATE' }),
  );
});

test('a recipe with a wrong field is refused, naming recipe and field', () => {
  expect(() =>
    defineRecipe({
      name: 'Bad Name',
      version: '1',
      summary: 's',
      license: 'MIT',
      homepage: '',
      reference: 'r',
      weight: 1,
      phases: [],
    }),
  ).toThrow(expect.objectContaining({ code: 'RECIPE_INVALID', message: expect.stringContaining('name') as string }));
});
