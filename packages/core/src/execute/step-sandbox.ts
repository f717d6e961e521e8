import { join } from 'node:path';
import type { Phase } from '../recipe/recipe.ts';
import type { Suite } from '../recipe/test-recipes.ts';
import { stepEnvironment } from '../sandbox/environment.ts';
import { RESULTS_FILE, type SandboxPhase, type SandboxSpec } from '../sandbox/work-folder.ts';
import type { Store } from '../store/store.ts';
import type { Job } from './executor.ts';

/** An unpacked source. */
export interface Tree {
  readonly name: string;
  readonly folder: string;
}

export function environmentOf(job: Pick<Job, 'step' | 'sources'>, jobs: number, withJobserver: boolean): Record<string, string> {
  const { recipe, root, env } = job.step;
  return stepEnvironment({ root, version: job.sources[0]?.version ?? recipe.version, jobs, withJobserver, extra: env });
}

/** What the sandbox of a step consists of. Tests go on above the build folder that their recipe's step left. */
export function sandboxOf(
  job: Pick<Job, 'step' | 'inputs' | 'continues'>,
  options: { work: string; store: Store; trees: readonly Tree[]; jobserver: string | undefined },
): SandboxSpec {
  const { recipe, root, suite } = job.step;
  const kept = job.continues === undefined ? undefined : options.store.buildFolder(job.continues);
  const below = (name: string, trees: readonly string[]): SandboxSpec['folders'][number] => ({
    name,
    lowers: kept === undefined ? trees : [join(kept, name), ...trees],
  });
  const folders = options.trees.map(({ name, folder }) => below(name, [folder]));
  return {
    work: options.work,
    name: recipe.name,
    root,
    layers: distinctLayers(job.inputs).map((digest) => options.store.layerRoot(digest)),
    folders: folders.length > 0 ? folders : [below(suite?.of ?? recipe.name, [])],
    files: recipe.files,
    phases: suite === undefined ? recipe.phases : phasesOf(suite, recipe.phases),
    jobserver: options.jobserver,
    forTests: suite !== undefined,
  };
}

/** Tests that fail end nothing: their results are what is wanted. */
function phasesOf({ results }: Suite, phases: readonly Phase[]): SandboxPhase[] {
  const tests = phases.map((phase) => ({ ...phase, mayFail: true }));
  return results === undefined ? tests : [...tests, { name: 'results', run: `{\n${results}\n} > /${RESULTS_FILE}` }];
}

/** Two steps can make the same layer (both nothing, say), and an overlay takes each folder once: the upper of the two is what is seen. */
function distinctLayers(inputs: Job['inputs']): string[] {
  return [...new Set(inputs.map(({ digest }) => digest).reverse())].reverse();
}
