import { explain as explainKey } from '@xlfs/xl-config';
import { defineCommand } from '../../command.ts';
import { formatTable } from '../../ui/format.ts';

/** `xlfs xl explain`: a key's page of the manual in ten lines. */
export const explain = defineCommand({
  usage: 'explain <key>',
  summary: 'say what a key of xl.cfg means: type, default, releases, guests, example',
  example: 'xlfs xl explain maxvcpus',
  run: async (_context, [key = '']) => explainKey(key),
  text: ({ key, summary, type, unit, min, max, default: usual, example, guests, arch, since, deprecated, replacement, manual }) =>
    [
      `${key}: ${summary}`,
      formatTable(
        [
          ['type', unit === undefined ? type : `${type}, in ${unit}`],
          ['range', min === undefined && max === undefined ? undefined : `${String(min ?? '…')} to ${String(max ?? '…')}`],
          ['default', usual],
          ['example', example],
          ['guests', guests.join(', ') + (arch === undefined ? '' : `, on ${arch} only`)],
          ['since', since === '4.17' ? 'Xen 4.17 or before' : `Xen ${since}`],
          ['deprecated', deprecated],
          ['replacement', replacement],
          ['manual', manual],
        ].flatMap(([name = '', value]) => (value === undefined ? [] : [[`  ${name}`, value]])),
      ),
    ].join('\n'),
});
