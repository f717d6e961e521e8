import { expect, test } from 'vitest';
import { broadcast, defaultHost, hostSchema } from './description.ts';

test('the built-in host has a PV and a PVH guest on its bridge', () => {
  expect(defaultHost.guests.map(({ type }) => type)).toEqual(['pv', 'pvh']);
  expect(defaultHost.bridge).toEqual({ name: 'xenbr0', address: '10.0.0.1/24' });
});

const guest = { name: 'a', address: '10.0.0.2/24' };

test.each([
  ['two guests of one name', { guests: [guest, { ...guest, address: '10.0.0.3/24' }] }, /name a is taken/],
  ["a guest with the host's name", { name: 'a', guests: [guest] }, /name a is taken/],
  ['two guests with one address', { guests: [guest, { ...guest, name: 'b' }] }, /address 10\.0\.0\.2\/24 is taken/],
  [
    'a guest in another network than its bridge',
    { guests: [{ ...guest, address: '10.0.1.2/24' }] },
    /not in the network of xenbr0/,
  ],
  ['a name that would break a path', { guests: [{ ...guest, name: '../x' }] }, /lower-case letters/],
  ['an address without prefix length', { guests: [{ ...guest, address: '10.0.0.2' }] }, /address/],
  ['a key that does not exist', { guests: [{ ...guest, ram: 3 }] }, /ram/],
])('refuses %s', (_, input, message) => {
  const result = hostSchema.safeParse(input);
  expect(JSON.stringify(result.error?.issues ?? 'accepted')).toMatch(message);
});

test('broadcast addresses', () => {
  expect(broadcast('10.0.0.1/24')).toBe('10.0.0.255');
  expect(broadcast('192.168.130.7/23')).toBe('192.168.131.255');
  expect(broadcast('10.1.2.3/8')).toBe('10.255.255.255');
});
