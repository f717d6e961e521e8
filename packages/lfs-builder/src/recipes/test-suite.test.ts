import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { AUTOMAKE_RESULTS, DEJAGNU_RESULTS } from './test-suite.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'xlfs-test-suite-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('results', () => {
  /** Of the script that a package's tests use, run in a folder with the files. */
  function results(script: string, files: Record<string, string>): string[] {
    for (const [path, content] of Object.entries(files)) {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), content);
    }
    return spawnSync('sh', ['-euc', script], { cwd: folder, encoding: 'utf8' }).stdout.trimEnd().split('\n').sort();
  }

  test('of automake are named by their path', () => {
    const files = {
      'test/attr.trs': ':test-result: PASS\n',
      'test/root/getfattr.trs': ':test-result: FAIL\n:recheck: yes\n',
      'test/skipped.trs': ':test-result: SKIP\n',
      'test/broken.trs': ':test-result: ERROR\n',
    };
    expect(results(AUTOMAKE_RESULTS, files)).toEqual(['FAIL: test/broken', 'FAIL: test/root/getfattr', 'PASS: test/attr']);
  });

  test('of DejaGnu include its own errors', () => {
    const sum =
      'Running a.exp ...\nPASS: one\nXFAIL: two\nFAIL: three -O2\nERROR: tcl error sourcing a.exp.\n# of expected passes\t1\n';
    expect(results(DEJAGNU_RESULTS, { 'build/gcc/gcc.sum': sum, 'build/gcc/gcc.log': 'PASS: one\n' })).toEqual([
      'FAIL: tcl error sourcing a.exp.',
      'FAIL: three -O2',
      'PASS: one',
    ]);
  });
});
