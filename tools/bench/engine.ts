/**
 * What the engine costs beside the work: milliseconds a step (sandbox, capture, commit) against the same script run by sh alone,
 * and the time of `xlfs build` and `xlfs plan` when there is nothing to do.
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build, defineRecipe, defineRegistry, makePlan, openStore } from '@xlfs/core';

const STEPS = 20;
const folder = mkdtempSync(join(tmpdir(), 'xlfs-bench-'));
const script = (target: string, i: number): string =>
  `mkdir -p ${target}/usr/s${String(i)}; for n in 1 2 3 4 5 6 7 8 9 10; do echo $n > ${target}/usr/s${String(i)}/$n; done`;

try {
  const alone = median(
    Array.from({ length: STEPS }, (_, i) => timed(() => execFileSync('sh', ['-eu', '-c', script(join(folder, 'alone'), i)]))),
  );
  const perStep = await engineMilliseconds();
  console.log(
    `a step of ten small files: ${perStep.toFixed(0)} ms in the engine, ${alone.toFixed(1)} ms by sh alone: overhead ${(perStep - alone).toFixed(0)} ms (goal 150)`,
  );

  const xlfs = [process.execPath, fileURLToPath(new URL('../../packages/cli/dist/bin.js', import.meta.url))] as const;
  const node = median(times(10, () => execFileSync(process.execPath, ['-e', '0'])));
  for (const [verb, goal] of [
    ['build', 500],
    ['plan', 300],
  ] as const) {
    const ms = median(
      times(10, () => execFileSync(xlfs[0], [xlfs[1], verb, '--json'], { stdio: ['ignore', 'pipe', 'inherit'] })),
    );
    console.log(
      `xlfs ${verb} with nothing to do: ${ms.toFixed(0)} ms (goal ${String(goal)}), node alone: ${node.toFixed(0)} ms, ratio ${(ms / node).toFixed(1)}`,
    );
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}

/** A chain, so that steps cannot hide behind one another. */
async function engineMilliseconds(): Promise<number> {
  const common = { version: '1', summary: 'a bench', license: 'MIT', homepage: '', reference: 'none', weight: 0.01 };
  const recipes = Array.from({ length: STEPS }, (_, i) =>
    defineRecipe({
      ...common,
      name: `s${String(i)}`,
      needs: i === 0 ? [] : [`s${String(i - 1)}`],
      phases: [{ name: 'install', run: script('$DESTDIR', i) }],
    }),
  );
  const plan = makePlan(defineRegistry({ name: 'bench', root: 'host' }, recipes), [`s${String(STEPS - 1)}`]);
  const finished: number[] = [];
  await build(plan, {
    store: await openStore(join(folder, 'store')),
    lock: { lockVersion: 1, sources: {} },
    fetch: () => Promise.reject(new Error('no sources here')),
    onEvent: ({ type }) => {
      if (type === 'step-finished') finished.push(performance.now());
    },
  });
  return median(finished.slice(1).map((at, i) => at - (finished[i] ?? at)));
}

function times(count: number, run: () => unknown): number[] {
  return Array.from({ length: count }, () => timed(run));
}

function timed(run: () => unknown): number {
  const begun = performance.now();
  run();
  return performance.now() - begun;
}

function median(values: number[]): number {
  return values.sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}
