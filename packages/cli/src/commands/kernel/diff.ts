import { XlfsError } from '@xlfs/core';
import { configValues, diffConfigs, verifyConfig, type Difference } from '@xlfs/kernel-config';
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
          ? compareValues(before, after)
          : diffConfigs(openTree(context, options.tree, options), before, after),
    };
  },
  text: ({ differences }) =>
    printable(
      formatTable(differences.map(({ symbol, before, after, causes }) => [symbol, `${before} → ${after}`, causes.join('; ')])),
    ) || 'no differences',
  status: ({ differences }) => (differences.length === 0 ? 0 : 1),
});

/** What the one says, as wishes to the other. */
function compareValues(before: string, after: string): Difference[] {
  const old = configValues(before);
  const symbols = [...new Set([...old.keys(), ...configValues(after).keys()])].sort();
  const wanted = symbols.map((symbol) => ({ symbol, value: old.get(symbol) ?? 'n' }));
  return verifyConfig(after, wanted).map(({ symbol, wanted: was, got }) => ({ symbol, before: was, after: got, causes: [] }));
}
