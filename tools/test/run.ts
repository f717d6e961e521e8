/**
 * `npm test` after the set-up: lint, formatting, types, release checks and every package's tests, in one run of Nx; then the true totals.
 * Arguments go to `nx run-many` (`--projects=@xlfs/core`, `--skip-nx-cache`).
 */
import { spawn } from 'node:child_process';
import { readFile, rm } from 'node:fs/promises';
import { availableParallelism, constants } from 'node:os';
import { join } from 'node:path';
import { projects, workspace, type Project } from './projects.ts';
import { countChecks, countTests, lastLine, outcomes, sum, type Totals } from './totals.ts';

const CHECKS = ['lint', 'format', 'typecheck'];
const RELEASE_CHECKS = ['publint', 'attw'];

const all = projects();
await Promise.all(all.map((project) => rm(reportOf(project), { force: true })));

const started = new Date();
const exitCode = await runNx([...CHECKS, ...RELEASE_CHECKS, 'test'], process.argv.slice(2));
const groups = await count();
const totals = sum(groups.map(([, group]) => group));

console.log(`\n${table(groups)}\n`);
for (const failure of totals.failures) console.log(`failed: ${failure}`);
console.log(lastLine(totals));
process.exitCode = totals.failed > 0 ? 1 : exitCode;

/** Runs the targets for all projects; resolves to the exit code once Nx and all it started have ended. */
async function runNx(targets: string[], more: string[]): Promise<number> {
  // One test process a core: Nx runs packages side by side, each package one test file at a time.
  const cores = availableParallelism();
  const args = ['run-many', `--target=${targets.join(',')}`, `--parallel=${String(cores)}`, '--output-style=stream', ...more];
  const child = spawn('nx', args, {
    cwd: workspace,
    stdio: ['ignore', 'inherit', 'inherit'],
    env: {
      ...process.env,
      ...(process.stdout.isTTY ? {} : { NO_COLOR: '1', FORCE_COLOR: '0' }),
      NX_DAEMON: 'false',
      NX_TUI: 'false',
      VITEST_MAX_WORKERS: '1',
    },
  });
  // Interrupted or out of time: Nx is told as well, and what ran until then is still counted.
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => child.kill(signal));
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code, signal) => resolve(code ?? 128 + (signal === null ? 1 : constants.signals[signal])));
  });
}

async function count(): Promise<[name: string, totals: Totals][]> {
  const outcome = outcomes(await read(join(workspace, '.nx/cache/run.json')), started);
  const tests = all.map(async (project): Promise<[string, Totals]> => {
    const succeeded = outcome({ project: project.name, target: 'test' }) === 'succeeded';
    return [project.name, countTests(project.name, await read(reportOf(project)), succeeded)];
  });
  const checks = (targets: string[], of: Project[]): [string, Totals] => {
    const asked = of.flatMap(({ name }) => targets.map((target) => ({ project: name, target })));
    return [targets.join(', '), countChecks(asked, outcome)];
  };
  const published = all.filter((project) => project.published);
  return [...(await Promise.all(tests)), checks(CHECKS, all), checks(RELEASE_CHECKS, published)];
}

function reportOf(project: Project): string {
  return join(project.folder, '.test-results/vitest.json');
}

function table(groups: [string, Totals][]): string {
  const rows = [['', 'passed', 'failed'], ...groups.map(([name, { passed, failed }]) => [name, String(passed), String(failed)])];
  return rows
    .map(([name = '', passed = '', failed = '']) => `${name.padEnd(28)}${passed.padStart(8)}${failed.padStart(8)}`)
    .join('\n');
}

async function read(path: string): Promise<string | undefined> {
  return readFile(path, 'utf8').catch(() => undefined);
}
