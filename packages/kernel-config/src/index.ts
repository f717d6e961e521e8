export { roleFeatures, roleOptions, type Role, type RoleSettings } from './roles/role-options.ts';
export { featureNames, type Feature } from './roles/features.ts';
export type { KernelCompression } from './roles/base.ts';
export type { Machine } from './roles/machine.ts';
export type { RoleOption } from './roles/option.ts';
export { fragment } from './roles/fragment.ts';
export { configValues, verifyConfig, type Miss } from './roles/verify.ts';
