/**
 * Mutated Kconfig texts: whatever comes in, a tree or an error with a position comes out, and soon.
 *
 *     npm run fuzz -w @xlfs/kernel-config [-- --count=1000000 --seed=1]
 */
import { parseArgs } from 'node:util';

import { fuzz } from '../e2e/support/fuzz.ts';

const { values } = parseArgs({
  options: { count: { type: 'string', default: '1000000' }, seed: { type: 'string', default: '1' } },
});
const start = performance.now();
const result = fuzz(Number(values.count), Number(values.seed));
console.log(
  `${values.count} mutations, seed ${values.seed}: ${result.trees} trees, ${result.errors} errors, slowest ${result.slowest.toFixed(0)} ms, ${((performance.now() - start) / 1000).toFixed(0)} s`,
);
