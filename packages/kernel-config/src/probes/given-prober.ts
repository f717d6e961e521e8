import { KernelConfigError } from '../errors.ts';
import type { Prober } from './prober.ts';

/**
 * Answers from a table, for a compiler that is not on this machine: what the commands would print, by command.
 *
 * @param otherwise answers commands that the table lacks; without it they are an error
 */
export function givenProber(answers: Readonly<Record<string, string>>, otherwise?: (command: string) => string): Prober {
  return {
    start(command) {
      if (Object.hasOwn(answers, command)) return answers[command]!;
      if (otherwise !== undefined) return otherwise(command);
      throw new KernelConfigError('PROBE_FAILED', `no answer was given for: ${command}`, {
        hint: 'Add the answer to the table, or record one with recordingProber.',
      });
    },
    wait() {
      throw new Error('a given answer is never waited for');
    },
    close: () => undefined,
  };
}

/** Passes commands on and keeps the answers, as a table for `givenProber`. */
export function recordingProber(inner: Prober): Prober & { readonly answers: Readonly<Record<string, string>> } {
  const answers: Record<string, string> = {};
  const pending = new Map<number, string>();
  return {
    answers,
    start(command) {
      const started = inner.start(command);
      if (typeof started === 'string') answers[command] = started;
      else pending.set(started, command);
      return started;
    },
    wait(id) {
      const answer = inner.wait(id);
      answers[pending.get(id)!] = answer;
      return answer;
    },
    close: () => inner.close(),
  };
}
