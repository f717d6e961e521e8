import { XlfsError } from '../errors.ts';
import type { BuildEvent } from './events.ts';

/** The event of a step's failure; the log is named where the step itself failed, and not what it needs. */
export function stepFailed(step: string, error: Error, key: string | undefined, log: string | undefined): BuildEvent {
  const code = error instanceof XlfsError ? error.code : 'STEP_FAILED';
  return { type: 'step-failed', step, key, code, message: error.message, log: code === 'STEP_FAILED' ? log : undefined };
}
