import { readdirSync, readFileSync } from 'node:fs';
import { defineRecipe, defineRegistry, parseLock, type RecipeInput } from '@xlfs/core';
import { describe, expect, test } from 'vitest';
import { lfsProfile, lfsRecipes, userlandRecipes } from '../index.ts';
import { mutualNeeds } from '../recipes/mutual-needs.ts';
import { lintRecipe } from './lint-recipe.ts';

const path = new URL('../../../../xlfs.lock.json', import.meta.url);
const lock = parseLock(readFileSync(path, 'utf8'), 'xlfs.lock.json');

/** Some serve both profiles; what says the same of itself is the same. */
const recipes = [
  ...new Map([...userlandRecipes, ...lfsRecipes()].map((recipe) => [`${recipe.name}: ${recipe.summary}`, recipe])).values(),
];

describe('every recipe of this package', () => {
  test.each(recipes.map((recipe) => [recipe.name, recipe] as const))('%s is in order', (_name, recipe) => {
    expect(lintRecipe(recipe, lock)).toEqual([]);
  });

  test('needs nothing that is not here, and nothing in a circle', () => {
    expect(defineRegistry({ name: 'host', root: 'host' }, userlandRecipes).recipes.size).toBe(userlandRecipes.length);
    expect(defineRegistry(lfsProfile, lfsRecipes()).recipes.size).toBe(lfsRecipes().length);
  });

  test('declares what it needs, but for the few needs that are mutual, of which each is one', () => {
    const byName = new Map(lfsRecipes().map((recipe) => [recipe.name, recipe]));
    const closure = (name: string, seen = new Set<string>()): Set<string> => {
      for (const need of byName.get(name)?.needs.run ?? []) if (!seen.has(need)) closure(need, seen.add(need));
      return seen;
    };
    for (const [name, needs] of Object.entries(mutualNeeds)) {
      for (const need of Object.keys(needs)) {
        expect(byName.has(need), need).toBe(true);
        expect(closure(name).has(need), `${name} declares ${need}`).toBe(false);
      }
    }
  });

  test('stands in a file of its own', () => {
    const files = readdirSync(new URL('../recipes', import.meta.url), { recursive: true, encoding: 'utf8' });
    const names = files.filter((file) => /^\w+\/(?!index).*\.ts$/.test(file));
    expect(names.length).toBe(recipes.length);
  });
});

describe('a recipe is complained about', () => {
  const good: RecipeInput = {
    name: 'zlib',
    version: '1.3.1',
    summary: 'Compression library',
    license: 'Zlib',
    homepage: 'https://zlib.net/',
    reference: 'LFS 12.3, 8.6',
    sources: [
      {
        name: 'zlib',
        version: '1.3.1',
        url: 'https://github.com/madler/zlib/releases/download/v{version}/zlib-{version}.tar.xz',
        debian: { package: 'zlib' },
      },
    ],
    weight: 0.1,
    phases: [{ name: 'build', run: 'make' }],
  };
  const source = good.sources?.[0];
  if (source === undefined) throw new Error('no source');

  test('not when it is in order', () => {
    expect(lintRecipe(defineRecipe(good), lock)).toEqual([]);
  });

  test.each<[string, Partial<RecipeInput>, RegExp]>([
    ['its licence is no SPDX expression', { license: 'GPLv2' }, /license "GPLv2"/],
    ['its homepage is no URL', { homepage: 'zlib.net' }, /homepage/],
    [
      'its url has the version written into it',
      { sources: [{ ...source, url: 'https://zlib.net/zlib-1.3.1.tar.xz' }] },
      /no \{version\}/,
    ],
    ['its source is not locked', { sources: [{ ...source, name: 'zlib-ng' }] }, /zlib-ng is not in the lock file/],
    [
      'its source is locked at another version',
      { version: '1.3.2', sources: [{ ...source, version: '1.3.2' }] },
      /locked at 1\.3\.1/,
    ],
    [
      'its source is locked from elsewhere',
      { sources: [{ ...source, url: 'https://zlib.net/zlib-{version}.tar.xz' }] },
      /which is not its url/,
    ],
    ['it passes -j to make', { phases: [{ name: 'build', run: 'make all -j8' }] }, /passes -j/],
    ['it wants the network', { phases: [{ name: 'build', run: 'wget https://example.org/x' }] }, /network/],
    ['it calls sudo', { phases: [{ name: 'install', run: 'sudo make install' }] }, /sudo/],
  ])('when %s', (_why, change, complaint) => {
    expect(lintRecipe(defineRecipe({ ...good, ...change }), lock).join('\n')).toMatch(complaint);
  });
});
