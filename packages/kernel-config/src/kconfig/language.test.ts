import { describe, expect, it } from 'vitest';

import { KernelConfigError } from '../errors.ts';
import { givenProber } from '../probes/given-prober.ts';
import { configured, treeOf } from '../test/small-tree.ts';
import { KconfigTreeError, readTree } from './read-tree.ts';
import { writeConfig, writeDefconfig } from './write-config.ts';

const HEAD = '#\n# Automatically generated file; DO NOT EDIT.\n# Main menu\n#\n';

function failure(work: () => unknown): KernelConfigError {
  try {
    work();
  } catch (error) {
    if (error instanceof KernelConfigError) return error;
    throw error;
  }
  throw new Error('nothing was thrown');
}

describe('mistakes in Kconfig files', () => {
  it('are reported with file, line, column and the files that led there', () => {
    const error = failure(() =>
      treeOf({ Kconfig: 'config A\n\tbool\nsource "sub/Kconfig"\n', 'sub/Kconfig': 'config B\n\tbool "b" fi A\n' }),
    );
    expect(error).toBeInstanceOf(KconfigTreeError);
    expect(error.position).toEqual({ file: 'sub/Kconfig', line: 2, column: 11 });
    expect(error.includedFrom.map(({ file, line }) => `${file}:${line}`)).toEqual(['Kconfig:3']);
  });

  it('are all reported, not only the first', () => {
    const error = failure(() => treeOf('config\nconfig A\n\tbool\n\tdepends A\nendmenu\n')) as KconfigTreeError;
    expect(error.errors.map(({ position }) => position?.line)).toEqual([1, 4, 5]);
  });

  it('of recursive inclusion name the loop', () => {
    expect(failure(() => treeOf({ Kconfig: 'source "a"\n', a: 'source "Kconfig"\n' })).code).toBe('KCONFIG_INCLUDE_LOOP');
  });

  it('of recursive dependencies show the chain', () => {
    const error = failure(() => treeOf('config A\n\tbool "a"\n\tdepends on B\nconfig B\n\tbool "b"\n\tdepends on A\n'));
    expect(error.code).toBe('KCONFIG_RECURSION');
    expect(error.message).toContain('symbol A depends on B\n\tsymbol B depends on A');
  });

  it('that nest without end do not crash', () => {
    expect(failure(() => treeOf(`config A\n\tbool\n\tdepends on ${'('.repeat(50_000)}A\n`)).code).toBe('KCONFIG_TOO_DEEP');
    expect(failure(() => treeOf(`f = $(f)\nconfig A\n\tdefault $(f)\n`)).code).toBe('KCONFIG_MACRO');
  });
});

describe('values', () => {
  it('follow dependencies, selects, defaults and ranges', () => {
    const text =
      'config M\n\tdef_bool y\n\tmodules\nconfig A\n\ttristate "a"\n\tselect C\nconfig B\n\ttristate "b"\n\tdepends on A\nconfig C\n\ttristate\nconfig N\n\tint "n"\n\trange 3 10\n\tdefault 5\n';
    expect(writeConfig(configured(text, 'CONFIG_A=m\nCONFIG_B=y\nCONFIG_N=70\n'))).toBe(
      `${HEAD}CONFIG_M=y\nCONFIG_A=m\nCONFIG_B=m\nCONFIG_C=m\nCONFIG_N=10\n`,
    );
  });

  it('compare as numbers where both sides are numbers', () => {
    const text =
      'config A\n\thex\n\tdefault 0xa\nconfig B\n\tdef_bool A = 10\nconfig C\n\tdef_bool A < 9\nconfig D\n\tdef_bool UNDEFINED = ""\n';
    expect(writeConfig(configured(text, ''))).toBe(`${HEAD}CONFIG_A=0xa\nCONFIG_B=y\n`);
  });

  it('of an implied symbol that is held back are written as not set', () => {
    const text = 'config A\n\tdef_bool y\n\timply B\nconfig D\n\tbool "d"\nconfig B\n\tbool\n\tdepends on D\n';
    expect(writeConfig(configured(text, ''))).toContain('# CONFIG_B is not set\n');
  });

  it('m counts as y without modules', () => {
    expect(writeConfig(configured('config A\n\ttristate "a"\n', 'CONFIG_A=m\n'))).toBe(`${HEAD}CONFIG_A=y\n`);
  });

  it('of strings keep quotes and backslashes', () => {
    expect(writeConfig(configured('config A\n\tstring "a"\n', 'CONFIG_A="x\\"y\\\\z"\n'))).toBe(`${HEAD}CONFIG_A="x\\"y\\\\z"\n`);
  });

  it('that are defaults are left out of a defconfig', () => {
    const text = 'config A\n\tbool "a"\n\tdefault y\nconfig B\n\tbool "b"\n';
    expect(writeDefconfig(configured(text, 'CONFIG_A=y\nCONFIG_B=y\n'))).toBe('CONFIG_B=y\n');
  });
});

describe('choices', () => {
  const text = 'choice\n\tprompt "c"\n\tdefault B\nconfig A\n\tbool "a"\nconfig B\n\tbool "b"\nconfig C\n\tbool "c"\nendchoice\n';

  it('take the default, else the last word of the user', () => {
    expect(writeConfig(configured(text, ''))).toContain('CONFIG_B=y');
    expect(writeConfig(configured(text, 'CONFIG_A=y\nCONFIG_C=y\n'))).toContain('CONFIG_C=y');
  });

  it('whose default is refused take the first untouched member, as Linux does since 6.11', () => {
    expect(writeConfig(configured(text, '# CONFIG_B is not set\n'))).toContain('CONFIG_A=y');
  });

  it('whose default is refused keep it in older dialects', () => {
    expect(writeConfig(configured(text, '# CONFIG_B is not set\n', 'linux-6.1'))).toContain('CONFIG_B=y');
  });
});

describe('dialects', () => {
  it('know what other dialects refuse', () => {
    const conditional = 'config A\n\tbool "a"\n\tdepends on B if C\n';
    expect(() => treeOf(conditional)).toThrow(KconfigTreeError);
    expect(treeOf(conditional, 'linux-7').symbols.find('A')).toBeDefined();
    expect(() => treeOf('config A\n\tbool "a"\n\toption modules\n')).toThrow(KconfigTreeError);
    expect(treeOf('config A\n\tbool "a"\n\toption modules\n', 'linux-5.4').modules.name).toBe('A');
  });

  it('write numbers without a default as their time did', () => {
    expect(writeConfig(configured('config N\n\tint "n"\n', ''))).toContain('CONFIG_N=0\n');
    expect(writeConfig(configured('config N\n\tint "n"\n', '', 'linux-6.1'))).toContain('CONFIG_N=\n');
  });

  it('carry the value of a transitional symbol to its successor', () => {
    const text = 'config OLD\n\tbool\n\ttransitional\n\thelp\n\t  old\nconfig NEW\n\tbool "new"\n\tdefault OLD\n';
    expect(writeConfig(configured(text, 'CONFIG_OLD=y\n', 'linux-7'))).toBe(`${HEAD}CONFIG_NEW=y\n`);
  });
});

describe('macros', () => {
  it('expand variables, functions, arguments and commands', () => {
    const text =
      'pair = $(1)-$(2)\nname := A$(shell,echo x)\nlate = $(later)\nlater = 7\nconfig $(name)\n\tstring\n\tdefault "$(pair,$(late),b)"\n';
    const tree = readTree({
      read: (name) => (name === 'Kconfig' ? text : undefined),
      dialect: 'linux-6.12',
      prober: givenProber({ 'echo x': 'X' }),
    });
    expect(tree.symbols.find('AX')?.properties[0]?.expression?.symbol?.name).toBe('7-b');
  });

  it('report where $(error-if) struck', () => {
    expect(failure(() => treeOf('\n$(error-if,y,no compiler)\n')).describe()).toBe('Kconfig:2:1: no compiler');
  });
});
