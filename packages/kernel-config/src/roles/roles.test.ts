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
