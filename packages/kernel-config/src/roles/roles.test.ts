import { describe, expect, it } from 'vitest';

import { fragment } from './fragment.ts';
import { featureNames } from './features.ts';
import { roleOptions } from './role-options.ts';
import { verifyConfig } from './verify.ts';

describe('roleOptions', () => {
  it('names each symbol once and gives each a reason, for all roles with all features', () => {
    for (const role of ['dom0', 'domU', 'both', 'baremetal'] as const) {
      for (const machine of ['qemu', 'server'] as const) {
        const options = roleOptions(role, { machine, features: featureNames });
        expect(new Set(options.map(({ symbol }) => symbol)).size).toBe(options.length);
        expect(options.every(({ reason }) => reason.length > 5)).toBe(true);
      }
    }
  });
});

describe('options of some versions', () => {
  const hardening = (kernel?: string): string[] =>
    roleOptions('domU', { features: ['hardening'], ...(kernel === undefined ? {} : { kernel }) }).map(({ symbol }) => symbol);

  it('are left out for a version that does not know them', () => {
    expect(hardening('6.12.107')).toEqual(expect.arrayContaining(['MITIGATION_RETPOLINE', 'LIST_HARDENED']));
    expect(hardening('6.12.107')).not.toContain('RETPOLINE');
    expect(hardening('6.8.12')).toContain('RETPOLINE');
    expect(hardening('6.1')).not.toContain('LIST_HARDENED');
    expect(hardening()).toEqual(expect.arrayContaining(['RETPOLINE', 'MITIGATION_RETPOLINE']));
  });

  it('may be missing in a .config, but not be refused', () => {
    const wanted = [{ symbol: 'A', value: 'y', since: '6.8' }];
    expect(verifyConfig('', wanted)).toEqual([]);
    expect(verifyConfig('# CONFIG_A is not set\n', wanted)).toEqual([{ symbol: 'A', wanted: 'y', got: 'n' }]);
  });
});

describe('verifyConfig', () => {
  it('counts an absent symbol as n, and finds what did not take', () => {
    const wanted = [
      { symbol: 'A', value: 'y' },
      { symbol: 'B', value: 'n' },
      { symbol: 'S', value: '"-x"' },
    ];
    expect(verifyConfig('CONFIG_A=y\nCONFIG_S="-x"\n', wanted)).toEqual([]);
    expect(verifyConfig('CONFIG_A=m\nCONFIG_B=y\n', wanted)).toEqual([
      { symbol: 'A', wanted: 'y', got: 'm' },
      { symbol: 'B', wanted: 'n', got: 'y' },
      { symbol: 'S', wanted: '"-x"', got: 'n' },
    ]);
  });

  it('reads what fragment writes', () => {
    const options = roleOptions('dom0');
    expect(verifyConfig(fragment(options), options)).toEqual([]);
  });
});
