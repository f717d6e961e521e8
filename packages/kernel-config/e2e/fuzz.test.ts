import { expect, it } from 'vitest';

import { fuzz } from './support/fuzz.ts';

it('mutated Kconfig files give a tree or an error with a position, never a crash or a hang', { timeout: 120_000 }, () => {
  const { trees, errors, slowest } = fuzz(2000, 1);
  expect(trees).toBeGreaterThan(20);
  expect(errors).toBeGreaterThan(100);
  expect(slowest).toBeLessThan(10_000);
});
