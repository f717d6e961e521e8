import type { RecipeInput } from '@xlfs/core';

export interface KnownFailures {
  /** Runs the tests; may fail. */
  readonly run: string;
  /** Prints the names of tests that failed, one a line. */
  readonly failed: string;
  /** Tests that fail here, each with its reason. */
  readonly known: Readonly<Record<string, string>>;
  readonly critical?: boolean;
  /** Processor time of the tests alone, in SBU. @default that of the build */
  readonly weight?: number;
}

/** Tests that pass when nothing failed but what is known to. Both commands start in the source folder. */
export function knownFailures({ run, failed, known, ...more }: KnownFailures): RecipeInput['tests'] {
  const names = Object.keys(known).sort();
  return {
    ...more,
    known: { ...known },
    run: `\
status=0
(${run}) || status=$?
(${failed}) | LC_ALL=C sort -u > tests-failed
printf '%s\\n' ${names.length === 0 ? "''" : names.map((name) => `'${name}'`).join(' ')} > tests-known
if grep -vxF -f tests-known tests-failed; then
  echo 'the tests named above failed, and are not known to'
  exit 1
fi
# It failed without a test that did: it did not get as far.
test "$status" -eq 0 || test -s tests-failed`,
  };
}

/** Tests that fail for one reason, as a part of {@link KnownFailures.known}. */
export function because(reason: string, ...tests: readonly string[]): Record<string, string> {
  return Object.fromEntries(tests.map((test) => [test, reason]));
}

/** What failed of tests that automake runs, as {@link KnownFailures.failed}: paths without their ending. */
export const AUTOMAKE_FAILED =
  "find . -name '*.trs' -exec grep -l '^:test-result: FAIL' {} + | sed -e 's,^\\./,,' -e 's,\\.trs$,,'";
