import { expect, test } from 'vitest';
import { setKey } from './edit.ts';
import { format } from './format.ts';

test('layout becomes regular, comments and values stay', () => {
  const text = `

# A guest
name='web';memory  =512   # MiB


disk=[ "phy:/dev/x,xvda,w" , # root
  # data
  'phy:/dev/y,xvdb,w'
# no more
]
vif=[""]
`;
  expect(format(text)).toBe(`# A guest
name = 'web'
memory = 512 # MiB

disk = [
  "phy:/dev/x,xvda,w", # root
  # data
  'phy:/dev/y,xvdb,w',
  # no more
]
vif = [""]
`);
});

test('a text that xl cannot read is refused with the place', () => {
  expect(() => format('a = b\n')).toThrowError(/found b\n1 \| a = b\n {2}\| {5}\^/);
});

test('setting a key keeps everything else as it was', () => {
  const text = '# mine\nname = "a"  # id\nmemory=1\nmemory += "2"\n\nvcpus = 1\n';
  expect(setKey(text, 'memory', 512)).toBe('# mine\nname = "a"  # id\nmemory = 512\n\nvcpus = 1\n');
  expect(setKey(text, 'name', 'b')).toContain('name = "b"  # id\n');
  expect(setKey(text, 'vcpus', undefined)).toBe('# mine\nname = "a"  # id\nmemory=1\nmemory += "2"\n\n');
  expect(setKey('name = "a"', 'vif', [{ bridge: 'br0' }])).toBe('name = "a"\nvif = ["bridge=br0"]\n');
});
