import {
  build as buildPlan,
  findConflicts,
  findLeftBehind,
  keepAsRoot,
  readFinishedRoot,
  rebuild,
  sourceFetcher,
  type Conflict,
  type LeftBehind,
  type Plan,
  type Rebuilt,
  XlfsError,
} from '@xlfs/core';
import { defineCommand } from '../command.ts';
import { openPlan, PROFILE_OPTION, type ProfileOption } from '../profiles.ts';
import { TESTS_OPTION, testPolicy, type TestsOption } from './shared/tests.ts';

interface BuildOptions extends ProfileOption, TestsOption {
  readonly jobs?: string;
  readonly keepGoing?: boolean;
  readonly mirror?: string;
  readonly check?: boolean;
}

/** `xlfs build`: runs the steps that the store does not have. */
export const build = defineCommand({
  usage: 'build [targets...]',
  summary: 'build what the targets (recipes, or a profile) need and the store does not have',
  example: 'xlfs build lfs --keep-going',
  options: [
    PROFILE_OPTION,
    ['-j, --jobs <n>', 'compilers at a time over all steps (default: the processors)'],
    ['-k, --keep-going', 'after a failure, build what does not depend on it'],
    TESTS_OPTION,
    [
      '--check',
      'build the targets, or all steps of a profile, once more from the same inputs, and name the files that come out different',
    ],
    ['--mirror <place>', 'folder or base URL to look for sources first'],
  ],
  run: async (context, targets, options: BuildOptions) => {
    const { registry, lock, store, plan: made, whole } = await openPlan(context, options, targets, testPolicy(options));
    const common = {
      store,
      lock,
      fetch: sourceFetcher(store, lock, { mirror: options.mirror }),
      onEvent: context.onEvent,
      signal: context.signal,
      ...(options.jobs === undefined ? {} : { jobs: jobCount(options.jobs) }),
    };
    const result = await buildPlan(made, { ...common, keepGoing: options.keepGoing ?? false });
    await keepAsRoot(store, made.profile, made.targets, result.actions.values());
    // What is in the store was looked at when it came there.
    const root = result.built.length > 0 ? await readFinishedRoot(store, registry, made, result.actions) : undefined;
    return {
      type: 'result' as const,
      built: result.built,
      seconds: result.seconds,
      layers: Object.fromEntries(made.targets.map((target) => [target, result.actions.get(target)?.layer])),
      conflicts: root === undefined ? [] : findConflicts(root),
      leftBehind: root === undefined ? [] : findLeftBehind(root),
      ...(options.check === true ? { check: await rebuild(made, whole ? stepsThatMake(made) : made.targets, common) } : {}),
    };
  },
  text: ({ built, conflicts, leftBehind, check = [] }) =>
    [
      ...(built.length === 0 && check.length === 0 ? ['nothing to do'] : []),
      ...conflicts.map(describeConflict),
      ...leftBehind.map(describeLeftBehind),
      ...check.flatMap(describeDifferences),
      ...(check.length > 0 ? [describeShare(check)] : []),
    ].join('\n'),
  status: ({ check = [] }) => (check.every(({ differences }) => differences.length === 0) ? 0 : 1),
});

/** Steps with something to make: names that only stand for others would come out the same every time. */
function stepsThatMake({ steps }: Plan): string[] {
  const making = steps.filter(
    ({ recipe, suite }) => suite === undefined && (recipe.sources.length > 0 || recipe.task !== undefined),
  );
  return making.map(({ name }) => name);
}

function describeConflict({ path, steps: [one, other] }: Conflict): string {
  return `warning: ${one} and ${other} both have /${path}, and neither comes before the other`;
}

function describeLeftBehind({ step, earlier, paths: [first, ...others] }: LeftBehind): string {
  const more = others.length === 0 ? '' : ` and ${String(others.length)} more`;
  return `warning: ${step} lacks /${first ?? ''}${more}, which ${earlier} has`;
}

/** As many differing paths as one can look at. */
const MOST_PATHS = 20;

function describeDifferences({ step, differences }: Rebuilt): string[] {
  if (differences.length === 0) return [];
  const shown = differences
    .slice(0, MOST_PATHS)
    .map(({ path, what }) => `  /${path}: ${typeof what === 'string' ? what : what.join(', ')}`);
  const more = differences.length - shown.length;
  return [`differs  ${step}`, ...shown, ...(more > 0 ? [`  and ${String(more)} more`] : [])];
}

function describeShare(check: readonly Rebuilt[]): string {
  const same = check.filter(({ differences }) => differences.length === 0).length;
  return `${String(same)} of ${String(check.length)} came out the same (${((100 * same) / check.length).toFixed(1)} %)`;
}

function jobCount(text: string): number {
  const jobs = Number(text);
  if (Number.isInteger(jobs) && jobs >= 1 && jobs <= 1024) return jobs;
  throw new XlfsError('USAGE', `--jobs cannot be ${JSON.stringify(text)}`, { hint: 'it is a number from 1 to 1024' });
}
