import { explain as explainSymbol, type Pull } from '@xlfs/kernel-config';
import { defineCommand } from '../../command.ts';
import { printable } from '../../ui/printable.ts';
import { required } from '../shared/values.ts';
import { evaluate, openTree, readConfigInput, TREE_OPTIONS, type TreeOptions } from './tree.ts';

interface ExplainOptions extends TreeOptions {
  readonly config?: string;
  readonly wanted?: string;
}

/** `xlfs kernel explain`: why a symbol has its value, or why not the one that was wanted. */
export const explain = defineCommand({
  usage: 'explain <symbol>',
  summary: 'say where a symbol is defined, what it depends on, and why it has its value',
  example: 'xlfs kernel explain XEN_BLKDEV_BACKEND --tree linux-6.12 --config linux-6.12/.config --wanted y',
  options: [
    ...TREE_OPTIONS,
    ['--config <file>', 'the .config to explain (default: what the tree has by default)'],
    ['--wanted <value>', 'the value that it should have'],
  ],
  run: async (context, [symbol = ''], options: ExplainOptions) => {
    const folder = required(options.tree, '--tree DIR');
    const text = options.config === undefined ? '' : await readConfigInput(options.config, context.signal);
    return explainSymbol(
      evaluate(openTree(context, folder, options), text, options.config ?? 'defaults'),
      symbol,
      options.wanted,
    );
  },
  text: ({
    symbol,
    type,
    value,
    userValue,
    definitions,
    dependsOn,
    visible,
    defaults,
    range,
    selectedBy,
    impliedBy,
    selects,
    chosen,
    reasons,
  }) =>
    printable(
      [
        `${symbol} (${type}) is ${value === '' ? 'empty' : value}${userValue === undefined || userValue === value ? '' : `; the configuration says ${userValue}`}`,
        ...reasons.map((reason) => `  → ${reason}`),
        ...section(
          'defined',
          definitions.map(({ place, prompt }) => `${place}${prompt === undefined ? '' : `: ${prompt}`}`),
        ),
        ...section(
          `depends on (can be set up to ${visible})`,
          dependsOn.map((term) => `${term.value}  ${term.text}`),
        ),
        ...section(
          'defaults',
          defaults.map((one) => `${one.value} if ${one.condition}${one.holds ? ', which holds' : ''} (${one.place})`),
        ),
        ...section('range', range === undefined ? [] : [range.join(' to ')]),
        ...section('selected by', selectedBy.map(describePull)),
        ...section('implied by', impliedBy.map(describePull)),
        ...section('selects', selects),
        ...section('chosen instead', chosen === undefined || chosen === symbol ? [] : [chosen]),
        ...section(
          'help',
          definitions.flatMap(({ help }) => help?.trimEnd().split('\n') ?? []),
        ),
      ].join('\n'),
    ),
});

function section(title: string, lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : [`${title}:`, ...lines.map((line) => `  ${line}`.trimEnd())];
}

function describePull({ by, condition, value, place }: Pull): string {
  return `${value}  ${by}${condition === 'y' ? '' : ` if ${condition}`} (${place})`;
}
