import { build as buildPlan, keepAsRoot, makePlan, type TestPolicy } from '@xlfs/core';
import { InvalidArgumentError } from 'commander';
import { defineCommand } from '../command.ts';
import { openProfile, PROFILE_OPTION, type ProfileOption } from '../profiles.ts';
import { sourceFetcher } from '../fetcher.ts';

interface BuildOptions extends ProfileOption {
  readonly jobs?: string;
  readonly keepGoing?: boolean;
  readonly tests?: string;
  readonly mirror?: string;
}

/** `xlfs build`: runs the steps that the store does not have. */
export const build = defineCommand({
  usage: 'build [targets...]',
  summary: 'build what the targets need and the store does not have',
  example: 'xlfs build linux-dom0 --keep-going',
  options: [
    PROFILE_OPTION,
    ['-j, --jobs <n>', 'compilers at a time over all steps (default: the processors)'],
    ['-k, --keep-going', 'after a failure, build what does not depend on it'],
    ['--tests <which>', "packages' own tests: none, critical or all (default: none)"],
    ['--mirror <place>', 'folder or base URL to look for sources first'],
  ],
  run: async (context, targets, options: BuildOptions) => {
    const { registry, lock, defaultTargets } = await openProfile(options.profile);
    const store = await context.store();
    const made = makePlan(registry, targets.length === 0 ? defaultTargets : targets, testPolicy(options.tests));
    const result = await buildPlan(made, {
      store,
      lock,
      fetch: sourceFetcher(store, lock, options.mirror),
      onEvent: context.onEvent,
      signal: context.signal,
      keepGoing: options.keepGoing ?? false,
      ...(options.jobs === undefined ? {} : { jobs: jobCount(options.jobs) }),
    });
    await keepAsRoot(store, made.profile, made.targets, result.actions.values());
    return {
      type: 'result' as const,
      built: result.built,
      seconds: result.seconds,
      layers: Object.fromEntries(made.targets.map((target) => [target, result.actions.get(target)?.layer])),
    };
  },
  text: ({ built }) => (built.length === 0 ? 'nothing to do' : ''),
});

function jobCount(text: string): number {
  const jobs = Number(text);
  if (Number.isInteger(jobs) && jobs >= 1 && jobs <= 1024) return jobs;
  throw new InvalidArgumentError(`--jobs takes a number from 1 to 1024, not ${text}`);
}

function testPolicy(text: string | undefined): TestPolicy {
  if (text === undefined || text === 'none' || text === 'critical' || text === 'all') return text ?? 'none';
  throw new InvalidArgumentError(`--tests takes none, critical or all, not ${text}`);
}
