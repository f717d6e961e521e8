import { XlfsError } from '@xlfs/core';
import { fix as fixConfig, settingsText, writeConfig } from '@xlfs/kernel-config';
import { defineCommand } from '../../command.ts';
import { printable } from '../../ui/printable.ts';
import { nameOf, rewriteFile, STDIN } from '../shared/files.ts';
import { pairs, required } from '../shared/values.ts';
import { evaluate, openTree, readConfigInput, TREE_OPTIONS, type TreeOptions } from './tree.ts';

interface FixOptions extends TreeOptions {
  readonly keep?: readonly string[];
  readonly write?: boolean;
}

/** `xlfs kernel fix`: the fewest settings that make wishes come true. */
export const fix = defineCommand({
  usage: 'fix <config> <wishes...>',
  summary: 'find the fewest settings that make wishes hold, or the wishes that exclude each other (then it ends with 1)',
  example: 'xlfs kernel fix linux-6.12/.config XEN_DOM0=y --tree linux-6.12',
  options: [
    ...TREE_OPTIONS,
    ['--keep <symbols...>', 'symbols whose present value must stay'],
    ['--write', 'write the new .config (default: the settings are printed)'],
  ],
  run: async (context, [file = '', ...wishes], { keep = [], write = false, ...options }: FixOptions) => {
    const folder = required(options.tree, '--tree DIR');
    if (write && file === STDIN)
      throw new XlfsError('USAGE', '--write needs a file, not standard input', { hint: 'name the .config' });
    const config = await readConfigInput(file, context.signal);
    const tree = openTree(context, folder, options);
    const result = fixConfig({ tree, config, wishes: pairs(wishes, 'a wish'), explicit: keep });
    if (!result.possible) return { ...result, file: nameOf(file), written: false };
    const { changes } = result;
    if (write)
      await rewriteFile(
        file,
        Buffer.from(writeConfig(evaluate(tree, `${config.replace(/\n?$/, '\n')}${settingsText(changes)}`, file)), 'latin1'),
      );
    return { possible: true as const, file: nameOf(file), written: write, changes: Object.fromEntries(changes) };
  },
  text: (result) => {
    if (!result.possible) {
      const conflict = result.conflict.map(
        ({ symbol, value, kind }) => `${symbol}=${value}${kind === 'explicit' ? ' (to be kept)' : ''}`,
      );
      const found = result.exhaustive
        ? `cannot hold together: ${conflict.join(', ')}`
        : `found no way, though not all were tried: ${conflict.join(', ')}`;
      return printable([found, ...result.reasons.map((reason) => `  ${reason}`)].join('\n'));
    }
    const settings = settingsText(new Map(Object.entries(result.changes))).trimEnd();
    return [
      ...(settings === '' ? ['# everything holds already'] : [settings]),
      ...(result.written ? [`# wrote ${result.file}`] : []),
    ].join('\n');
  },
  status: ({ possible }) => (possible ? 0 : 1),
});
