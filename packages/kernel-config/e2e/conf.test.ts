import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { describe, expect, it } from 'vitest';

import { configFor, explain, Configuration, readConfig } from '../src/index.ts';
import { compare, differences, proberFor, readOracleTree, runC, runOurs, type Case } from './support/compare.ts';
import { oracle, type Oracle, type TreeName } from './support/trees.ts';

const MINUTES = 60_000;
/** Fetching a tree takes its time on a fresh machine. */
const FETCH = 15 * MINUTES;

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

it('every option of the Xen roles takes on Linux 6.12', { timeout: FETCH }, () => {
  const tree = oracle('linux-6.12');
  const prober = proberFor(tree);
  const parsed = readOracleTree(tree, prober);
  prober.close();
  for (const machine of ['qemu', 'server'] as const) {
    for (const role of ['dom0', 'domU', 'both', 'baremetal'] as const)
      expect(configFor({ tree: parsed, role, machine }).misses).toEqual([]);
  }
});

it('a real option that did not take is explained by what it depends on', { timeout: FETCH }, () => {
  const tree = oracle('linux-6.12');
  const prober = proberFor(tree);
  const configuration = new Configuration(readOracleTree(tree, prober));
  prober.close();
  readConfig(configuration, readFileSync(join(tree.tree, 'arch/x86/configs/x86_64_defconfig'), 'latin1'), {
    file: 'x86_64_defconfig',
  });
  expect(explain(configuration, 'XEN_BLKDEV_BACKEND', 'y').reasons).toEqual([
    'XEN_BLKDEV_BACKEND depends on XEN_BACKEND, which is n.',
  ]);
});
