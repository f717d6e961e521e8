import { XlfsError } from '../errors.ts';
import type { BuildEvent } from './events.ts';

/** Codes of what went wrong in the step itself, and not in what it needs: its log tells more. */
const OWN_FAILURES = ['STEP_FAILED', 'TESTS_FAILED'];

/** The event of a step's failure. */
export function stepFailed(step: string, error: Error, key: string | undefined, log: string | undefined): BuildEvent {
  const code = error instanceof XlfsError ? error.code : 'STEP_FAILED';
  return { type: 'step-failed', step, key, code, message: error.message, log: OWN_FAILURES.includes(code) ? log : undefined };
}
