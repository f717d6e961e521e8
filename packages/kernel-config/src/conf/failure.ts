import { placeOf, type KernelConfigError } from '../errors.ts';
import { KconfigTreeError } from '../kconfig/read-tree.ts';
import type { Warning } from '../kconfig/tree.ts';

/** A warning as `conf` prints it: one line, ended. */
export function describeWarning({ message, position, isFromTree }: Warning): string {
  return `${placeOf(position)}:${isFromTree ? '' : 'warning:'} ${message}\n`;
}

/** Mistakes that are told without the word error. */
const UNMARKED = /^(missing end|symbol '.*' redefines|'.*' defined with|menuconfig statement)/;

/** An error as `conf` prints it: one or more lines, each ended. */
export function describeFailure(error: KernelConfigError): string {
  if (error instanceof KconfigTreeError) {
    return error.warnings.map(describeWarning).join('') + error.errors.map(describeFailure).join('');
  }
  switch (error.code) {
    case 'KCONFIG_INCLUDE_LOOP': {
      const [first] = error.includedFrom;
      const file = error.message.replace('recursive inclusion of ', '');
      const chain = error.includedFrom.map((from) => `  included from: ${placeOf(from)}\n`).join('');
      return first === undefined
        ? `${error.message}\n`
        : `Recursive inclusion detected.\nInclusion path:\n  current file : ${file}\n${chain}`;
    }
    case 'KCONFIG_SEMANTICS': {
      const mark = UNMARKED.test(error.message) ? '' : ' error:';
      return error.position === undefined ? `${error.message}\n` : `${placeOf(error.position)}:${mark} ${error.message}\n`;
    }
    case 'KCONFIG_RECURSION':
      // Dialects that give each line its place give it to the first as well.
      return (
        `${error.position === undefined || error.message.includes('\n\t') ? '' : `${placeOf(error.position)}:`}error: ${error.message}\n` +
        'For a resolution refer to Documentation/kbuild/kconfig-language.rst\n' +
        'subsection "Kconfig recursive dependency limitations"\n\n'
      );
    case 'KCONFIG_MACRO':
      return `${error.position === undefined ? '' : `${placeOf(error.position)}: `}${error.message}\n`;
    case 'USAGE':
      return `xlfs-conf: ${error.message}\n`;
    default:
      return `${error.describe()}\n`;
  }
}
