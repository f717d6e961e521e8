import { expect, test } from 'vitest';
import { parseDomainTable, usedMemoryMiB } from './facts.ts';

test('the table of xl list gives names, ids and states', () => {
  const table = `Name                                        ID   Mem VCPUs\tState\tTime(s)
Domain-0                                     0   256     1     r-----      12.1
pv1                                          1   128     1     -b----       2.5
gone                                         2   128     1     ---s--       0.5
`;
  expect(parseDomainTable(table)).toEqual([
    { name: 'Domain-0', id: 0, state: 'r' },
    { name: 'pv1', id: 1, state: 'b' },
    { name: 'gone', id: 2, state: 's' },
  ]);
});

test('memory in use is what is neither free nor a cache that can be dropped', () => {
  expect(usedMemoryMiB('MemTotal:         230000 kB\nMemFree:          150000 kB\nMemAvailable:     179824 kB\n')).toBe(49);
});
