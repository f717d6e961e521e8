/**
 * `npm run bench [-- NAME…]`: every benchmark there is, one after the other so that none disturbs another.
 *
 * Benchmarks are the `bench` scripts of the packages, and the other files of this folder for what spans packages. Each prints the peer's
 * figure and ours from the same run, and the ratio. NAME picks by a part of the name.
 */
import { spawnSync } from 'node:child_process';
import { globSync } from 'node:fs';
import { cpus, release, totalmem } from 'node:os';
import { basename, join, relative } from 'node:path';
import { projects, workspace } from '../test/projects.ts';

interface Benchmark {
  readonly name: string;
  readonly command: readonly string[];
  readonly cwd: string;
}

function benchmarks(): Benchmark[] {
  const ofPackages = projects()
    .filter(({ manifest }) => manifest.scripts?.['bench'] !== undefined)
    .map(({ name, folder }) => ({ name, command: ['npm', 'run', '--silent', 'bench'], cwd: folder }));
  const spanning = globSync('tools/bench/*.ts', { cwd: workspace, exclude: [relative(workspace, import.meta.filename)] })
    .sort()
    .map((file) => ({
      name: basename(file, '.ts'),
      command: [process.execPath, join(workspace, file)],
      cwd: workspace,
    }));
  return [...ofPackages, ...spanning];
}

const wanted = process.argv.slice(2);
const all = benchmarks();
const picked = wanted.length === 0 ? all : all.filter(({ name }) => wanted.some((part) => name.includes(part)));
if (picked.length === 0) {
  console.error(`bench: no benchmark is called ${wanted.join(', ')}`);
  console.error(`  there are: ${all.map(({ name }) => name).join(', ') || 'none yet'}`);
  process.exit(2);
}

const cores = cpus();
console.log(
  `machine: ${String(cores.length)} × ${cores[0]?.model ?? 'CPU'}, ${String(Math.round(totalmem() / 2 ** 30))} GiB, Linux ${release()}, Node ${process.version}`,
);
const failed = picked.filter(({ name, command: [file = '', ...args], cwd }) => {
  console.log(`\n# ${name}\n`);
  const PATH = `${join(workspace, 'node_modules/.bin')}:${process.env['PATH'] ?? ''}`;
  const { status } = spawnSync(file, args, { cwd, stdio: ['ignore', 'inherit', 'inherit'], env: { ...process.env, PATH } });
  return status !== 0;
});
if (failed.length > 0) {
  console.error(`\nbench: failed: ${failed.map(({ name }) => name).join(', ')}`);
  process.exitCode = 1;
}
