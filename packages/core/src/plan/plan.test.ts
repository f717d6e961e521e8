import { expect, test } from 'vitest';
import { defineRecipe } from '../recipe/define.ts';
import type { RecipeInput } from '../recipe/recipe.ts';
import { defineRegistry } from '../recipe/registry.ts';
import { makePlan, type TestPolicy } from './plan.ts';

const PHASES = [{ name: 'install', run: 'true' }];
const ABOUT = { version: '1', summary: 's', license: 'MIT', homepage: '', reference: 'r', weight: 1, phases: PHASES };
const recipe = (name: string, more: Partial<RecipeInput> = {}) => defineRecipe({ ...ABOUT, name, ...more });

const registry = defineRegistry({ name: 'test', root: 'composed' }, [
  recipe('libc', { tests: { run: 'make check', critical: true }, needs: { test: ['expect', 'sed'] } }),
  recipe('sed', { tests: { suites: ['one', 'two'].map((name) => ({ name, run: 'make check' })) }, needs: ['libc'] }),
  recipe('perl', { tests: { run: 'make check' } }),
  recipe('expect', { tests: { run: 'make check' } }),
]);

function planned(target: string, tests?: TestPolicy): string[] {
  return makePlan(registry, [target], tests).steps.map(({ name }) => name);
}

test('tests are steps, where the policy says so, and what they need comes along', () => {
  expect(planned('sed')).toEqual(['libc', 'sed']);
  expect(planned('sed', 'none')).toEqual(['libc', 'sed']);
  expect(planned('sed', 'targets')).toEqual(['libc', 'sed', 'sed-tests-one', 'sed-tests-two']);
  expect(planned('sed', 'critical')).toEqual(['libc', 'sed', 'expect', 'libc-tests']);
  expect(planned('sed', 'all')).toEqual(['libc', 'sed', 'expect', 'libc-tests', 'sed-tests-one', 'sed-tests-two']);
});

test('tests are targets of their own, and may need what needs the tested', () => {
  expect(planned('libc-tests')).toEqual(['expect', 'libc', 'sed', 'libc-tests']);
  const [tests] = makePlan(registry, ['libc-tests']).steps.slice(-1);
  expect(tests).toMatchObject({ inputs: ['expect', 'libc', 'sed'], suite: { of: 'libc' } });
});
