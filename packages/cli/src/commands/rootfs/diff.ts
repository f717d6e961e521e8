import { asOwner, type DifferenceSummary } from '@xlfs/rootfs';
import { defineCommand } from '../../command.ts';
import { printable } from '../../ui/printable.ts';
import { storeFolder } from './store.ts';

/** `xlfs rootfs diff`: what is different between two trees. */
export const diff = defineCommand({
  usage: 'diff <before> <after>',
  summary: 'compare two snapshots (words), folders, images or archives (with a slash); ends with 1 if they differ',
  example: 'xlfs rootfs diff base ./tree',
  options: [['--unified', 'the text files that differ, as diff -u shows them']],
  run: async (context, [before = '', after = ''], { unified = false }: { unified?: boolean }) => {
    const params = { store: storeFolder(context), before, after };
    if (!unified) return { differences: await asOwner('diff', params, { signal: context.signal }) };
    return await asOwner('unifiedDiff', params, { signal: context.signal });
  },
  text: (result) => {
    if ('differences' in result) return printable(result.differences.map(describe).join('\n')) || 'no differences';
    return (
      [
        ...(result.text === '' ? [] : [result.text.trimEnd()]),
        ...result.omitted.map((path) => printable(`# not shown: ${path}`)),
      ].join('\n') || 'no differences'
    );
  },
  status: (result) =>
    ('differences' in result ? result.differences.length : result.text.length + result.omitted.length) === 0 ? 0 : 1,
});

const SIGNS = { added: '+', removed: '-', changed: '~' } as const;

function describe({ path, change, aspects }: DifferenceSummary): string {
  return `${SIGNS[change]} /${path}${aspects.length === 0 ? '' : ` (${aspects.join(', ')})`}`;
}
