import { DEFAULT_XEN, XlConfigError, type Diagnostic } from '@xlfs/xl-config';
import { printable } from '../../ui/printable.ts';
import { nameOf } from '../shared/files.ts';
import { given } from '../shared/values.ts';

export const XEN_OPTION = ['--xen <version>', `whose xl is meant: 4.17 to 4.22, or master (default: ${DEFAULT_XEN})`] as const;

export interface XenOption {
  readonly xen?: string;
}

/** Errors of a text, with the name of its file and the place in front. */
export function inFile<T>(file: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof XlConfigError)) throw error;
    const { code, message, hint, position, cause } = error;
    const place = position === undefined ? '' : `:${String(position.line)}:${String(position.column)}`;
    throw new XlConfigError(
      code,
      `${nameOf(file)}${place}: ${message.replace(/^line \d+: /, '')}`,
      given({ cause, hint, position }),
    );
  }
}

/** A finding as compilers print theirs: place, severity, message, then the line with a caret. */
export function describeDiagnostic(file: string, { start, severity, code, message, excerpt, hint, fix }: Diagnostic): string {
  const below = excerpt.split('\n');
  if (hint !== undefined) below.push(`→ ${hint}`);
  if (fix !== undefined) below.push(`→ xlfs xl fix${fix.safe ? '' : ' --unsafe'} can do it: ${fix.title}`);
  return printable(
    [
      `${file}:${String(start.line)}:${String(start.column)}: ${severity}: ${message} [${code}]`,
      ...below.map((line) => `  ${line}`),
    ].join('\n'),
  );
}
