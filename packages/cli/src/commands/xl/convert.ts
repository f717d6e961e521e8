import { fromJson as textOf, stringifyLibxl, toJson as jsonOf, toLibxlJson, type LibxlObject } from '@xlfs/xl-config';
import { defineCommand } from '../../command.ts';
import { readInput, readJsonInput } from '../shared/files.ts';
import { given } from '../shared/values.ts';
import { inFile, XEN_OPTION, type XenOption } from './common.ts';

/** `xlfs xl to-json`: what a file says, or with `--libxl` what libxl is told. */
export const toJson = defineCommand({
  usage: 'to-json <file>',
  summary: 'print a configuration as JSON; ends with 0 exactly when xl would take the file',
  example: 'xlfs xl to-json --libxl --xen 4.17 web1.cfg',
  options: [XEN_OPTION, ['--libxl', 'the libxl_domain_config that xl -N create prints']],
  run: async (context, [file = ''], { xen, libxl }: XenOption & { libxl?: boolean }) => {
    const text = (await readInput(file, context.signal)).toString();
    return inFile(file, () => (libxl === true ? new Libxl(toLibxlJson(text, given({ xen }))) : jsonOf(text, given({ xen }))));
  },
  text: (config) => (config instanceof Libxl ? stringifyLibxl(config.object) : JSON.stringify(config, undefined, 2)),
});

/** `xlfs xl from-json`: the way back. */
export const fromJson = defineCommand({
  usage: 'from-json <file>',
  summary: 'print the JSON of to-json as a configuration that xl reads back to the same values',
  example: 'xlfs xl to-json web1.cfg | xlfs xl from-json -',
  run: async (context, [file = '']) => {
    const json = await readJsonInput(file, context.signal);
    return { text: inFile(file, () => textOf(json)) };
  },
  text: ({ text }) => text.replace(/\n$/, ''),
});

/** JSON as libxl lays it out; in `--json` numbers beyond 2^53 become strings of digits, as in the other JSON. */
class Libxl {
  readonly object: LibxlObject;

  constructor(object: LibxlObject) {
    this.object = object;
  }

  toJSON(): unknown {
    const whole = (value: bigint): number | string => (Number.isSafeInteger(Number(value)) ? Number(value) : String(value));
    return JSON.parse(JSON.stringify(this.object, (_key, value: unknown) => (typeof value === 'bigint' ? whole(value) : value)));
  }
}
