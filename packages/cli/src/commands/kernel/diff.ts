import { XlfsError } from '@xlfs/core';
import { diffConfigs, diffSettings } from '@xlfs/kernel-config';
import { defineCommand } from '../../command.ts';
import { formatTable } from '../../ui/format.ts';
import { printable } from '../../ui/printable.ts';
import { STDIN } from '../shared/files.ts';
import { openTree, readConfigInput, TREE_OPTIONS, type TreeOptions } from './tree.ts';

/** `xlfs kernel diff`: the symbols in which two `.config` differ, with `--tree` also why. */
export const diff = defineCommand({
  usage: 'diff <before> <after>',
  summary: 'compare two .config, with --tree by what they make of the tree and with causes; ends with 1 if they differ',
  example: 'xlfs kernel diff /boot/config-6.11 /boot/config-6.12',
  options: TREE_OPTIONS,
  run: async (context, [first = '', second = ''], options: TreeOptions) => {
    if (first === STDIN && second === STDIN)
      throw new XlfsError('USAGE', 'standard input cannot be both sides', { hint: 'name one of them as a file' });
    const [before, after] = [await readConfigInput(first, context.signal), await readConfigInput(second, context.signal)];
    return {
      differences:
        options.tree === undefined
          ? diffSettings(before, after)
          : diffConfigs(openTree(context, options.tree, options), before, after),
    };
  },
  text: ({ differences }) =>
    printable(
      formatTable(differences.map(({ symbol, before, after, causes }) => [symbol, `${before} → ${after}`, causes.join('; ')])),
    ) || 'no differences',
  status: ({ differences }) => (differences.length === 0 ? 0 : 1),
});
