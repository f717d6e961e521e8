import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { AUTOMAKE_FAILED, knownFailures } from './test-suite.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'xlfs-test-suite-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Runs the script as a step does: status and what was printed. */
function outcome(run: string, failed: string, known: Record<string, string>): { status: number | null; printed: string } {
  const tests = knownFailures({ run, failed, known });
  const { status, stdout } = spawnSync('sh', ['-euc', tests?.run ?? 'exit 99'], { cwd: folder, encoding: 'utf8' });
  return { status, printed: stdout };
}

describe("a package's tests", () => {
  test('pass when nothing failed', () => {
    expect(outcome('true', ':', {}).status).toBe(0);
  });

  test('pass when all that failed is known to', () => {
    expect(outcome('false', 'echo io/tst-lchmod', { 'io/tst-lchmod': 'no mount point', 'elf/other': 'slow' }).status).toBe(0);
  });

  test('fail by name when another one failed', () => {
    const { status, printed } = outcome('false', 'printf "%s\\n" known new.test', { known: 'a reason' });
    expect(status).toBe(1);
    expect(printed).toMatch(/^new\.test\n/);
    expect(printed).not.toMatch(/^known$/m);
  });

  test('are named as automake has them', () => {
    mkdirSync(join(folder, 'test/root'), { recursive: true });
    writeFileSync(join(folder, 'test/attr.trs'), ':test-result: PASS\n');
    writeFileSync(join(folder, 'test/root/getfattr.trs'), ':test-result: FAIL\n:recheck: yes\n');
    expect(outcome('false', AUTOMAKE_FAILED, {}).printed).toMatch(/^test\/root\/getfattr\n/);
    expect(outcome('false', AUTOMAKE_FAILED, { 'test/root/getfattr': 'a reason' }).status).toBe(0);
  });

  test('fail when the name of a known one is only a part of the name', () => {
    expect(outcome('false', 'echo known-too', { known: 'a reason' }).status).toBe(1);
  });

  test('fail when the run broke off before any test', () => {
    expect(outcome('exit 2', ':', { known: 'a reason' }).status).not.toBe(0);
  });
});
