import { expect, test } from 'vitest';
import { defineRecipe } from '../recipe/define.ts';
import type { RecipeInput } from '../recipe/recipe.ts';
import { defineRegistry } from '../recipe/registry.ts';
import { makePlan, type TestPolicy } from './plan.ts';

const PHASES = [{ name: 'install', run: 'true' }];
const ABOUT = { version: '1', summary: 's', license: 'MIT', homepage: '', reference: 'r', weight: 1, phases: PHASES };
const recipe = (name: string, more: Partial<RecipeInput> = {}) => defineRecipe({ ...ABOUT, name, ...more });

const registry = defineRegistry({ name: 'test', root: 'composed' }, [
  recipe('libc', { tests: { run: 'make check', critical: true }, needs: { test: ['expect'] } }),
  recipe('sed', { tests: { run: 'make check' }, needs: { build: ['libc'], test: ['perl'] } }),
  recipe('perl', { tests: { run: 'make check' } }),
  recipe('expect'),
]);

/** The plan's steps, those that run their tests in capitals. */
function planned(tests: TestPolicy): string[] {
  return makePlan(registry, ['sed'], tests).steps.map(({ name, runTests }) => (runTests ? name.toUpperCase() : name));
}

test('tests run, and what they need comes along, where the policy says so', () => {
  expect(planned('none')).toEqual(['libc', 'sed']);
  expect(planned('targets')).toEqual(['libc', 'perl', 'SED']);
  expect(planned('critical')).toEqual(['expect', 'LIBC', 'sed']);
  expect(planned('all')).toEqual(['expect', 'LIBC', 'PERL', 'SED']);
});
