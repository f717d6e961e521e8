import { describe, expect, test } from 'vitest';
import { undeclaredNeeds, type BuiltLayer } from './true-needs.ts';

const glibc: BuiltLayer = {
  recipe: 'glibc',
  needs: [],
  files: [{ path: 'usr/lib/libc.so.6' }, { path: 'usr/lib/ld-linux-x86-64.so.2' }],
};
const zlib: BuiltLayer = {
  recipe: 'zlib',
  needs: ['glibc'],
  files: [{ path: 'usr/lib/libz.so.1', needed: ['libc.so.6'] }],
};
const perl: BuiltLayer = { recipe: 'perl', needs: ['glibc'], files: [{ path: 'usr/bin/perl' }] };

describe('what a file uses is declared', () => {
  test('by its recipe', () => {
    expect(undeclaredNeeds([glibc, zlib])).toEqual([]);
  });

  test('by a need of a need', () => {
    const file = { recipe: 'file', needs: ['zlib'], files: [{ path: 'usr/bin/file', needed: ['libz.so.1', 'libc.so.6'] }] };
    expect(undeclaredNeeds([glibc, zlib, file])).toEqual([]);
  });

  test('by nobody, when the layer has it itself', () => {
    const own = {
      recipe: 'tool',
      needs: ['glibc'],
      files: [{ path: 'usr/bin/tool', needed: ['libtool.so.1', 'libc.so.6'] }, { path: 'usr/lib/libtool.so.1' }],
    };
    expect(undeclaredNeeds([glibc, own])).toEqual([]);
  });

  test('by nobody, when it lies beside the file', () => {
    const vendored = {
      recipe: 'udev',
      needs: ['glibc'],
      files: [{ path: 'usr/lib/udev/udevadm', needed: ['libudev-shared.so'] }, { path: 'usr/lib/udev/libudev-shared.so' }],
    };
    expect(undeclaredNeeds([glibc, vendored])).toEqual([]);
  });

  test('when the loader is asked for through the links of the merged /usr', () => {
    const tool = {
      recipe: 'tool',
      needs: ['glibc'],
      files: [{ path: 'usr/bin/tool', interpreter: '/lib64/ld-linux-x86-64.so.2' }],
    };
    expect(undeclaredNeeds([glibc, tool])).toEqual([]);
  });

  test('when it is the shell, or known to be mutual', () => {
    const scripts = {
      ...glibc,
      files: [
        ...glibc.files,
        { path: 'usr/bin/ldd', interpreter: '/bin/bash' },
        { path: 'usr/bin/mtrace', interpreter: '/usr/bin/perl' },
      ],
    };
    expect(undeclaredNeeds([scripts, perl], { mutual: { glibc: { perl: 'perl is linked to it' } } })).toEqual([]);
    expect(undeclaredNeeds([scripts, perl]).map(({ path }) => path)).toEqual(['usr/bin/mtrace']);
  });
});

test('an undeclared library is named with the file that uses it and the recipes that have it', () => {
  const file = { recipe: 'file', needs: ['glibc'], files: [{ path: 'usr/bin/file', needed: ['libz.so.1', 'libc.so.6'] }] };
  expect(undeclaredNeeds([file, glibc, zlib])).toEqual([
    { recipe: 'file', path: 'usr/bin/file', uses: 'libz.so.1', providers: ['zlib'] },
  ]);
});

test('a library that no layer has is named without a recipe', () => {
  const lost = { recipe: 'lost', needs: ['glibc'], files: [{ path: 'usr/bin/lost', needed: ['libgone.so.1'] }] };
  expect(undeclaredNeeds([glibc, lost])).toEqual([{ recipe: 'lost', path: 'usr/bin/lost', uses: 'libgone.so.1', providers: [] }]);
});

test('a library in a folder of its own is not found by its name from elsewhere', () => {
  const hidden = { recipe: 'hidden', needs: [], files: [{ path: 'usr/lib/hidden/libx.so' }] };
  const user = { recipe: 'user', needs: ['hidden'], files: [{ path: 'usr/bin/user', needed: ['libx.so'] }] };
  expect(undeclaredNeeds([hidden, user]).map(({ uses }) => uses)).toEqual(['libx.so']);
});
