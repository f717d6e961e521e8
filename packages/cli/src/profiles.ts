import { fileURLToPath } from 'node:url';
import {
  defineRegistry,
  didYouMean,
  findRecipe,
  hasRecipe,
  makePlan,
  readLock,
  XlfsError,
  type Lock,
  type Plan,
  type Registry,
  type Store,
  type TestPolicy,
} from '@xlfs/core';
import { hostImageRecipes, lfsImageRecipes, xenRecipes, type HostDescription } from '@xlfs/xen-builder';
import type { Context } from './context.ts';
import { findUpwards } from './project-file/find.ts';
import { readProject } from './project-file/project-file.ts';

export const LOCK_FILE = 'xlfs.lock.json';

/** The lock that this version was tested with, which the build puts beside the code; a project's own lock takes its place. */
export const BUILT_IN_LOCK = fileURLToPath(
  new URL(import.meta.url.endsWith('.ts') ? `../../../${LOCK_FILE}` : `./${LOCK_FILE}`, import.meta.url),
);

export const PROFILE_OPTION = ['--profile <name>', 'which registry to build from (default: host)'] as const;

export interface ProfileOption {
  readonly profile?: string;
}

/** Everything that a verb needs to know about what is to be built. */
export interface OpenProfile {
  readonly registry: Registry;
  readonly lock: Lock;
  readonly lockPath: string;
  readonly host: HostDescription;
  /** What is built when no target is named. */
  readonly defaultTargets: readonly string[];
}

const profiles = { host: hostProfile, lfs: lfsProfile };

/** A registry with the project that it was made for. */
export type OpenRegistry = Omit<OpenProfile, 'lock' | 'lockPath'>;

/**
 * The composition root: puts the packages' recipes together under a profile, for the project of the current folder.
 *
 * @throws XlfsError `USAGE` for an unknown profile; `PROJECT_INVALID`.
 */
export async function openRegistry(name = 'host'): Promise<OpenRegistry> {
  if (!Object.hasOwn(profiles, name)) {
    const near = didYouMean(name, Object.keys(profiles));
    throw new XlfsError('USAGE', `no profile is called ${JSON.stringify(name)}`, {
      hint: near === undefined ? `known: ${Object.keys(profiles).join(', ')}` : `did you mean ${near}?`,
    });
  }
  const { host } = await readProject();
  return { ...(await profiles[name as keyof typeof profiles](host)), host };
}

/**
 * A profile's registry with the lock file: the nearest one at or above the current folder, else the one that comes with this version.
 *
 * @throws XlfsError `USAGE` for an unknown profile; `PROJECT_INVALID`, `LOCK_INVALID`.
 */
export async function openProfile(name = 'host'): Promise<OpenProfile> {
  const lockPath = findUpwards(LOCK_FILE) ?? BUILT_IN_LOCK;
  return { ...(await openRegistry(name)), lock: await readLock(lockPath), lockPath };
}

/** A profile with its store, and the plan for the targets that a command line names. */
export interface OpenPlan extends OpenProfile {
  readonly store: Store;
  readonly plan: Plan;
  /** The targets are all that the profile has, and not some of it by name. */
  readonly whole: boolean;
}

/**
 * The plan for the named targets, or for the profile's own when none is named. A profile's name among them stands for all of its own, and
 * chooses the profile where no option does: `xlfs build lfs`.
 *
 * @throws XlfsError as {@link openProfile}; `RECIPE_UNKNOWN` for a target.
 */
export async function openPlan(
  context: Pick<Context, 'store'>,
  { profile }: ProfileOption,
  named: readonly string[] = [],
  tests?: TestPolicy,
): Promise<OpenPlan> {
  const chosen = profile ?? named.find((name) => Object.hasOwn(profiles, name));
  const opened = await openProfile(chosen);
  const store = await context.store();
  const targets =
    named.length === 0 ? opened.defaultTargets : named.flatMap((name) => (name === chosen ? opened.defaultTargets : name));
  await requireSteps(opened, targets);
  const plan = makePlan(opened.registry, targets, tests);
  const whole = named.length === 0 || named.some((name) => name === chosen);
  return { ...opened, store, plan, whole };
}

/**
 * Makes sure that a profile has the steps that a user named.
 *
 * @throws XlfsError `RECIPE_UNKNOWN`, with the other profile that has it or the nearest name.
 */
export async function requireSteps({ registry }: OpenRegistry, names: readonly string[]): Promise<void> {
  for (const name of names) {
    try {
      findRecipe(registry, name);
    } catch (error) {
      const other = await profileThatHas(name);
      if (other === undefined || !(error instanceof XlfsError)) throw error;
      throw new XlfsError(error.code, error.message, { hint: `profile ${other} has one: --profile ${other}` });
    }
  }
}

async function profileThatHas(name: string): Promise<string | undefined> {
  for (const profile of Object.keys(profiles)) {
    if (hasRecipe((await openRegistry(profile)).registry, name)) return profile;
  }
  return undefined;
}

/** Compiler and C library from the distribution: a host in minutes. */
async function hostProfile(host: HostDescription): Promise<Pick<OpenProfile, 'registry' | 'defaultTargets'>> {
  const { userlandRecipes } = await import('@xlfs/lfs-builder/host');
  const images = hostImageRecipes(host);
  const registry = defineRegistry({ name: 'host', root: 'host' }, [...userlandRecipes, ...xenRecipes(), ...images]);
  return { registry, defaultTargets: [...registry.recipes.keys()] };
}

/** Everything from source with a toolchain of its own, and the same Xen, kernels and guests on top. */
async function lfsProfile(host: HostDescription): Promise<Pick<OpenProfile, 'registry' | 'defaultTargets'>> {
  const { lfsProfile: lfs, lfsRecipes } = await import('@xlfs/lfs-builder');
  const images = hostImageRecipes(host, { cLibrary: 'glibc' });
  const registry = defineRegistry(lfs, [...lfsRecipes(), ...xenRecipes(), ...images, ...lfsImageRecipes(host)]);
  return { registry, defaultTargets: ['lfs-system'] };
}
