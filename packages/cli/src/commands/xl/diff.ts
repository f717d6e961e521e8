import { XlfsError } from '@xlfs/core';
import { diff as diffTexts, stringifyLibxl, type LibxlJson } from '@xlfs/xl-config';
import { defineCommand } from '../../command.ts';
import { formatTable } from '../../ui/format.ts';
import { printable } from '../../ui/printable.ts';
import { readInput, STDIN } from '../shared/files.ts';
import { given } from '../shared/values.ts';
import { inFile, XEN_OPTION, type XenOption } from './common.ts';

/** `xlfs xl diff`: has a running domain drifted from its file? */
export const diff = defineCommand({
  usage: 'diff <file> <domain>',
  summary: 'compare a configuration with the JSON of a running domain; ends with 1 if they differ',
  example: 'xl list -l web1 | xlfs xl diff /etc/xen/web1.cfg -',
  options: [XEN_OPTION, ['--all', "show libxl's own choices, too"]],
  run: async (context, [file = '', domain = ''], { xen, all = false }: XenOption & { all?: boolean }) => {
    if (file === STDIN && domain === STDIN)
      throw new XlfsError('USAGE', 'standard input cannot be both sides', { hint: 'name one of them as a file' });
    const [text, json] = [
      (await readInput(file, context.signal)).toString(),
      (await readInput(domain, context.signal)).toString(),
    ];
    const { drifted, differences } = inFile(file, () => diffTexts(text, json, given({ xen })));
    return { drifted, differences: all ? differences : differences.filter(({ kind }) => kind !== 'filled') };
  },
  text: ({ drifted, differences }) =>
    [
      ...(differences.length === 0
        ? []
        : [
            printable(
              formatTable(
                differences.map(({ kind, path, file, domain }) => [kind, path, `file: ${show(file)}`, `domain: ${show(domain)}`]),
              ),
            ),
          ]),
      drifted ? 'the domain is not as its file says' : 'the domain is as its file says',
    ].join('\n'),
  status: ({ drifted }) => (drifted ? 1 : 0),
});

function show(value: LibxlJson | undefined): string {
  return value === undefined ? '–' : stringifyLibxl(value).replace(/\s+/g, ' ');
}
