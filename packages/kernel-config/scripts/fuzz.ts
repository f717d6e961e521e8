/**
 * Mutated Kconfig texts: whatever comes in, a tree or an error with a position comes out, and soon.
 *
 *     npm run fuzz -w @xlfs/kernel-config [-- --count=1000000 --seed=1 --first=0]
 */
import { parseArgs } from 'node:util';

import { fuzzWatched } from '../e2e/support/fuzz-watched.ts';

const { values } = parseArgs({
  options: {
    count: { type: 'string', default: '1000000' },
    seed: { type: 'string', default: '1' },
    first: { type: 'string', default: '0' },
  },
});
const [count, seed, first] = [Number(values.count), Number(values.seed), Number(values.first)];
const start = performance.now();
let told = first;
const { trees, errors, slowest, slowestRound } = await fuzzWatched({
  count,
  seed,
  first,
  onProgress: (round) => {
    if (round < told + 50_000) return;
    told = round;
    console.log(`  … round ${round}, ${((performance.now() - start) / 1000).toFixed(0)} s`);
  },
});
const cpu = process.cpuUsage();
console.log(
  `${count} mutants, seed ${seed}, from round ${first}: ${trees} trees; errors: ${Object.entries(errors)
    .map(([code, number]) => `${number} ${code}`)
    .join(', ')}; no crash, no hang; slowest ${slowest.toFixed(0)} ms (round ${slowestRound}); ` +
    `${((cpu.user + cpu.system) / 1e6).toFixed(0)} s of processor, ${((performance.now() - start) / 1000).toFixed(0)} s`,
);
