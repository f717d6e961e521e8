import { describe, expect, it } from 'vitest';

import { givenProber } from '../probes/given-prober.ts';
import { Configuration } from './configuration.ts';
import { readUserValues } from './read-config.ts';
import { readTree } from './read-tree.ts';
import { writeConfig } from './write-config.ts';
import { configured } from '../test/small-tree.ts';

describe('linux-4.17', () => {
  const read = (files: Record<string, string>, environment: Record<string, string>) =>
    readTree({ read: (name) => files[name], dialect: 'linux-4.17', environment, prober: givenProber({}) });

  it('takes symbols from the environment, puts them into titles and names of files, and never writes them', () => {
    const tree = read(
      {
        Kconfig: 'mainmenu "Version $VERSION"\nconfig VERSION\n\tstring\n\toption env="VER"\nsource "$VERSION/more"\n',
        '1.2/more': 'config A\n\tbool "a"\n\tdefault y\n',
      },
      { VER: '1.2' },
    );
    expect(tree.root.prompt?.text).toBe('Version 1.2');
    expect(writeConfig(new Configuration(tree))).toBe(
      '#\n# Automatically generated file; DO NOT EDIT.\n# Version 1.2\n#\nCONFIG_A=y\n',
    );
    expect([...tree.environment]).toEqual([['VER', '1.2']]);
  });

  it('warns of a variable that is not there', () => {
    const tree = read({ Kconfig: 'config V\n\tstring\n\toption env="V"\n' }, {});
    expect(tree.warnings.map(({ message }) => message)).toEqual(['environment variable V undefined']);
  });
});

describe('linux-5.4', () => {
  it('holds a symbol to y that another implies as y', () => {
    const text = 'config MODULES\n\tdef_bool y\n\toption modules\nconfig A\n\tbool "a"\n\timply T\nconfig T\n\ttristate "t"\n';
    expect(writeConfig(configured(text, 'CONFIG_A=y\n', 'linux-5.4'))).toContain('CONFIG_T=y');
    expect(
      configured(text, 'CONFIG_A=y\n', 'linux-5.4').isWithinRange(
        configured(text, 'CONFIG_A=y\n', 'linux-5.4').tree.symbols.find('T')!,
        1,
      ),
    ).toBe(false);
  });

  it('writes a bound in canonical notation', () => {
    const text = 'config H\n\thex "h"\n\trange 0x010 0X0F0\n\tdefault 0x8\n';
    expect(writeConfig(configured(text, '', 'linux-5.4'))).toContain('CONFIG_H=0x10\n');
    expect(writeConfig(configured(text, '', 'linux-6.1'))).toContain('CONFIG_H=0x010\n');
  });
});

describe('linux-2.6', () => {
  it('takes dependencies without on, former names of types, and repeated settings only once', () => {
    const text =
      'config A\n\tboolean "a"\nconfig B\n\tbool "b"\n\tdepends A\nconfig C\n\tbool "c"\n\trequires B\n\tenable D\nconfig D\n\tbool\n';
    const configuration = configured(text, '', 'linux-2.6');
    const warnings = readUserValues(configuration, 'CONFIG_A=y\nCONFIG_B=y\nCONFIG_C=y\nCONFIG_C=n\nCONFIG_Q=y\n', { file: 'c' });
    expect(warnings.map(({ line, message }) => `${line} ${message}`)).toEqual([
      '4 trying to reassign symbol C',
      '5 trying to assign nonexistent symbol Q',
    ]);
    expect(configuration.text(configuration.tree.symbols.find('D')!)).toBe('y');
  });
});
