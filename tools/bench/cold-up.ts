/**
 * `xlfs up` from an empty store with the sources at hand, against the least that it could take: the processor time of all its steps over the
 * cores, and the boot. About twenty minutes on two cores.
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

interface Finished {
  readonly type: string;
  readonly seconds: number;
  readonly cpuSeconds: number;
}

interface Report {
  readonly report: {
    readonly controlDSeconds: number;
    readonly dom0MemoryMiB: number;
    readonly totalSeconds: number;
    readonly guests: readonly { name: string; createSeconds: number; createToPingSeconds: number }[];
  };
}

const bin = fileURLToPath(new URL('../../packages/cli/dist/bin.js', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'xlfs-cold-'));
const xlfs = (...args: string[]): string =>
  execFileSync(process.execPath, [bin, ...args], { encoding: 'utf8', maxBuffer: 1 << 28, stdio: ['ignore', 'pipe', 'inherit'] });

try {
  const mirror = join(folder, 'mirror');
  xlfs('sources', 'mirror', mirror, '--quiet');
  const begun = performance.now();
  const lines = xlfs('up', '--json', '--patience', '3', '--mirror', mirror, '--store', join(folder, 'store')).trim().split('\n');
  const wall = (performance.now() - begun) / 1000;
  const events = lines.map((line) => JSON.parse(line) as Finished);
  const finished = events.find(({ type }) => type === 'run-finished');
  const { report } = JSON.parse(lines.at(-1) ?? '') as Report;
  if (finished === undefined) throw new Error('nothing was built');
  const cores = availableParallelism();
  const least = finished.cpuSeconds / cores;
  console.log(
    `build: ${finished.seconds.toFixed(0)} s of wall for ${finished.cpuSeconds.toFixed(0)} s of processor on ${String(cores)} cores`,
  );
  console.log(`  wall ÷ (processor ÷ cores) = ${(finished.seconds / least).toFixed(2)} (goal 1.15)`);
  console.log(`whole: ${wall.toFixed(0)} s, of which the boot check took ${report.totalSeconds.toFixed(0)} s`);
  console.log(
    `control_d after ${report.controlDSeconds.toFixed(1)} s (goal 8); dom0 uses ${report.dom0MemoryMiB.toFixed(0)} MiB (goal 64)`,
  );
  for (const { name, createSeconds, createToPingSeconds } of report.guests) {
    console.log(
      `${name}: xl create ${createSeconds.toFixed(1)} s, answer to a ping after ${createToPingSeconds.toFixed(1)} s (goal 8; Debian's dom0: 15.3)`,
    );
  }
} finally {
  // Files of the store may belong to subordinate ids; what cannot be removed is left to the system's cleaning of its temporary folder.
  rmSync(folder, { recursive: true, force: true });
}
