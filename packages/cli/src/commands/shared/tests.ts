import type { TestPolicy } from '@xlfs/core';
import { oneOf } from './values.ts';

export const TESTS_OPTION = [
  '--tests <which>',
  "packages' own tests: none, targets (those named), critical or all (default: none)",
] as const;

export interface TestsOption {
  readonly tests?: string;
}

const POLICIES: readonly TestPolicy[] = ['none', 'targets', 'critical', 'all'];

/** What `--tests` asks for. @throws XlfsError `USAGE` */
export function testPolicy({ tests = 'none' }: TestsOption): TestPolicy {
  return oneOf(tests, POLICIES, '--tests');
}
