import { resolve } from 'node:path';
import { writeFileAtomic } from '@xlfs/core';
import { configFor, fragment, roleOptions, type ExplainedMiss } from '@xlfs/kernel-config';
import { defineCommand } from '../../command.ts';
import { readRole, ROLE_OPTIONS, type RoleOptions } from './role.ts';
import { openTree, printedConfig, readConfigInput, TREE_OPTIONS, type TreeOptions } from './tree.ts';

interface ConfigOptions extends RoleOptions, TreeOptions {
  readonly fragment?: readonly string[];
  readonly out?: string;
}

/** `xlfs kernel config`: from a role to a complete `.config`, or without a tree to a fragment of one. */
export const config = defineCommand({
  usage: 'config',
  summary: 'make a configuration for a role; without --tree, the fragment with its reasons',
  example: 'xlfs kernel config --role dom0 --feature nat --tree linux-6.12 --out linux-6.12/.config',
  options: [
    ...ROLE_OPTIONS,
    ...TREE_OPTIONS,
    ['--fragment <files...>', "settings that win over the role's (with --tree)"],
    ['--out <file>', 'where to write it (default: it is printed)'],
  ],
  run: async (context, _args, options: ConfigOptions) => {
    const { role, ...settings } = readRole(options);
    const made =
      options.tree === undefined
        ? fragmentFor(role, settings)
        : configFor({
            tree: openTree(context, options.tree, options),
            role,
            ...settings,
            fragments: await readFragments(options.fragment ?? [], context.signal),
          });
    const { text, options: wanted, misses } = made;
    if (options.out === undefined) return { role, out: undefined, options: wanted, misses, text };
    const out = resolve(options.out);
    await writeFileAtomic(out, Buffer.from(text, 'latin1'));
    return { role, out, options: wanted, misses, text };
  },
  text: ({ role, out, text, misses, options }) =>
    out === undefined
      ? [printedConfig(text), ...misses.map((miss) => `# not as wanted: ${describeMiss(miss)}`)].join('\n')
      : [
          ...misses.map(describeMiss),
          `wrote ${out}: ${role}, ${String(options.length - misses.length)} of ${String(options.length)} wishes hold`,
        ].join('\n'),
  status: ({ misses }) => (misses.length === 0 ? 0 : 1),
});

function fragmentFor(...[role, settings]: Parameters<typeof roleOptions>): {
  text: string;
  options: ReturnType<typeof roleOptions>;
  misses: readonly ExplainedMiss[];
} {
  const options = roleOptions(role, settings);
  return { text: fragment(options), options, misses: [] };
}

async function readFragments(files: readonly string[], signal: AbortSignal): Promise<{ file: string; text: string }[]> {
  const fragments = [];
  for (const file of files) fragments.push({ file, text: await readConfigInput(file, signal) });
  return fragments;
}

function describeMiss({ symbol, wanted, got, reason, why }: ExplainedMiss): string {
  return `${symbol} is ${got}, wanted ${wanted} (${reason}). ${why.join(' ')}`;
}
