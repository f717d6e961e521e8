export { XlfsError } from './errors.ts';
export type { ErrorCode, XlfsErrorOptions } from './errors.ts';

export { defineRecipe } from './recipe/define.ts';
export { autotools, cmake, make, meson } from './recipe/build-systems.ts';
export type { AutotoolsOptions, CmakeOptions, MakeOptions, MesonOptions } from './recipe/build-systems.ts';
export type { Phase, Recipe, RecipeInput, Root, Source, Task, TaskContext, TaskFunction, TaskInput } from './recipe/recipe.ts';
export { defineRegistry, findRecipe, hasRecipe } from './recipe/registry.ts';
export type { Profile, Registry } from './recipe/registry.ts';
export type { Suite, TestRecipe } from './recipe/test-recipes.ts';
export type { TestOutcome } from './recipe/test-outcome.ts';
export { didYouMean } from './recipe/did-you-mean.ts';

export { makePlan } from './plan/plan.ts';
export type { Plan, Step, TestPolicy } from './plan/plan.ts';
export { estimatePlan, estimatesFrom } from './plan/estimate.ts';
export type { Estimates, Measurement, PlanEstimate, StepEstimate } from './plan/estimate.ts';

export { openStore } from './store/store.ts';
export type { Action, Store } from './store/store.ts';
export { defaultStoreDir } from './store/paths.ts';
export { writeFileAtomic } from './store/atomic.ts';
export { tryLock, waitForLock } from './store/file-lock.ts';
export type { FileLock } from './store/file-lock.ts';
export { keepAsRoot } from './store/roots.ts';
export type { CapturedLayer } from './layer/capture.ts';
export { layerDifferences } from './layer/difference.ts';
export type { LayerDifference } from './layer/difference.ts';
export type { LayerEntry } from './layer/manifest.ts';

export { build } from './execute/build.ts';
export type { BuildOptions, BuildResult } from './execute/build.ts';
export { sourceFetcher } from './execute/source-fetcher.ts';
export type { FetchSource } from './execute/fetch-locked.ts';
export { rebuild } from './execute/rebuild.ts';
export type { Rebuilt, RebuildOptions } from './execute/rebuild.ts';
export { openShell } from './execute/shell.ts';
export { resolvePlan } from './execute/resolve.ts';
export type { Executor, Job, JobContext, JobResult } from './execute/executor.ts';
export { lastLines } from './execute/last-lines.ts';
export type { BuildEvent, EventHandler } from './events/events.ts';

export { asNamespaceRoot, startNamespaceWorker } from './sandbox/namespace-worker.ts';
export type { NamespaceWorker, WorkerCall } from './sandbox/namespace-worker.ts';
export { SOURCE_DATE_EPOCH } from './sandbox/environment.ts';

export { collectGarbage } from './upkeep/gc.ts';
export type { GarbageReport } from './upkeep/gc.ts';
export { verifyStore } from './upkeep/verify.ts';
export type { VerifyReport } from './upkeep/verify.ts';
export { readFinishedRoot } from './upkeep/finished-root.ts';
export type { FinishedRoot } from './upkeep/finished-root.ts';
export { findLeftBehind } from './upkeep/left-behind.ts';
export type { LeftBehind } from './upkeep/left-behind.ts';
export { findConflicts } from './upkeep/conflicts.ts';
export type { Conflict } from './upkeep/conflicts.ts';
export { sbom } from './provenance/sbom.ts';
export type { SbomOptions } from './provenance/sbom.ts';
export { collectLicenses } from './provenance/licenses.ts';
export type { LicensedRecipe, LicenseFile, LicenseOptions } from './provenance/licenses.ts';
export { ownersOf } from './provenance/why.ts';
export type { PathOwner } from './provenance/why.ts';

export { checkRequirements, program } from './host/requirement.ts';
export type { Finding, Requirement } from './host/requirement.ts';
export { engineRequirements } from './host/engine-requirements.ts';

export {
  checkSources,
  debianProvider,
  fetchSource,
  formatLock,
  lockSources,
  mirrorProvider,
  mirrorSources,
  parseLock,
  readLock,
  snapshotProvider,
  sourceProviders,
  unpack,
  upstreamProvider,
  verifySources,
  writeLock,
} from './sources/index.ts';
export type {
  CheckOptions,
  FetchOptions,
  Lock,
  LockedSource,
  LockOutcome,
  Provider,
  ProviderOptions,
  SourcePlace,
  UnpackOptions,
  VerifiedSource,
} from './sources/index.ts';
