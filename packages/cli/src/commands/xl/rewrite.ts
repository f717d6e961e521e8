import { XlfsError } from '@xlfs/core';
import { fix as fixText, format as formatText } from '@xlfs/xl-config';
import { defineCommand } from '../../command.ts';
import { printable } from '../../ui/printable.ts';
import { nameOf, readInput, rewriteFile, STDIN } from '../shared/files.ts';
import { given } from '../shared/values.ts';
import { describeDiagnostic, inFile, XEN_OPTION, type XenOption } from './common.ts';

interface RewriteOptions {
  readonly stdout?: boolean;
}

const STDOUT_OPTION = ['--stdout', 'print the new text and leave the file as it is'] as const;

/** `xlfs xl format`: the usual layout; values and comments stay. */
export const format = defineCommand({
  usage: 'format <file>',
  summary: 'write a configuration in the usual layout; values and comments stay',
  example: 'xlfs xl format web1.cfg',
  options: [STDOUT_OPTION, ['--check', 'write nothing, and end with 1 if the layout is another one']],
  run: async (context, [file = ''], options: RewriteOptions & { check?: boolean }) => {
    const before = await readExact(file, context.signal);
    const text = inFile(file, () => formatText(before));
    if (options.check === true) return { failed: text !== before, file: nameOf(file), changed: text !== before, written: false };
    return { failed: false, ...(await deliver(file, before, text, options)) };
  },
  text: (result) => (result.failed ? `${result.file} has another layout: xlfs xl format ${result.file}` : describe(result)),
  status: ({ failed }) => (failed ? 1 : 0),
});

/** `xlfs xl fix`: what the linter can correct. */
export const fix = defineCommand({
  usage: 'fix <file>',
  summary: 'correct what can be corrected safely; ends with 1 if xl still refuses the file',
  example: 'xlfs xl fix --stdout web1.cfg',
  options: [XEN_OPTION, STDOUT_OPTION, ['--unsafe', 'also what changes what xl makes of the file, such as misspelt keys']],
  run: async (context, [file = ''], { xen, unsafe, ...options }: RewriteOptions & XenOption & { unsafe?: boolean }) => {
    const before = await readExact(file, context.signal);
    const { text, applied, remaining } = fixText(before, given({ xen, unsafe }));
    return { ...(await deliver(file, before, text, options)), applied, remaining };
  },
  text: (result) => {
    const { file, text, applied, remaining } = result;
    if (text !== undefined) return describe(result);
    const done = applied.map(({ start, fix: made, message, code }) =>
      printable(`${file}:${String(start.line)}: ${made?.title ?? message} [${code}]`),
    );
    return [...done, describe(result), ...remaining.map((one) => describeDiagnostic(file, one))].join('\n');
  },
  status: ({ remaining }) => (remaining.some(({ severity }) => severity === 'error') ? 1 : 0),
});

interface Rewritten {
  readonly file: string;
  readonly changed: boolean;
  readonly written: boolean;
  /** The new text, when it does not go into the file. */
  readonly text?: string;
}

async function deliver(file: string, before: string, text: string, { stdout = false }: RewriteOptions): Promise<Rewritten> {
  const changed = text !== before;
  if (stdout || file === STDIN) return { file: nameOf(file), changed, written: false, text };
  if (changed) await rewriteFile(file, text);
  return { file, changed, written: changed };
}

function describe({ file, written, text }: Rewritten): string {
  // Printing ends the last line.
  if (text !== undefined) return text.replace(/\n$/, '');
  return written ? `wrote ${file}` : `${file} stays as it is`;
}

/** A text that is written back must come out as it went in: bytes that are no UTF-8 would not. */
async function readExact(file: string, signal: AbortSignal): Promise<string> {
  const bytes = await readInput(file, signal);
  const text = bytes.toString();
  if (Buffer.from(text).equals(bytes)) return text;
  throw new XlfsError('USAGE', `${nameOf(file)} is not UTF-8`, {
    hint: 'convert it first, for example with iconv -f latin1 -t utf8',
  });
}
