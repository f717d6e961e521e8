/**
 * The same packages of the LFS profile built once more, all at once and one after another, each run with as many makes as there are cores:
 * what it is worth that the engine knows which may run side by side. Each comes out with the bytes that the store has, or is named.
 * The store has them all already (`xlfs build lfs`). About half an hour on two cores.
 */
import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** Small and middling packages: two compilers would be most of any run, whichever way they are built. */
const TEMPORARY = [
  'm4',
  'ncurses',
  'bash',
  'coreutils',
  'diffutils',
  'file',
  'findutils',
  'gawk',
  'grep',
  'gzip',
  'make',
  'patch',
  'sed',
]
  .concat(['tar', 'xz', 'bison', 'texinfo'])
  .map((name) => `temporary-${name}`);
const FINAL = ['attr', 'acl', 'bzip2', 'gdbm', 'libxcrypt', 'readline', 'm4', 'xz', 'zlib'];
const PACKAGES = [...TEMPORARY, ...FINAL];

interface Compared {
  readonly type: string;
  readonly step: string;
  readonly differences: readonly unknown[];
}

interface Finished {
  readonly type: string;
  readonly seconds: number;
  readonly overheadMs: number;
  readonly cpuSeconds: number;
}

const bin = fileURLToPath(new URL('../../packages/cli/dist/bin.js', import.meta.url));

/** Of one run of the CLI: its wall seconds, those of its steps in turn, processor seconds, and the packages that came out different. */
function rebuild(names: readonly string[]): { wall: number; steps: number; processor: number; different: string[] } {
  const begun = performance.now();
  let out: string;
  try {
    out = run(names);
  } catch (error) {
    // Status 1: something differs, which is in what it printed.
    const { status, stdout } = error as { status?: number; stdout?: string };
    if (status !== 1 || stdout === undefined) throw error;
    out = stdout;
  }
  const wall = (performance.now() - begun) / 1000;
  const events = out
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Compared & Finished);
  const finished = events.filter(({ type }) => type === 'step-finished');
  const compared = events.filter(({ type }) => type === 'step-compared');
  return {
    wall,
    steps: finished.reduce((sum, { seconds, overheadMs }) => sum + seconds + overheadMs / 1000, 0),
    processor: finished.reduce((sum, { cpuSeconds }) => sum + cpuSeconds, 0),
    different: compared.filter(({ differences }) => differences.length > 0).map(({ step }) => step),
  };
}

function run(names: readonly string[]): string {
  const args = [bin, 'build', '--profile', 'lfs', ...names, '--check', '--json'];
  return execFileSync(process.execPath, args, { encoding: 'utf8', maxBuffer: 1 << 28, stdio: ['ignore', 'pipe', 'inherit'] });
}

const together = rebuild(PACKAGES);
const alone = PACKAGES.map((name) => rebuild([name]));
// The start of the CLI is not counted against the one after another.
const apart = alone.reduce((sum, { steps }) => sum + steps, 0);
const different = new Set([...together.different, ...alone.flatMap((one) => one.different)]);
const seconds = (value: number): string => `${value.toFixed(0)} s`;
console.log(`${String(PACKAGES.length)} packages`);
console.log(
  `one after another: ${seconds(apart)} of wall, ${seconds(alone.reduce((sum, { processor }) => sum + processor, 0))} of processor`,
);
console.log(`all at once:       ${seconds(together.wall)} of wall, ${seconds(together.processor)} of processor`);
console.log(`ratio:             ${(apart / together.wall).toFixed(2)} (goal 1.3)`);
console.log(different.size === 0 ? 'both runs made the bytes of the store' : `other bytes: ${[...different].join(', ')}`);
