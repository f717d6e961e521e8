import { setNewValues } from '../conf/new-values.ts';
import { didYouMean, whyNotAtAll } from '../explain/explain.ts';
import { mergeFragments, settingsText, type Fragment, type MergeConflict } from '../explain/merge.ts';
import { KernelConfigError } from '../errors.ts';
import { Configuration } from '../kconfig/configuration.ts';
import { readUserValues } from '../kconfig/read-config.ts';
import type { KconfigTree } from '../kconfig/tree.ts';
import { writeConfig } from '../kconfig/write-config.ts';
import { fragment } from './fragment.ts';
import { isOfAllVersions, type RoleOption } from './option.ts';
import { roleOptions, type Role, type RoleSettings } from './role-options.ts';
import { verifyConfig, type Miss } from './verify.ts';

export interface ConfigForOptions extends RoleSettings {
  readonly tree: KconfigTree;
  readonly role: Role;
  /** Settings on top of the role's. They win over the role; among themselves they must agree. */
  readonly fragments?: readonly Fragment[];
}

/** A wish that did not take, with the reasons. */
export interface ExplainedMiss extends Miss {
  /** Why it was wanted. */
  readonly reason: string;
  /** Why it did not take, as sentences. */
  readonly why: readonly string[];
}

export interface RoleConfig {
  /** The complete `.config`, as Latin-1 text. */
  readonly text: string;
  /** What was asked for, with reasons. */
  readonly options: readonly RoleOption[];
  /** What of it the configuration does not hold. */
  readonly misses: readonly ExplainedMiss[];
}

/**
 * A complete configuration for a role: its options (and fragments), no to everything else, and the result checked against
 * the wishes.
 *
 * @throws KernelConfigError `CONFIG_CONFLICT` if fragments want different values of one symbol
 */
export function configFor(options: ConfigForOptions): RoleConfig {
  const { tree, role, fragments = [], ...settings } = options;
  const merged = mergeFragments(fragments);
  if (merged.conflicts.length > 0) throw conflictError(merged.conflicts);
  const fromRole = roleOptions(role, settings)
    .filter(({ symbol }) => !merged.settings.has(symbol))
    .filter((option) => isOfAllVersions(option) || isKnown(tree, option.symbol))
    .map(({ symbol, value, reason }) => ({ symbol, value, reason }));
  const wanted = [
    ...fromRole,
    ...[...merged.settings].map(([symbol, value]) => ({ symbol, value, reason: 'asked for in a fragment' })),
  ];

  const configuration = new Configuration(tree);
  readUserValues(configuration, `${fragment(fromRole)}${settingsText(merged.settings)}`, { file: role });
  setNewValues(configuration, 'no');
  const text = writeConfig(configuration);
  const misses = verifyConfig(text, wanted).map((miss) => {
    const why = isKnown(tree, miss.symbol)
      ? whyNotAtAll(configuration, tree.symbols.find(miss.symbol)!, miss.wanted)
      : [`The tree has no symbol ${miss.symbol}.${didYouMean(configuration, miss.symbol)}`];
    return { ...miss, reason: wanted.find(({ symbol: name }) => name === miss.symbol)!.reason, why };
  });
  return { text, options: wanted, misses };
}

function isKnown(tree: KconfigTree, name: string): boolean {
  return (tree.symbols.find(name)?.definitions.length ?? 0) > 0;
}

function conflictError(conflicts: readonly MergeConflict[]): KernelConfigError {
  const lines = conflicts.map(
    ({ symbol, wanted }) => `${symbol}: ${wanted.map(({ value, file, line }) => `${value} (${file}:${line})`).join(', ')}`,
  );
  return new KernelConfigError('CONFIG_CONFLICT', `fragments contradict each other:\n  ${lines.join('\n  ')}`, {
    hint: 'Change one of the fragments; their order does not matter.',
  });
}
