import { XlfsError } from '@xlfs/core';
import type { KernelConfigError } from '@xlfs/kernel-config';
import type { XlConfigError } from '@xlfs/xl-config';
import { printable } from './printable.ts';

/**
 * Prints an error to stderr as what failed, why, and what to do next; with `json` as one line of `{code, message, hint, cause}`.
 *
 * @returns the exit status.
 */
export function reportError(error: unknown, json: boolean): number {
  const known = asReport(error);
  if (known === undefined) {
    process.stderr.write(
      json ? `${JSON.stringify({ code: 'BUG', message: String(error) })}\n` : `xlfs: this is a bug: ${stackOf(error)}\n`,
    );
    return 1;
  }
  const { exitCode, ...report } = known;
  if (json) process.stderr.write(`${JSON.stringify(report)}\n`);
  else {
    const { code, message, hint, cause } = report;
    const lines = [`xlfs: ${message}`];
    if (cause !== undefined && !message.includes(cause)) lines.push(`  because: ${cause}`);
    if (hint !== undefined) lines.push(`  → ${hint}`);
    process.stderr.write(`${printable([...lines, `  (${code})`].join('\n'))}\n`);
  }
  return exitCode;
}

/** What is printed of an error, and how we end. */
interface Report {
  readonly code: string;
  readonly message: string;
  readonly hint?: string;
  readonly cause?: string;
  readonly exitCode: number;
}

function asReport(error: unknown): Report | undefined {
  if (isStandalone(error)) {
    const { code, hint, cause } = error;
    return {
      code,
      message: 'describe' in error ? error.describe() : error.message,
      ...(hint === undefined ? {} : { hint }),
      ...(cause === undefined ? {} : { cause: cause instanceof Error ? cause.message : String(cause) }),
      exitCode: 2,
    };
  }
  const known = asXlfsError(error);
  return known === undefined ? undefined : { ...known.toJSON(), exitCode: known.exitCode };
}

/** Errors of the packages that stand alone: bad input, all of them. Told by their names, so that nothing is loaded to ask for their class. */
function isStandalone(error: unknown): error is KernelConfigError | XlConfigError {
  return error instanceof Error && STANDALONE.includes(error.name);
}

const STANDALONE: readonly string[] = ['KernelConfigError', 'XlConfigError'] satisfies readonly (
  KernelConfigError | XlConfigError
)['name'][];

/** The system's own errors are told by their code. */
function asXlfsError(error: unknown): XlfsError | undefined {
  if (error instanceof XlfsError) return error;
  if (!(error instanceof Error)) return undefined;
  const code = (error as NodeJS.ErrnoException).code;
  if (code === 'ENOSPC')
    return new XlfsError('NO_SPACE', error.message, {
      hint: 'free some space (xlfs store gc), or choose another store with --store DIR',
      cause: error,
    });
  if (error.name === 'AbortError')
    return new XlfsError('INTERRUPTED', 'interrupted', { hint: 'run the same command again: finished steps are kept' });
  if (code === 'EACCES' || code === 'EROFS' || code === 'EPERM')
    return new XlfsError('STORE_UNUSABLE', error.message, { hint: 'is the folder yours?', cause: error });
  return undefined;
}

function stackOf(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
