import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { cpus, tmpdir, totalmem } from 'node:os';
import { join } from 'node:path';
import {
  fork,
  openRootfsStore,
  removeFork,
  restoreSnapshot,
  takeSnapshot,
  walkTree,
  writeExt4,
  type ForkResult,
  type RootfsStore,
  type Strategy,
} from '../dist/index.js';

/**
 * Speed of snapshots, images and forks against the programs that people use, in one run on one machine. `npm run bench -w packages/rootfs
 * [folder]`; the base is a copy of that folder, or 700 MB and more of this machine's /usr.
 */
interface Timed {
  readonly seconds: number;
  readonly cpu: number;
}

const FORKS = 1000;
const scratch = mkdtempSync(join(process.env['XLFS_BENCH_DIR'] ?? tmpdir(), 'xlfs-bench-'));
const rows: string[] = [];
const env = { ...process.env, LC_ALL: 'C', PATH: `${process.env['PATH'] ?? ''}:/usr/sbin:/sbin` };

/** Wall and CPU seconds of a shell command, its children included. */
function program(command: string): Timed {
  const file = join(scratch, 'time');
  execFileSync('bash', ['-c', `exec 3>${file}; TIMEFORMAT='%R %U %S'; { time { ${command}; } >/dev/null 2>&1; } 2>&3`], {
    env,
    stdio: 'ignore',
  });
  const [real = 0, user = 0, system = 0] = execFileSync('cat', [file], { encoding: 'utf8' }).trim().split(' ').map(Number);
  return { seconds: real, cpu: user + system };
}

async function ours(work: () => Promise<unknown>): Promise<Timed> {
  const cpu = cpuSeconds();
  const started = performance.now();
  await work();
  const seconds = (performance.now() - started) / 1000;
  return { seconds, cpu: cpuSeconds() - cpu };
}

/** CPU seconds of this process so far, and of the programs that it has waited for: find and getfattr do a part of the work. */
function cpuSeconds(): number {
  const { user, system } = process.cpuUsage();
  const fields = readFileSync('/proc/self/stat', 'utf8')
    .replace(/^.*\) /s, '')
    .split(' ');
  // cutime and cstime of proc(5), in hundredths of a second.
  return (user + system) / 1e6 + (Number(fields[13]) + Number(fields[14])) / 100;
}

function row(what: string, we: Timed, peer: string, they: Timed, goal: string): void {
  const ratio = we.seconds / they.seconds;
  const line = `| ${what} | ${we.seconds.toFixed(3)} (${we.cpu.toFixed(2)}) | ${peer} | ${they.seconds.toFixed(3)} (${they.cpu.toFixed(2)}) | ${ratio.toFixed(3)} | ${goal} |`;
  rows.push(line);
  console.log(line);
}

function makeBase(): string {
  const base = join(scratch, 'base');
  mkdirSync(join(base, 'usr'), { recursive: true });
  const from = process.argv[2];
  if (from !== undefined) execFileSync('cp', ['-a', `${from}/.`, base]);
  else {
    for (const name of ['sbin', 'bin', 'lib/x86_64-linux-gnu', 'lib/python3', 'share', 'lib/gcc', 'lib/modules']) {
      if (megabytes(base) >= 700) break;
      if (megabytes(base) > 300 && name === 'lib/x86_64-linux-gnu') continue;
      execFileSync('bash', [
        '-c',
        `cd / && { [ ! -e usr/${name} ] || timeout 120 cp -a --parents usr/${name} ${base}; } 2>/dev/null || true`,
      ]);
    }
  }
  return base;
}

function megabytes(folder: string): number {
  return Number(execFileSync('du', ['-sm', folder], { encoding: 'utf8' }).split('\t')[0]);
}

const base = makeBase();
const size = megabytes(base);
const files = (await walkTree(base, { xattrs: false })).size;
const machine = `${String(cpus().length)} × ${cpus()[0]?.model ?? 'unknown'}, ${String(Math.round(totalmem() / 2 ** 30))} GiB, node ${process.version}`;
console.log(`base: ${String(size)} MB, ${String(files)} entries; ${machine}`);

// Everything in the page cache, for all of them.
program(`tar cf - -C ${base} . | cat`);

const store = openRootfsStore(join(scratch, 'store'));
const options = { mountPoints: false } as const;
const tarZstd = program(`tar cpf - -C ${base} . | zstd -T0 -3 > ${scratch}/base.tar.zst && sync ${scratch}/base.tar.zst`);
let kept = 0;
const first = await ours(async () => (kept = (await takeSnapshot(store, base, { name: 'first', ...options })).newBytes));
const sizes = `The first snapshot takes ${(kept / 1e6).toFixed(0)} MB, \`tar | zstd -T0 -3\` ${(statSync(join(scratch, 'base.tar.zst')).size / 1e6).toFixed(0)} MB.`;
row('first snapshot', first, '`tar \\| zstd -T0 -3`, sync', tarZstd, '≤ 1.1');
row(
  'first snapshot',
  first,
  "the hint's `tar czpf`, sync",
  program(`tar czpf ${scratch}/base.tgz -C ${base} . && sync ${scratch}/base.tgz`),
  '≤ 0.143 (7 times faster)',
);
await takeSnapshot(store, base, { name: 'settled', ...options });
row(
  'snapshot of the unchanged tree',
  await ours(() => takeSnapshot(store, base, { name: 'second', ...options })),
  'the first one',
  first,
  '≤ 0.05 (20 times faster)',
);
row(
  'restore',
  await ours(() => restoreSnapshot(store, 'first', join(scratch, 'restored'))),
  '`zstd -d \\| tar x`',
  program(`mkdir ${scratch}/untar && zstd -dc ${scratch}/base.tar.zst | tar xpf - -C ${scratch}/untar`),
  '',
);
rmSync(join(scratch, 'restored'), { recursive: true });
rmSync(join(scratch, 'untar'), { recursive: true });

const image = join(scratch, 'base.ext4');
const write = await ours(async () => writeExt4((await walkTree(base)).values(), image, { free: 128 << 20 }));
const imageBytes = statSync(image).size;
row(
  'ext4 image',
  write,
  '`mke2fs -d`',
  program(
    `truncate -s ${String(Math.ceil(imageBytes * 1.3))} ${scratch}/peer.ext4 && mke2fs -q -F -t ext4 -N ${String(files + 1000)} -d ${base} ${scratch}/peer.ext4`,
  ),
  '',
);
rmSync(join(scratch, 'peer.ext4'), { force: true });

const copy = program(`cp --sparse=always ${image} ${scratch}/copy.ext4`);
rmSync(join(scratch, 'copy.ext4'), { force: true });
const personality = (name: string, index: number) => ({
  hostname: name,
  interfaces: [{ name: 'eth0', address: `10.${String(index >> 14)}.${String((index >> 7) & 127)}.${String(index & 127)}/8` }],
});
const strategies: (readonly [string, Strategy, boolean])[] = [
  ['fork by overlay, with personality', 'overlay', true],
  ['fork by qcow2, exact', 'qcow2', false],
  ['fork by qcow2, with personality', 'qcow2', true],
];
for (const [what, strategy, personal] of strategies) await measureForks(store, image, what, strategy, personal);
// A folder on btrfs or xfs, where blocks can be shared.
const shared = process.env['XLFS_REFLINK_DIR'];
if (shared !== undefined) {
  const folder = mkdtempSync(join(shared, 'xlfs-bench-'));
  execFileSync('cp', ['--sparse=always', image, join(folder, 'base.ext4')]);
  await measureForks(
    openRootfsStore(join(folder, 'store')),
    join(folder, 'base.ext4'),
    'fork by reflink (xfs), with personality',
    'reflink',
    true,
  );
  rmSync(folder, { recursive: true });
}

async function measureForks(
  where: RootfsStore,
  from: string,
  what: string,
  strategy: Strategy,
  personal: boolean,
): Promise<void> {
  const times: number[] = [];
  let bytes = 0;
  let cpu = 0;
  // The first one reads the base's digest.
  for (let index = 0; index <= 20; index++) {
    const name = `one-${strategy}-${String(personal)}-${String(index)}`;
    let made: ForkResult | undefined;
    const took = await ours(
      async () =>
        (made = await fork(where, from, { name, strategy, ...(personal ? { personality: personality(name, index) } : {}) })),
    );
    if (index === 0 || made === undefined) continue;
    times.push(made.milliseconds / 1000);
    bytes = made.newBytes;
    cpu += took.cpu / 20;
  }
  const median = times.sort((a, b) => a - b)[10] ?? 0;
  row(
    `${what} (median of 20; ${String(Math.round(bytes / 1024))} KiB new)`,
    { seconds: median, cpu },
    '`cp --sparse=always`',
    copy,
    '≤ 0.030 s, ≤ 1024 KiB',
  );
}
const many = await ours(async () => {
  for (let index = 0; index < FORKS; index++)
    await fork(store, image, {
      name: `many-${String(index)}`,
      strategy: 'overlay',
      personality: personality(`many-${String(index)}`, index),
    });
});
row(
  `${String(FORKS)} forks by overlay, with personality`,
  many,
  '`cp --sparse=always`, as often',
  { seconds: copy.seconds * FORKS, cpu: copy.cpu * FORKS },
  '≤ 30 s',
);
await removeFork(store, 'many-0');

const heading = [
  '| What | ours: s (CPU s) | peer | peer: s (CPU s) | ours / peer | goal |',
  '| --- | --- | --- | --- | --- | --- |',
];
const report = [
  '# Benchmarks',
  '',
  `One run of \`npm run bench\` on ${machine}. Base: ${String(size)} MB, ${String(files)} entries, in the page cache; image ${String(Math.round(imageBytes / 2 ** 20))} MiB.`,
  sizes,
];
const load = execFileSync('cat', ['/proc/loadavg'], { encoding: 'utf8' }).trim();
writeFileSync(
  new URL('../docs/benchmarks.md', import.meta.url),
  [
    ...report,
    `Load of the machine at the end: ${load} (other work was going on when it is above 2: believe the ratios).`,
    '',
    ...heading,
    ...rows,
    '',
  ].join('\n'),
);
rmSync(scratch, { recursive: true, force: true });
