import { expect, it } from 'vitest';

import { glibcRandom } from './random.ts';

it('gives the numbers of the C library for a seed', () => {
  const random = glibcRandom(1);
  expect([random(), random(), random()]).toEqual([1804289383, 846930886, 1681692777]);
});
