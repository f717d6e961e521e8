import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { xlCreate } from '../e2e/oracle/xl.ts';
import type * as Package from '../src/index.ts';

/** Figures of the built package: `npm run build` comes first. Processor time, so that a busy machine does not count. */
const module = join(import.meta.dirname, '../dist/index.js');
const { bridgedVif, fix, format, hvmGuest, imageDisk, blockDisk, lint, parse, pvGuest, pvhGuest, stableMac, toLibxlJson, write } =
  (await import(module)) as typeof Package;

const FILES = 1000;

/** Guests as people have them: two disks, an interface or two, a kernel or firmware, comments. */
function ordinaryFile(index: number): string {
  const name = `guest${index}`;
  const common = {
    name,
    memory: 256 + (index % 8) * 256,
    vcpus: 1 + (index % 4),
    disks: [blockDisk(`/dev/vg0/${name}-root`, 'xvda'), imageDisk(`/srv/images/${name}.qcow2`, 'xvdb')],
    vifs: Array.from({ length: 1 + (index % 2) }, (_, nic) =>
      bridgedVif(`xenbr${nic}`, { mac: stableMac(name, nic), rate: '100Mb/s' }),
    ),
  };
  const set = {
    on_crash: 'preserve',
    on_reboot: 'restart',
    cpus: '0-3',
    uuid: `00000000-0000-4000-8000-${String(index).padStart(12, '0')}`,
  } as const;
  const kernel = { kernel: '/boot/vmlinuz', ramdisk: '/boot/initrd', root: { device: '/dev/xvda' } };
  const guest =
    index % 3 === 0
      ? pvGuest({ ...common, ...kernel, set })
      : index % 3 === 1
        ? pvhGuest({ ...common, ...kernel, set })
        : hvmGuest({ ...common, boot: 'cd', set: { ...set, viridian: ['base'] } });
  return `# ${name}: made for the benchmark\n\n${write(guest)}\n# end\n`;
}

/** Processor seconds, the least of five runs. */
function seconds(run: () => unknown): number {
  const runs = Array.from({ length: 5 }, () => {
    const start = process.cpuUsage();
    run();
    const { user, system } = process.cpuUsage(start);
    return (user + system) / 1e6;
  });
  return Math.min(...runs);
}

/** Milliseconds of processor time that importing the package adds to an empty program. */
function importCost(): number {
  const cpu = (code: string): number =>
    Number(
      spawnSync(
        process.execPath,
        ['--input-type=module', '-e', `${code};const {user,system}=process.cpuUsage();process.stdout.write(String(user+system))`],
        { encoding: 'utf8' },
      ).stdout,
    ) / 1000;
  const least = (code: string): number => Math.min(...Array.from({ length: 9 }, () => cpu(code)));
  return least(`await import(${JSON.stringify(module)})`) - least('');
}

const files = Array.from({ length: FILES }, (_, index) => ordinaryFile(index));
const first = process.cpuUsage();
for (const file of files) void (lint(file), write(parse(file)));
const cold = process.cpuUsage(first);

const rows: [string, number, string][] = [
  [`${FILES} files parsed, linted, written: first time`, (cold.user + cold.system) / 1e6, 's (limit 0.5)'],
  [
    `${FILES} files parsed, linted, written: warm`,
    seconds(() => files.map((file) => [lint(file), write(parse(file))])),
    's (limit 0.5)',
  ],
  [`${FILES} files parsed`, seconds(() => files.map((file) => parse(file))), 's'],
  [`${FILES} files linted`, seconds(() => files.map((file) => lint(file))), 's'],
  [`${FILES} files fixed`, seconds(() => files.map((file) => fix(file))), 's'],
  [`${FILES} files formatted`, seconds(() => files.map((file) => format(file))), 's'],
  [`${FILES} files to libxl's JSON`, seconds(() => files.map((file) => toLibxlJson(file))), 's'],
  ['import of the package', importCost(), 'ms (limit 50)'],
];

const start = performance.now();
xlCreate(files);
rows.push([`${FILES} files through the real xl, a fork each (wall time)`, (performance.now() - start) / 1000, 's']);

for (const [what, figure, unit] of rows) process.stdout.write(`${what.padEnd(60)} ${figure.toFixed(3).padStart(9)} ${unit}\n`);
