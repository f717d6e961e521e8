import { createHash } from 'node:crypto';
import type { Step } from './plan.ts';

/** Raised whenever the engine changes in a way that can change what a step's script produces. */
export const ENGINE_SCHEMA = 1;

/** Everything that decides what a step produces, beside the recipe itself. */
export interface KeyMaterial {
  /** sha256 of each source tarball, in the recipe's order. */
  readonly sources: readonly string[];
  /** Locked version of each source, in the recipe's order: scripts may name it. */
  readonly versions: readonly string[];
  /** Digests of the input layers, lowest first. */
  readonly inputs: readonly string[];
  /** What the distribution's tools are, for steps that use them; empty otherwise. */
  readonly host: string;
  /** sha256 of the task's module, for steps that run a function. */
  readonly taskModule?: string;
  /** Key of the step in whose build folder it goes on, for steps that run tests. */
  readonly continues?: string;
}

/**
 * A step's key: a digest of its script, environment, files, sources, *contents* of its inputs, sandbox options and the engine's schema.
 * Input layers count by digest, not by key, so that a rebuilt layer with the same content stops the rebuild there.
 */
export function stepKey(step: Step, material: KeyMaterial): string {
  const { recipe } = step;
  return sha256(
    canonicalJson({
      schema: ENGINE_SCHEMA,
      name: recipe.name,
      sources: recipe.sources.map((source, i) => [
        source.name,
        material.versions[i],
        material.sources[i],
        source.debian?.nested ?? null,
      ]),
      inputs: material.inputs,
      host: material.host,
      root: step.root,
      env: step.env,
      files: recipe.files,
      phases: recipe.phases,
      // What is known to fail decides nothing: the outcome is judged each time it is looked at.
      tests: step.suite === undefined ? null : [material.continues, step.suite.results],
      task: recipe.task === undefined ? null : [material.taskModule, recipe.task.export, recipe.task.params],
    }),
  );
}

export function sha256(text: string | Uint8Array): string {
  return createHash('sha256').update(text).digest('hex');
}

/** JSON with the keys of every object sorted: the same value gives the same bytes. */
export function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_key, v: unknown) =>
    v !== null && typeof v === 'object' && !Array.isArray(v)
      ? Object.fromEntries(Object.entries(v).sort(([a], [b]) => (a < b ? -1 : 1)))
      : v,
  );
}
