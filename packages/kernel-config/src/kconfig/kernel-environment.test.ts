import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, expect, it } from 'vitest';

import { kernelEnvironment } from './kernel-environment.ts';

const tree = mkdtempSync(join(tmpdir(), 'xlfs-environment-'));
const makefile = 'VERSION = 6\nPATCHLEVEL = 12\nSUBLEVEL = 0\nEXTRAVERSION = -rc3\n';
writeFileSync(join(tree, 'Makefile'), makefile);
afterAll(() => rmSync(tree, { recursive: true, force: true }));

const base = { PATH: process.env.PATH, HOME: '/home/somebody' };

it('has the version of the tree and the architecture of the folder', () => {
  expect(kernelEnvironment({ tree, base, arch: 'x86_64' })).toMatchObject({
    HOME: '/home/somebody',
    srctree: tree,
    KERNELVERSION: '6.12.0-rc3',
    ARCH: 'x86_64',
    SRCARCH: 'x86',
    CC_VERSION_TEXT: expect.stringMatching(/^gcc/) as string,
  });
});

it('names tools as the Makefile does, whatever the surrounding environment calls them', () => {
  const surrounding = { ...base, CC: 'tcc', LD: 'gold', CROSS_COMPILE: 'arm-' };
  expect(kernelEnvironment({ tree, base: surrounding, ccVersionText: 'gcc 1' })).toMatchObject({
    CC: 'arm-gcc',
    LD: 'arm-ld',
    HOSTCC: 'gcc',
    PYTHON3: 'python3',
  });
  expect(kernelEnvironment({ tree, base: surrounding, crossCompile: '', cc: 'gcc -m32' })).toMatchObject({
    CC: 'gcc -m32',
    LD: 'ld',
  });
});

it('asks for Rust only where the Makefile does, and takes no answer for none', () => {
  expect(kernelEnvironment({ tree, base })).not.toHaveProperty('RUSTC_VERSION_TEXT');
  writeFileSync(join(tree, 'Makefile'), `${makefile}PAHOLE_VERSION = $(shell scripts/pahole-version.sh)\n`);
  expect(kernelEnvironment({ tree, base })).toHaveProperty('PAHOLE_VERSION', '');
});

it('says what is missing', () => {
  expect(() => kernelEnvironment({ tree: join(tree, 'nowhere'), base })).toThrow(/nowhere has no Makefile/);
  expect(() => kernelEnvironment({ tree, base, cc: 'no-such-compiler' })).toThrow('cannot ask no-such-compiler for its version');
});
