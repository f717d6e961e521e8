/**
 * The long comparison with the C programs: every defconfig that a tree has (of x86 and arm64, for Linux), all modes, and
 * many seeds of randconfig, whose results, with every fifth line missing, go through olddefconfig and savedefconfig.
 *
 *     npm run proof -w @xlfs/kernel-config [-- --seeds=500 --first=1 --trees=linux-6.12,linux-6.1 --only=modes,defconfigs,random]
 *
 * `--seeds` is the number for each tree, or has one for each: `--seeds=linux-6.12:50,xen-4.20:500`.
 */
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';

import { compare, proberFor, readOracleTree, runC, runOurs, type Case, type Outcome } from '../e2e/support/compare.ts';
import { oracle, treeNames, type Oracle, type TreeName } from '../e2e/support/trees.ts';

const { values } = parseArgs({
  options: {
    seeds: { type: 'string', default: '500' },
    first: { type: 'string', default: '1' },
    trees: { type: 'string', default: treeNames.filter((name) => name !== 'buildroot').join(',') },
    only: { type: 'string', default: 'modes,defconfigs,random' },
  },
});

const MODES = ['allnoconfig', 'allyesconfig', 'allmodconfig', 'alldefconfig'];
/** What changes a configuration that is there, by the tree that has it first. */
const CHANGES = {
  all: ['olddefconfig', 'oldconfig', 'syncconfig'],
  since417: ['savedefconfig=defconfig', 'listnewconfig'],
  since510: ['yes2modconfig', 'mod2yesconfig', 'helpnewconfig'],
  since61: ['mod2noconfig'],
};
let failures = 0;

for (const name of values.trees.split(',') as TreeName[]) {
  const tree = oracle(name);
  if (values.only.includes('modes')) modes(tree);
  if (values.only.includes('defconfigs')) defconfigs(tree);
  if (values.only.includes('random') && seedsOf(name) > 0) random(tree);
}
process.exitCode = failures === 0 ? 0 : 1;

function seedsOf(name: TreeName): number {
  const own = new RegExp(`(?:^|,)${name}:(\\d+)`).exec(values.seeds)?.[1];
  return Number(own ?? (/^\d+$/.test(values.seeds) ? values.seeds : 0));
}

function changesOf({ name, ancient }: Oracle): string[] {
  const isLinux = name.startsWith('linux');
  return [
    ...CHANGES.all,
    ...(ancient ? [] : CHANGES.since417),
    ...(isLinux ? CHANGES.since510 : []),
    ...(isLinux && name !== 'linux-5.10' ? CHANGES.since61 : []),
  ];
}

function modes(tree: Oracle): void {
  const [config] = configsOf(tree, 'x86');
  runAll(tree, 'modes', [...MODES.map((mode) => ({ mode })), ...changesOf(tree).map((mode) => ({ mode, config }))]);
}

function defconfigs(tree: Oracle): void {
  for (const arch of tree.name.startsWith('linux') ? ['x86', 'arm64'] : ['x86']) {
    const forArch = { ...tree, environment: { ...tree.environment, ARCH: arch, SRCARCH: arch } };
    const files = configsOf(tree, arch);
    runAll(
      forArch,
      `defconfigs of ${arch}`,
      files.flatMap((config) => [
        { mode: `defconfig=${config}` },
        { mode: 'olddefconfig', config },
        ...(tree.ancient ? [] : [{ mode: 'savedefconfig=defconfig', config }]),
      ]),
    );
    if (arch !== 'x86')
      runAll(
        forArch,
        `modes of ${arch}`,
        MODES.map((mode) => ({ mode })),
      );
  }
}

/** randconfig is compared, and what came of it, with every fifth line missing, goes through olddefconfig and savedefconfig. */
function random(oracle: Oracle): void {
  const folder = mkdtempSync(join(tmpdir(), 'xlfs-random-'));
  const config = join(folder, 'config');
  const first = Number(values.first);
  const count = seedsOf(oracle.name);
  tally(oracle, `${count} seeds from ${first}`, (report, ours) => {
    for (let seed = first; seed < first + count; seed++) {
      const environment = {
        KCONFIG_SEED: String(seed),
        ...(seed % 3 === 0 ? { KCONFIG_PROBABILITY: String((seed * 7) % 100) } : {}),
      };
      const each = { mode: 'randconfig', environment };
      const expected = runC(oracle, each);
      report(each, compare(oracle, each, expected, ours(each)));
      const lines = (expected.get('.config') ?? '').split('\n');
      writeFileSync(config, lines.filter((_, at) => (at * 31 + seed) % 5 !== 0).join('\n'), 'latin1');
      for (const mode of seed % 5 === 0 && !oracle.ancient ? ['olddefconfig', 'savedefconfig=defconfig'] : ['olddefconfig']) {
        const change = { mode, config, environment };
        report(change, compare(oracle, change, runC(oracle, change), ours(change)));
      }
    }
  });
  rmSync(folder, { recursive: true, force: true });
}

function configsOf(tree: Oracle, arch: string): string[] {
  const folders = [join(tree.tree, 'arch', arch, 'configs'), join(tree.tree, 'configs')];
  return folders.flatMap((folder) => {
    try {
      return readdirSync(folder)
        .filter((file) => file.endsWith('defconfig'))
        .map((file) => join(folder, file));
    } catch {
      return [];
    }
  });
}

function runAll(oracle: Oracle, what: string, cases: readonly Case[]): void {
  tally(oracle, what, (report, ours) => {
    for (const each of cases) report(each, compare(oracle, each, runC(oracle, each), ours(each)));
  });
}

function tally(
  oracle: Oracle,
  what: string,
  work: (report: (each: Case, found: readonly string[]) => void, ours: (each: Case) => Outcome) => void,
): void {
  const prober = proberFor(oracle);
  const tree = readOracleTree(oracle, prober);
  const start = performance.now();
  let count = 0;
  let different = 0;
  const line = (): string =>
    `${oracle.name}, ${what}: ${count} runs, ${different} different, ${Math.round((performance.now() - start) / 1000)} s`;
  work(
    (each, found) => {
      count++;
      if (count % 50 === 0) console.log(`  … ${line()}`);
      if (found.length === 0) return;
      different++;
      for (const text of found.slice(0, 3))
        console.log(`  ${text}${each.environment === undefined ? '' : ` ${JSON.stringify(each.environment)}`}`);
    },
    (each) => runOurs(oracle, prober, each, tree),
  );
  prober.close();
  failures += different;
  console.log(line());
}
