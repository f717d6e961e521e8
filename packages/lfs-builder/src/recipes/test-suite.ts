/** Scripts that print the results of tests, as `tests.results` of a recipe: a line `PASS: name` or `FAIL: name` for each. */

/** Of automake's own runner: paths without their ending. */
export const AUTOMAKE_RESULTS = String.raw`grep -r '^:test-result: ' --include='*.trs' . |
  sed -nE -e 's,ERROR$,FAIL,' -e 's,^\./(.*)\.trs::test-result: (PASS|FAIL)$,\2: \1,p'`;

/** Of DejaGnu, in the build folder. An error is one of the test suite itself. */
export const DEJAGNU_RESULTS = "find build -name '*.sum' -exec sed -nE -e 's/^ERROR: /FAIL: /' -e '/^(PASS|FAIL): /p' {} +";

/** Tests that fail for one reason, as a part of `tests.known`. */
export function because(reason: string, ...tests: readonly string[]): Record<string, string> {
  return Object.fromEntries(tests.map((test) => [test, reason]));
}
