/**
 * olddefconfig of x86_64_defconfig on Linux 6.12: the C program, kconfiglib and ours, in one run.
 *
 *     npm run bench -w @xlfs/kernel-config
 *
 * Needs python3-kconfiglib besides what the tests need, and the built package. CPU time counts all child processes.
 */
import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { oracle } from '../e2e/support/trees.ts';

const ROUNDS = Number(process.env.ROUNDS ?? 5);
const tree = oracle('linux-6.12');
const folder = mkdtempSync(join(tmpdir(), 'xlfs-bench-'));
const cache = join(folder, 'cache');
const ours = join(import.meta.dirname, '../dist/xlfs-conf.js');
const python = join(folder, 'olddefconfig.py');
// The newest kconfiglib does not know the attribute `modules` of Linux 5.14: it is given the old spelling.
writeFileSync(
  python,
  `import io, kconfiglib
class Kconfig(kconfiglib.Kconfig):
    def _open(self, filename, mode):
        file = super()._open(filename, mode)
        return io.StringIO(file.read().replace("\\n\\tmodules\\n", "\\n\\toption modules\\n")) if filename.endswith("kernel/module/Kconfig") else file
k = Kconfig("Kconfig", warn=False)
k.load_config(".config")
k.write_config(".config")
`,
);

interface Contender {
  readonly name: string;
  readonly command: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  readonly before?: () => void;
}

const contenders: Contender[] = [
  { name: 'C conf', command: [tree.conf, '--olddefconfig', 'Kconfig'] },
  { name: 'kconfiglib', command: ['/usr/bin/python3', python] },
  {
    name: 'xlfs-conf, cold',
    command: [process.execPath, ours, '--olddefconfig', 'Kconfig'],
    environment: { XLFS_KCONFIG_CACHE: cache },
    before: () => rmSync(cache, { recursive: true, force: true }),
  },
  {
    name: 'xlfs-conf, warm',
    command: [process.execPath, ours, '--olddefconfig', 'Kconfig'],
    environment: { XLFS_KCONFIG_CACHE: cache },
  },
];

const results = new Map<string, { wall: number; cpu: number; memory: number }[]>(contenders.map(({ name }) => [name, []]));
for (let round = 0; round < ROUNDS; round++) {
  for (const { name, command, environment, before } of contenders) {
    before?.();
    copyFileSync(join(tree.tree, 'arch/x86/configs/x86_64_defconfig'), join(folder, '.config'));
    results.get(name)!.push(measure(command, { ...tree.environment, ...environment }));
  }
}
rmSync(folder, { recursive: true, force: true });

const peer = median('C conf', 'wall');
console.log('Linux 6.12 x86_64_defconfig, olddefconfig: median of', ROUNDS);
for (const { name } of contenders) {
  const wall = median(name, 'wall');
  console.log(
    `${name.padEnd(16)} ${wall.toFixed(2)} s wall (${(wall / peer).toFixed(2)} of C), ${median(name, 'cpu').toFixed(2)} s CPU, ${median(name, 'memory').toFixed(0)} MB`,
  );
}

/** Wall and CPU seconds, and peak memory in MB, told by a small Python wrapper (getrusage of children). */
function measure(
  command: readonly string[],
  environment: Readonly<Record<string, string>>,
): { wall: number; cpu: number; memory: number } {
  const script =
    'import resource,subprocess,sys,time\nt=time.time()\nsubprocess.run(sys.argv[1:],stdout=subprocess.DEVNULL,stderr=subprocess.DEVNULL,check=True)\nr=resource.getrusage(resource.RUSAGE_CHILDREN)\nprint(time.time()-t,r.ru_utime+r.ru_stime,r.ru_maxrss/1024)';
  const output = execFileSync('/usr/bin/python3', ['-c', script, ...command], {
    cwd: folder,
    env: environment,
    encoding: 'utf8',
  });
  const [wall, cpu, memory] = output.trim().split(' ').map(Number);
  return { wall: wall!, cpu: cpu!, memory: memory! };
}

function median(name: string, key: 'wall' | 'cpu' | 'memory'): number {
  return results
    .get(name)!
    .map((each) => each[key])
    .sort((a, b) => a - b)[ROUNDS >> 1]!;
}
