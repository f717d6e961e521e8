import type { ExecaError } from 'execa';
import { BrokenOff, NotThere } from '../providers/provider.ts';

/** apt's own complaint in one line, without the warnings around it. */
export function explained(error: unknown, what: string): Error {
  if (error instanceof BrokenOff || error instanceof NotThere) return error;
  const failure = error as ExecaError;
  if (failure.isCanceled) return failure;
  const said = `${failure.stderr?.toString() ?? ''}\n${failure.stdout?.toString() ?? ''}`;
  const complaint = said
    .split('\n')
    .filter((line) => /^(E|Err)[: ]/.test(line))
    .join('; ');
  return new BrokenOff(`${what}: ${complaint || (failure.shortMessage ?? failure.message)}`, { cause: error });
}
