import { featureNames, roleFeatures, type Role, type RoleSettings } from '@xlfs/kernel-config';
import { given, oneOf, required } from '../shared/values.ts';

const ROLES = Object.keys(roleFeatures) as Role[];

/** Options that say what a kernel is for. */
export const ROLE_OPTIONS = [
  ['--role <role>', `what the kernel is for: ${ROLES.join(', ')}`],
  ['--feature <names...>', `abilities beside the role's own: ${featureNames.join(', ')}`],
  ['--without <names...>', "abilities of the role's own to leave out"],
  ['--machine <machine>', 'hardware to drive: qemu or server (default: qemu)'],
  ['--compression <method>', 'of the kernel: gzip, xz or zstd (default: gzip)'],
  ['--local-version <suffix>', 'suffix of uname -r (default: by role, such as -xen-dom0)'],
] as const;

export interface RoleOptions {
  readonly role?: string;
  readonly feature?: readonly string[];
  readonly without?: readonly string[];
  readonly machine?: string;
  readonly compression?: string;
  readonly localVersion?: string;
}

/** @throws XlfsError `USAGE` for a word that is none of the known ones. */
export function readRole({
  role: word,
  feature = [],
  without = [],
  machine,
  compression,
  localVersion,
}: RoleOptions): RoleSettings & { readonly role: Role } {
  const role = oneOf(required(word, `--role ${ROLES.join('|')}`), ROLES, '--role');
  const left = without.map((name) => oneOf(name, featureNames, '--without'));
  const wanted = new Set([...roleFeatures[role], ...feature.map((name) => oneOf(name, featureNames, '--feature'))]);
  return given({
    role,
    features: [...wanted].filter((name) => !left.includes(name)),
    machine: machine === undefined ? undefined : oneOf(machine, ['qemu', 'server'], '--machine'),
    compression: compression === undefined ? undefined : oneOf(compression, COMPRESSIONS, '--compression'),
    localVersion,
  });
}

const COMPRESSIONS = ['gzip', 'xz', 'zstd'] as const satisfies readonly RoleSettings['compression'][];
