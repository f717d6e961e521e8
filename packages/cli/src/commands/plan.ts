import { estimatePlan, estimatesFrom, resolvePlan } from '@xlfs/core';
import { availableParallelism } from 'node:os';
import { defineCommand } from '../command.ts';
import { openPlan, PROFILE_OPTION, type ProfileOption } from '../profiles.ts';
import { TESTS_OPTION, testPolicy, type TestsOption } from './shared/tests.ts';
import { formatSeconds, formatTable } from '../ui/format.ts';

interface PlannedStep {
  readonly step: string;
  readonly version: string;
  readonly kind: 'build' | 'test';
  readonly cached: boolean;
  readonly seconds: number;
  readonly estimatedFrom: 'history' | 'weight';
  readonly inputs: readonly string[];
}

/** `xlfs plan`: steps, what is cached, critical path, estimate. Runs nothing. */
export const plan = defineCommand({
  usage: 'plan [targets...]',
  summary: 'show the steps, what is cached, the critical path and an estimate; runs nothing',
  example: 'xlfs plan dom0-image',
  options: [PROFILE_OPTION, TESTS_OPTION],
  run: async (context, targets, options: ProfileOption & TestsOption) => {
    const { store, lock, plan: made } = await openPlan(context, options, targets, testPolicy(options));
    const { pending } = await resolvePlan(store, made, lock);
    const cores = availableParallelism();
    const estimates = estimatesFrom(await store.history(), cores);
    const steps = made.steps.map((step): PlannedStep => {
      const { seconds, from } = estimates.of(step);
      const [source] = step.recipe.sources;
      const version = source === undefined ? step.recipe.version : (lock.sources[source.name]?.version ?? step.recipe.version);
      const kind = step.suite === undefined ? 'build' : 'test';
      const cached = !pending.has(step.name);
      return { step: step.name, version, kind, cached, seconds, estimatedFrom: from, inputs: step.inputs };
    });
    return { profile: made.profile, targets: made.targets, steps, cores, ...estimatePlan(made, pending, estimates, cores) };
  },
  text: ({ steps, seconds, cpuSeconds, criticalPath, criticalPathSeconds, cores }) => {
    const rows = steps.map((step) => [
      step.cached ? 'cached' : step.kind,
      step.step,
      step.version,
      step.cached ? '' : formatSeconds(step.seconds),
      step.estimatedFrom === 'history' ? '' : '(by weight)',
    ]);
    if (criticalPath.length === 0) return `${formatTable(rows.map((row) => row.slice(0, 3)))}\nnothing to do`;
    return [
      formatTable(rows.map((row) => (row[0] === 'cached' ? row.slice(0, 3) : row))),
      `critical path: ${criticalPath.join(' → ')} (${formatSeconds(criticalPathSeconds)})`,
      `estimate: ${formatSeconds(seconds)} on ${String(cores)} cores, ${formatSeconds(cpuSeconds)} of processor time`,
    ].join('\n');
  },
});
