import type { Suite } from './test-recipes.ts';

/** What came of a suite: a fact that is recorded, whatever is thought of it. */
export interface TestOutcome {
  /** Exit status of its script. */
  readonly status: number;
  /** How many tests passed, by their names. */
  readonly passed: number;
  /** Names of the tests that failed, each once, sorted. */
  readonly failed: readonly string[];
}

/** Counts lines `PASS: name` and `FAIL: name`. */
export function readOutcome(status: number, results: string): TestOutcome {
  const named = (word: string): string[] =>
    results.split('\n').flatMap((line) => (line.startsWith(`${word}: `) ? [line.slice(word.length + 2)] : []));
  return { status, passed: named('PASS').length, failed: [...new Set(named('FAIL'))].sort() };
}

/** Tests that failed and are not known to. */
export function unexpectedFailures({ known }: Suite, { failed }: TestOutcome): string[] {
  return failed.filter((name) => !Object.hasOwn(known, name));
}

/** As many names as a message can hold. */
const MOST_NAMES = 20;

/** Why a suite is not to be called passed; undefined when it is. Known failures may change without the tests being run again. */
export function whyNotPassed(suite: Suite, outcome: TestOutcome): string | undefined {
  const { results, least } = suite;
  const { status, passed, failed } = outcome;
  const unexpected = unexpectedFailures(suite, outcome);
  if (unexpected.length > 0) {
    const names = unexpected.slice(0, MOST_NAMES).map((name) => `  ${name}`);
    const more = unexpected.length - names.length;
    const rest = more > 0 ? [`  and ${String(more)} more`] : [];
    return [`${String(unexpected.length)} tests failed that are not known to (${String(passed)} passed)`, ...names, ...rest].join(
      '\n',
    );
  }
  const ended = `its script ended with status ${String(status)}`;
  if (results !== undefined && passed < least) {
    const few = passed === 0 ? 'no test passed' : `only ${String(passed)} tests passed`;
    return `${few}, and ${String(least)} must: ${ended}`;
  }
  // It failed without a test that did: it did not get to its end.
  return status !== 0 && failed.length === 0 ? ended : undefined;
}
