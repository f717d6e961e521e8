import { expect, test } from 'vitest';
import { defaultHost } from '@xlfs/xen-builder';
import { exampleProject, parseProject } from './project-file.ts';

test('the example that init writes says what the built-in project says', () => {
  expect(parseProject(exampleProject(), 'xlfs.toml')).toEqual(defaultHost);
});

test('an empty host has the defaults and no guests', () => {
  expect(parseProject('[host]\n', 'xlfs.toml')).toEqual({ ...defaultHost, guests: [] });
});

test('a slip in the syntax is named with file, line and column', () => {
  expect(() => parseProject('[host]\nname = \n', 'xlfs.toml')).toThrow(
    expect.objectContaining({
      code: 'PROJECT_INVALID',
      exitCode: 2,
      message: expect.stringMatching(/^xlfs\.toml:2:\d+: /) as string,
    }),
  );
});

test.each([
  ['an unknown key', '[host]\nnmae = "x"\n', /host.*nmae/s],
  ['a guest without an address', '[[host.guests]]\nname = "a"\n', /host\.guests\[0\]\.address/],
  [
    'two guests of one name',
    '[[host.guests]]\nname="a"\naddress="10.0.0.2/24"\n[[host.guests]]\nname="a"\naddress="10.0.0.3/24"\n',
    /a is taken/,
  ],
  ['a name that would break out of a file', '[host]\nname = "a; reboot"\n', /host\.name/],
])('%s is refused, naming the key', (_what, text, message) => {
  expect(() => parseProject(text, 'xlfs.toml')).toThrow(
    expect.objectContaining({ code: 'PROJECT_INVALID', message: expect.stringMatching(message) as string }),
  );
});
