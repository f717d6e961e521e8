import { check as checkText, RULES, thisHost, toSarif, type CheckReport, type RuleCode } from '@xlfs/xl-config';
import { defineCommand } from '../../command.ts';
import { nameOf, readInput } from '../shared/files.ts';
import { given, oneOf } from '../shared/values.ts';
import { describeDiagnostic, XEN_OPTION, type XenOption } from './common.ts';

interface CheckOptions extends XenOption {
  readonly look?: boolean;
  readonly sarif?: boolean;
  readonly disable?: readonly string[];
  readonly allow?: readonly string[];
}

interface CheckedFile extends CheckReport {
  readonly file: string;
}

/** `xlfs xl check`: a linter's report, in the form that was asked for. */
export const check = defineCommand({
  usage: 'check <files...>',
  summary: 'say what xl, and a careful reader, find wrong with configurations; ends with 1 if xl refuses one',
  example: 'xlfs xl check /etc/xen/web1.cfg --xen 4.17',
  options: [
    XEN_OPTION,
    ['--look', 'look whether the files and bridges that are named are there'],
    ['--sarif', 'print a SARIF 2.1.0 log, for editors and code scanning'],
    ['--disable <rules...>', 'rules to leave out'],
    ['--allow <keys...>', 'keys of other tools, not to be reported as unknown'],
  ],
  run: async (context, names, { xen, look, sarif, disable, allow }: CheckOptions) => {
    const settings = given({
      xen,
      host: look === true ? thisHost : undefined,
      disable: disable?.map((name) => oneOf(name, Object.keys(RULES) as RuleCode[], '--disable')),
      extensions: allow,
    });
    const files: CheckedFile[] = [];
    for (const name of names)
      files.push({ file: nameOf(name), ...checkText((await readInput(name, context.signal)).toString(), settings) });
    return new Checked(files, sarif ?? false);
  },
  text: (checked) => (checked.sarif ? JSON.stringify(checked, undefined, 2) : checked.files.map(describe).join('\n')),
  status: ({ files }) => (files.every(({ errors }) => errors === 0) ? 0 : 1),
});

class Checked {
  readonly files: readonly CheckedFile[];
  readonly sarif: boolean;

  constructor(files: readonly CheckedFile[], sarif: boolean) {
    this.files = files;
    this.sarif = sarif;
  }

  toJSON(): object {
    return this.sarif ? toSarif(this.files) : { files: this.files };
  }
}

function describe({ file, xen, accepted, errors, warnings, notes, diagnostics }: CheckedFile): string {
  const counts = [count(errors, 'error'), count(warnings, 'warning'), count(notes, 'note')].join(', ');
  return [
    ...diagnostics.map((diagnostic) => describeDiagnostic(file, diagnostic)),
    `${file}: xl of Xen ${xen} ${accepted ? 'takes' : 'refuses'} it; ${counts}`,
  ].join('\n');
}

function count(number: number, what: string): string {
  return `${String(number)} ${what}${number === 1 ? '' : 's'}`;
}
