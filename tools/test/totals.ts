import { z } from 'zod';

/** What one group of tests or checks came to. */
export interface Totals {
  readonly passed: number;
  readonly failed: number;
  /** One line for each failure, in the order met. */
  readonly failures: readonly string[];
}

/** Vitest's JSON report, as far as it is counted: one entry a file, in it one entry a test. */
const reportSchema = z.object({
  testResults: z.array(
    z.object({
      name: z.string(),
      status: z.string(),
      message: z.string().optional(),
      assertionResults: z.array(z.object({ status: z.string(), fullName: z.string() })),
    }),
  ),
});

/** Nx's record of its last run (`.nx/cache/run.json`). */
const runSchema = z.object({
  run: z.object({ startTime: z.coerce.date() }),
  tasks: z.array(z.object({ projectName: z.string(), target: z.string(), status: z.number() })),
});

/**
 * Counts the tests of one package.
 *
 * Only a test that ran and passed counts as passed. A skipped or unwritten one, a file that failed to load, a report that is missing or
 * unreadable and a run that failed without a failed test (an error outside of any) count as failed: nothing passes by not running.
 *
 * @param text the report, or undefined where vitest left none
 * @param succeeded whether vitest exited with 0
 */
export function countTests(project: string, text: string | undefined, succeeded: boolean): Totals {
  if (text === undefined) return failure(`${project}: its tests left no report`);
  const report = parse(reportSchema, text);
  if (report === undefined) return failure(`${project}: its test report cannot be read`);

  const totals = sum(report.testResults.map((file) => countFile(project, file)));
  if (totals.passed + totals.failed === 0) return failure(`${project}: has no tests`);
  return succeeded || totals.failed > 0 ? totals : sum([totals, failure(`${project}: an error outside of any test`)]);
}

function countFile(project: string, file: z.output<typeof reportSchema>['testResults'][number]): Totals {
  const tests = file.assertionResults.map((test) =>
    test.status === 'passed' ? pass : failure(`${project}: ${test.status}: ${test.fullName} (${file.name})`),
  );
  const totals = sum(tests);
  if (totals.failed > 0 || (file.status === 'passed' && tests.length > 0)) return totals;
  return sum([totals, failure(`${project}: ${file.name}: ${firstLine(file.message) || 'did not run'}`)]);
}

/** A target that Nx was asked to run for a project. */
export interface Task {
  readonly project: string;
  readonly target: string;
}

/** How a task ended; `undefined` where Nx did not reach it. */
export type Outcome = (task: Task) => 'succeeded' | 'failed' | undefined;

/**
 * Reads how the tasks of a run ended.
 *
 * @param text Nx's record, or undefined where there is none
 * @param since start of the run; an older record is another run's and says nothing
 */
export function outcomes(text: string | undefined, since: Date): Outcome {
  const record = text === undefined ? undefined : parse(runSchema, text);
  const tasks = record !== undefined && record.run.startTime >= since ? record.tasks : [];
  return ({ project, target }) => {
    const task = tasks.find((each) => each.projectName === project && each.target === target);
    if (task === undefined) return undefined;
    return task.status === 0 ? 'succeeded' : 'failed';
  };
}

/** Counts the checks (lint, types, …), one for each task asked for. One that did not run counts as failed. */
export function countChecks(asked: readonly Task[], outcome: Outcome): Totals {
  return sum(
    asked.map((task) => {
      const end = outcome(task);
      return end === 'succeeded' ? pass : failure(`${task.project}: ${task.target} ${end ?? 'did not run'}`);
    }),
  );
}

export function sum(parts: readonly Totals[]): Totals {
  return {
    passed: parts.reduce((total, part) => total + part.passed, 0),
    failed: parts.reduce((total, part) => total + part.failed, 0),
    failures: parts.flatMap((part) => part.failures),
  };
}

/** The line that a run ends with. */
export function lastLine(totals: Totals): string {
  return `${String(totals.passed)} passed, ${String(totals.failed)} failed`;
}

const pass: Totals = { passed: 1, failed: 0, failures: [] };

function failure(line: string): Totals {
  return { passed: 0, failed: 1, failures: [line] };
}

function firstLine(text = ''): string {
  return text.split('\n', 1)[0] ?? '';
}

function parse<T extends z.ZodType>(schema: T, text: string): z.output<T> | undefined {
  try {
    return schema.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}
