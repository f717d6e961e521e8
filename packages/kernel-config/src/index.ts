export { KernelConfigError, type KernelConfigErrorCode, type Position } from './errors.ts';

export { configFor, type ConfigForOptions, type ExplainedMiss, type RoleConfig } from './roles/config-for.ts';
export { roleFeatures, roleOptions, type Role, type RoleSettings } from './roles/role-options.ts';
export { featureNames, type Feature } from './roles/features.ts';
export type { KernelCompression } from './roles/base.ts';
export type { Machine } from './roles/machine.ts';
export type { RoleOption } from './roles/option.ts';
export { fragment } from './roles/fragment.ts';
export { configValues, verifyConfig, type Miss } from './roles/verify.ts';

export { kernelEnvironment, type KernelEnvironmentOptions } from './kconfig/kernel-environment.ts';
export { openKernelTree, type OpenKernelTreeOptions } from './open-kernel-tree.ts';
export { KconfigTreeError, readTree, type TreeOptions } from './kconfig/read-tree.ts';
export type { KconfigTree, Warning } from './kconfig/tree.ts';
export { detectDialect, dialects, type Dialect, type DialectName } from './kconfig/dialect.ts';
export { Configuration } from './kconfig/configuration.ts';
export { readConfig, readUserValues, type ConfigWarning, type ReadOptions } from './kconfig/read-config.ts';
export { writeConfig, writeDefconfig } from './kconfig/write-config.ts';

export { explain, whyNot, type Explanation, type Pull } from './explain/explain.ts';
export type { Term } from './explain/blockers.ts';
export { fix, type FixOptions, type FixResult } from './explain/fix.ts';
export { mergeFragments, settingsText, type Fragment, type Merged, type MergeConflict } from './explain/merge.ts';
export { diffConfigs, diffSettings, type Difference } from './explain/diff.ts';

export type { Prober } from './probes/prober.ts';
export { shellProber, type ShellProberOptions } from './probes/shell-prober.ts';
export { proberFromEnvironment } from './probes/environment.ts';
export { cachedProber, type CachedProberOptions } from './probes/cached-prober.ts';
export { givenProber, recordingProber } from './probes/given-prober.ts';

export { runConf } from './conf/conf.ts';
export type { ConfWorld } from './conf/world.ts';
export { parseArguments, type ConfOptions, type Mode } from './conf/options.ts';
