import { expect, test } from 'vitest';
import { configFromJson, configToJson } from './json.ts';

test('values come back as they went', () => {
  const config = {
    name: 'g',
    memory: 512,
    rtc_timeoffset: 2n ** 62n,
    vnc: true,
    disk: [{ vdev: 'xvda', target: '/a', format: 'raw', access: 'rw' }],
  } as const;
  expect(configFromJson(JSON.parse(JSON.stringify(configToJson(config))))).toEqual(config);
});

test.each([
  ['no object', 5],
  ['no name', {}],
  ['a number for a switch', { name: 'g', vnc: 3 }],
  ['a text for a number', { name: 'g', memory: 'lots' }],
  ['a fraction', { name: 'g', memory: 1.5 }],
  ['an unknown word', { name: 'g', type: 'xen' }],
  ['an unknown field of a disk', { name: 'g', disk: [{ vdev: 'a', target: '/a', speed: 1 }] }],
  ['a disk that is a text', { name: 'g', disk: ['phy:/a,b,w'] }],
  ['a list for a text', { name: 'g', kernel: ['k'] }],
  ['null', { name: 'g', kernel: null }],
])('%s is refused with a code', (_what, json) => {
  expect(() => configFromJson(json)).toThrowError(expect.objectContaining({ name: 'XlConfigError' }));
});
