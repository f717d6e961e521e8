import { expect, test } from 'vitest';
import { defineRecipe } from '../recipe/define.ts';
import type { RecipeInput } from '../recipe/recipe.ts';
import { defineRegistry } from '../recipe/registry.ts';
import { estimatePlan, estimatesFrom } from './estimate.ts';
import { makePlan } from './plan.ts';

const common = {
  version: '1',
  summary: 's',
  license: 'MIT',
  homepage: '',
  reference: 'r',
  phases: [{ name: 'install', run: 'true' }],
};
const registry = defineRegistry({ name: 'test', root: 'host' }, [
  defineRecipe({ ...common, name: 'a', weight: 1 }),
  defineRecipe({ ...common, name: 'b', weight: 10 }),
  defineRecipe({ ...common, name: 'c', weight: 1, needs: ['a'] }),
  defineRecipe({ ...common, name: 'd', weight: 1, needs: ['b', 'c'] }),
]);
const plan = makePlan(registry, ['d']);
const all = new Set(plan.steps.map(({ name }) => name));

test('the critical path is the longest chain of pending steps', () => {
  const estimate = estimatePlan(plan, all, estimatesFrom([], 2), 2);
  expect(estimate.criticalPath).toEqual(['b', 'd']);
  expect(estimatePlan(plan, new Set(['a', 'c', 'd']), estimatesFrom([], 2), 2).criticalPath).toEqual(['a', 'c', 'd']);
});

test('one measured recipe gives the SBU of this machine, and the others follow it', () => {
  const { sbuSeconds, of } = estimatesFrom([{ recipe: 'b', weight: 10, seconds: 500, cpuSeconds: 960 }], 2);
  expect(sbuSeconds).toBe(96);
  const step = plan.steps.find(({ name }) => name === 'a');
  expect(step && of(step)).toMatchObject({ cpuSeconds: 96, from: 'weight' });
});

test('what a step waited while others ran, or the machine slept, is not time that it takes', () => {
  const seconds = (history: { seconds: number; cpuSeconds: number }): number | undefined => {
    const { of } = estimatesFrom([{ recipe: 'b', weight: 10, ...history }], 2);
    return plan.steps.filter(({ name }) => name === 'b').map(of)[0]?.seconds;
  };
  expect(seconds({ seconds: 4549, cpuSeconds: 2816 })).toBe(2816);
  expect(seconds({ seconds: 500, cpuSeconds: 960 })).toBe(500);
});

test('a run with tests says how long such a run takes, and not how long one without does', () => {
  const history = [
    { recipe: 'b', weight: 10, seconds: 100, cpuSeconds: 100 },
    { recipe: 'b', weight: 10, seconds: 900, cpuSeconds: 900, tests: true },
  ];
  const { sbuSeconds, of } = estimatesFrom(history, 2);
  const step = plan.steps.find(({ name }) => name === 'b');
  expect(sbuSeconds).toBe(10);
  expect(step && [of(step).seconds, of({ ...step, runTests: true }).seconds]).toEqual([100, 900]);
});

test('tests that were never run take what their recipe says of them, and else as long as the build', () => {
  const { of } = estimatesFrom([{ recipe: 'b', weight: 10, seconds: 70, cpuSeconds: 100 }], 2);
  const tested = (name: string, tests: RecipeInput['tests']): number => {
    const recipe = defineRecipe({ ...common, name, weight: 10, tests });
    return makePlan(defineRegistry({ name: 'test', root: 'host' }, [recipe]), [name], 'all').steps.map(of)[0]?.cpuSeconds ?? 0;
  };
  expect(tested('b', { run: 'make check', weight: 30 })).toBe(400);
  expect(tested('b', { run: 'make check' })).toBe(200);
  expect(tested('new', { run: 'make check', weight: 5 })).toBe(150);
});

test('nothing pending takes no time', () => {
  expect(estimatePlan(plan, new Set(), estimatesFrom([], 2), 2)).toMatchObject({ seconds: 0, criticalPath: [] });
});
