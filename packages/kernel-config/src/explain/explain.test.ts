import { describe, expect, it } from 'vitest';

import { configured, treeOf } from '../test/small-tree.ts';
import { diffConfigs } from './diff.ts';
import { explain } from './explain.ts';
import { fix } from './fix.ts';
import { mergeFragments } from './merge.ts';

const TREE =
  'config NET\n\tbool "net"\nconfig PCI\n\tbool "pci"\nconfig AUTO\n\tdef_bool y\n\tdepends on PCI\n' +
  'config DRIVER\n\tbool "driver"\n\tdepends on NET && AUTO\n\tselect LIB\nconfig LIB\n\tbool\nconfig TINY\n\tbool "tiny"\n\tdepends on !NET\n';

describe('explain', () => {
  it('says which dependency holds a symbol back', () => {
    const { dependsOn, reasons } = explain(configured(TREE, 'CONFIG_PCI=y\n'), 'DRIVER', 'y');
    expect(dependsOn).toEqual([
      { text: 'NET', value: 'n' },
      { text: 'AUTO', value: 'y' },
    ]);
    expect(reasons).toEqual(['DRIVER depends on NET, which is n.', 'Nobody set NET; its default is n.']);
  });

  it('says who selects a symbol', () => {
    const configuration = configured(TREE, 'CONFIG_PCI=y\nCONFIG_NET=y\nCONFIG_DRIVER=y\n');
    expect(explain(configuration, 'LIB').reasons).toEqual(['LIB is y because DRIVER selects it.']);
    expect(explain(configuration, 'CONFIG_LIB', 'n').reasons).toEqual(['LIB cannot be n: DRIVER selects it.']);
  });

  it('proposes names for one that does not exist', () => {
    expect(() => explain(configured(TREE, ''), 'DRIVERS_NET')).toThrow('the tree has no symbol DRIVERS_NET');
    const text = 'config EXT4_FS\n\tbool "e"\nconfig XFS_FS\n\tbool "x"\n';
    expect(() => explain(configured(text, ''), 'EXT4_SF')).toThrow(expect.objectContaining({ hint: 'Did you mean EXT4_FS?' }));
  });
});

describe('fix', () => {
  it('finds the smallest set of settings', () => {
    expect(fix({ tree: treeOf(TREE), config: '', wishes: { DRIVER: 'y' } })).toEqual({
      possible: true,
      changes: new Map([
        ['DRIVER', 'y'],
        ['NET', 'y'],
        ['PCI', 'y'],
      ]),
    });
  });

  it('sets what selects a symbol that has no prompt', () => {
    const result = fix({ tree: treeOf(TREE), config: 'CONFIG_NET=y\nCONFIG_PCI=y\n', wishes: { LIB: 'y' } });
    expect(result).toEqual({ possible: true, changes: new Map([['DRIVER', 'y']]) });
  });

  it('names the wishes that exclude each other, and only those', () => {
    const result = fix({ tree: treeOf(TREE), config: '', wishes: { DRIVER: 'y', TINY: 'y', PCI: 'y' } });
    expect(result).toMatchObject({ possible: false, exhaustive: true, conflict: [{ symbol: 'DRIVER' }, { symbol: 'TINY' }] });
  });

  it('does not touch an explicit setting', () => {
    const result = fix({ tree: treeOf(TREE), config: '# CONFIG_NET is not set\n', wishes: { DRIVER: 'y' }, explicit: ['NET'] });
    expect(result).toMatchObject({
      possible: false,
      conflict: [
        { symbol: 'NET', kind: 'explicit' },
        { symbol: 'DRIVER', kind: 'wish' },
      ],
    });
  });
});

describe('merge', () => {
  it('does not depend on the order, and names both sides of a conflict', () => {
    const a = { file: 'a', text: 'CONFIG_X=y\nCONFIG_Y=y\n' };
    const b = { file: 'b', text: '\n# CONFIG_Y is not set\n' };
    expect(mergeFragments([a, b])).toEqual(mergeFragments([b, a]));
    expect(mergeFragments([a, b]).conflicts).toEqual([
      {
        symbol: 'Y',
        wanted: [
          { value: 'y', file: 'a', line: 2 },
          { value: 'n', file: 'b', line: 2 },
        ],
      },
    ]);
  });
});

describe('diff', () => {
  it('tells settings from their consequences', () => {
    const before = 'CONFIG_NET=y\nCONFIG_PCI=y\nCONFIG_DRIVER=y\n';
    expect(diffConfigs(treeOf(TREE), before, before.replace('CONFIG_NET=y', '# CONFIG_NET is not set'))).toEqual([
      { symbol: 'NET', before: 'y', after: 'n', causes: ['set to n, was y'] },
      { symbol: 'DRIVER', before: 'y', after: 'n', causes: ['can no longer be set because of NET'] },
      { symbol: 'LIB', before: 'y', after: 'n', causes: ['no longer selected by DRIVER'] },
    ]);
  });
});
