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

test('tests take what their recipe says of them, and else as long as the build; what they took says nothing of the SBU', () => {
  const tested = (tests: RecipeInput['tests']): number | undefined => {
    const recipe = defineRecipe({ ...common, name: 'b', weight: 10, tests });
    const { of } = estimatesFrom(
      [
        { recipe: 'b', weight: 10, seconds: 70, cpuSeconds: 100 },
        { recipe: 'c-tests', seconds: 900, cpuSeconds: 900 },
      ],
      2,
    );
    return makePlan(defineRegistry({ name: 'test', root: 'host' }, [recipe]), ['b'], 'all').steps.map(of)[1]?.cpuSeconds;
  };
  expect(tested({ run: 'make check', weight: 30 })).toBe(300);
  expect(tested({ run: 'make check' })).toBe(100);
  expect(tested({ suites: [{ name: 'small', run: 'make check', weight: 5 }] })).toBe(50);
});

test('nothing pending takes no time', () => {
  expect(estimatePlan(plan, new Set(), estimatesFrom([], 2), 2)).toMatchObject({ seconds: 0, criticalPath: [] });
});
