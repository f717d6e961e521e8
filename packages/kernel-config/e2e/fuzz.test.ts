import { expect, it } from 'vitest';

import { fuzzWatched } from './support/fuzz-watched.ts';

it('mutated Kconfig files give a tree or an error with a position, never a crash or a hang', { timeout: 300_000 }, async () => {
  const { trees, errors, rounds } = await fuzzWatched({ count: 4000, seed: 1 });
  // Enough of both kinds, or the mutations are no good.
  expect(trees).toBeGreaterThan(rounds / 4);
  expect(errors.KCONFIG_SYNTAX).toBeGreaterThan(100);
  expect(errors.KCONFIG_RECURSION).toBeGreaterThan(50);
  expect(errors.KCONFIG_SEMANTICS).toBeGreaterThan(20);
});
