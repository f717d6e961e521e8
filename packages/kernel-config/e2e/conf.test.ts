import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { describe, expect, it } from 'vitest';

import {
  configFor,
  Configuration,
  explain,
  featureNames,
  fix,
  fragment,
  openKernelTree,
  readConfig,
  roleFeatures,
  roleOptions,
  type KconfigTree,
  type Role,
} from '../src/index.ts';
import { compare, differences, proberFor, readOracleTree, runC, runOurs, type Case } from './support/compare.ts';
import { oracle, type Oracle, type TreeName } from './support/trees.ts';

const MINUTES = 60_000;
/** Fetching a tree takes its time on a fresh machine. */
const FETCH = 15 * MINUTES;
/** Trees as `make` would have them read; each is read once. */
const kernelTrees = new Map<TreeName, KconfigTree>();
const kernelTree = (name: TreeName): KconfigTree => {
  const tree = kernelTrees.get(name) ?? openKernelTree({ tree: oracle(name).tree, cacheFolder: undefined });
  kernelTrees.set(name, tree);
  return tree;
};
const roles = Object.keys(roleFeatures) as Role[];

function sample(tree: Oracle): Case[] {
  const config = join(tree.tree, 'arch/x86/configs/x86_64_defconfig');
  const seeds = [1, 2].map((seed) => ({ mode: 'randconfig', environment: { KCONFIG_SEED: String(seed) } }));
  return [
    { mode: 'olddefconfig', config },
    { mode: 'syncconfig', config },
    { mode: 'savedefconfig=defconfig', config },
    { mode: 'allmodconfig' },
    { mode: 'allnoconfig' },
    ...seeds,
  ];
}

describe.each(['linux-6.12', 'linux-6.1'] as const)('%s', (name: TreeName) => {
  it('gets the same bytes in every file and on both streams as from its own conf', { timeout: FETCH }, () => {
    const tree = oracle(name);
    const prober = proberFor(tree);
    const parsed = readOracleTree(tree, prober);
    const found = sample(tree).flatMap((each) => compare(tree, each, runC(tree, each), runOurs(tree, prober, each, parsed)));
    prober.close();
    expect(found).toEqual([]);
  });
});

describe.each(['xen-4.20', 'busybox-1.37'] as const)('%s', (name: TreeName) => {
  it('gets the same bytes in every file and on both streams as from its own conf', { timeout: FETCH }, () => {
    const tree = oracle(name);
    const prober = proberFor(tree);
    const parsed = readOracleTree(tree, prober);
    const modes = ['allnoconfig', 'allyesconfig', 'alldefconfig', ...(tree.ancient ? [] : ['savedefconfig=defconfig'])];
    const seeds = [1, 2, 3].map((seed) => ({ mode: 'randconfig', environment: { KCONFIG_SEED: String(seed) } }));
    const cases: Case[] = [...modes.map((mode) => ({ mode })), ...seeds];
    const found = cases.flatMap((each) => compare(tree, each, runC(tree, each), runOurs(tree, prober, each, parsed)));
    prober.close();
    expect(found).toEqual([]);
  });
});

it("the kernel's own kconfig tests come out as with its conf", { timeout: FETCH }, () => {
  const tree = oracle('linux-6.12');
  const tests = join(tree.tree, 'scripts/kconfig/tests');
  const folders = readdirSync(tests, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('/Kconfig'))
    .map((name) => join(tests, name, '..'));
  expect(folders.length).toBeGreaterThan(8);
  const found = folders.flatMap((folder) => {
    const here = { ...tree, environment: { ...tree.environment, srctree: folder } };
    const prober = proberFor(here);
    const given = readdirSync(folder).includes('config') ? { config: join(folder, 'config') } : {};
    const modes = [
      'oldaskconfig',
      'olddefconfig',
      'alldefconfig',
      'allyesconfig',
      'allmodconfig',
      'allnoconfig',
      'listnewconfig',
    ];
    const cases: Case[] = [
      ...modes.map((mode) => ({ mode, ...given })),
      ...[0, 1, 2, 3].map((seed) => ({ mode: 'randconfig', environment: { KCONFIG_SEED: String(seed) } })),
    ];
    const differing = cases.flatMap((each) => differences(here, prober, each));
    prober.close();
    return differing;
  });
  expect(found).toEqual([]);
});

describe.each(['linux-6.12', 'linux-6.1'] as const)('roles on %s', (name: TreeName) => {
  it(
    'every option takes: of each role, on each machine, with each feature alone, with none and with all',
    { timeout: FETCH },
    () => {
      const tree = kernelTree(name);
      const missed = roles.flatMap((role) =>
        (['qemu', 'server'] as const).flatMap((machine) =>
          [[], featureNames, ...featureNames.map((feature) => [feature])].flatMap((features) =>
            configFor({ tree, role, machine, features }).misses.map(({ symbol, why }) => ({
              role,
              machine,
              features,
              symbol,
              why,
            })),
          ),
        ),
      );
      expect(missed).toEqual([]);
    },
  );
});

it("a role's configuration is the one that make gives with the role's fragment", { timeout: FETCH }, () => {
  const source = oracle('linux-6.12').tree;
  const settings = { machine: 'server', features: featureNames } as const;
  const output = mkdtempSync(join(tmpdir(), 'xlfs-make-'));
  writeFileSync(join(output, 'fragment'), fragment(roleOptions('both', settings)));
  execFileSync('make', ['-s', '-C', source, `O=${output}`, `KCONFIG_ALLCONFIG=${join(output, 'fragment')}`, 'allnoconfig'], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const made = readFileSync(join(output, '.config'), 'latin1');
  rmSync(output, { recursive: true, force: true });
  const tree = kernelTree('linux-6.12');
  expect(configFor({ tree, role: 'both', ...settings }).text).toBe(made);
});

describe('a real configuration', () => {
  const defconfig = (): { tree: KconfigTree; text: string } => {
    const source = oracle('linux-6.12').tree;
    return {
      tree: kernelTree('linux-6.12'),
      text: readFileSync(join(source, 'arch/x86/configs/x86_64_defconfig'), 'latin1'),
    };
  };

  it('is explained down to what somebody could set', { timeout: FETCH }, () => {
    const { tree, text } = defconfig();
    const configuration = new Configuration(tree);
    readConfig(configuration, text, { file: 'x86_64_defconfig' });
    expect(explain(configuration, 'XEN_BLKDEV_BACKEND', 'y').reasons).toEqual([
      'XEN_BLKDEV_BACKEND depends on XEN_BACKEND, which is n.',
      'XEN_BACKEND depends on XEN, which is n.',
      'Nobody set XEN; its default is n.',
    ]);
  });

  it('is mended with the fewest settings, or a conflict is proved', { timeout: FETCH }, () => {
    const { tree, text } = defconfig();
    expect(fix({ tree, config: text, wishes: { XEN_BLKDEV_BACKEND: 'm', XEN_DOM0: 'y' } })).toEqual({
      possible: true,
      changes: new Map([
        ['XEN_BLKDEV_BACKEND', 'm'],
        // XEN_DOM0 follows.
        ['XEN', 'y'],
      ]),
    });
    expect(fix({ tree, config: text, wishes: { PREEMPT_NONE: 'y', PREEMPT_RT: 'y', XEN: 'y' } })).toEqual({
      possible: false,
      conflict: [
        { symbol: 'PREEMPT_NONE', value: 'y', kind: 'wish' },
        { symbol: 'PREEMPT_RT', value: 'y', kind: 'wish' },
      ],
      reasons: ['Even with EXPERT=y:', 'PREEMPT_RT is chosen in "Preemption Model", and only one can be.'],
      exhaustive: true,
    });
  });
});
