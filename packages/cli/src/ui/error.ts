import { XlfsError } from '@xlfs/core';

/**
 * Prints an error to stderr as what failed, why, and what to do next; with `json` as one line of `{code, message, hint, cause}`.
 *
 * @returns the exit status.
 */
export function reportError(error: unknown, json: boolean): number {
  const known = asXlfsError(error);
  if (known === undefined) {
    process.stderr.write(json ? `${JSON.stringify({ code: 'BUG', message: String(error) })}\n` : `xlfs: this is a bug: ${stackOf(error)}\n`);
    return 1;
  }
  if (json) process.stderr.write(`${JSON.stringify(known.toJSON())}\n`);
  else {
    process.stderr.write(`xlfs: ${known.message}\n`);
    const { cause } = known.toJSON();
    if (cause !== undefined && !known.message.includes(cause)) process.stderr.write(`  because: ${cause}\n`);
    if (known.hint !== undefined) process.stderr.write(`  → ${known.hint}\n`);
    process.stderr.write(`  (${known.code})\n`);
  }
  return known.exitCode;
}

/** Errors of the packages that stand alone have the same shape without being of our class; the system's own are told by their code. */
function asXlfsError(error: unknown): XlfsError | undefined {
  if (error instanceof XlfsError) return error;
  if (!(error instanceof Error)) return undefined;
  const code = (error as NodeJS.ErrnoException).code;
  if (code === 'ENOSPC') return new XlfsError('NO_SPACE', error.message, { hint: 'free some space (xlfs store gc), or choose another store with --store DIR', cause: error });
  if (error.name === 'AbortError') return new XlfsError('INTERRUPTED', 'interrupted', { hint: 'run the same command again: finished steps are kept' });
  if (code === 'EACCES' || code === 'EROFS' || code === 'EPERM') return new XlfsError('STORE_UNUSABLE', error.message, { hint: 'is the folder yours?', cause: error });
  return undefined;
}

function stackOf(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
