import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readElf } from './elf.ts';

/** Some real programs and libraries, of different linkers and languages. */
const samples = [
  process.execPath,
  ...['/usr/bin/bash', '/usr/bin/make', '/usr/bin/python3', '/usr/bin/qemu-system-x86_64', '/usr/sbin/ldconfig', '/usr/bin/perl'],
  ...readdirSync('/usr/bin')
    .filter((_, index) => index % 40 === 0)
    .map((name) => join('/usr/bin', name)),
  ...readdirSync('/usr/lib/x86_64-linux-gnu')
    .filter((name, index) => name.includes('.so') && index % 25 === 0)
    .map((name) => join('/usr/lib/x86_64-linux-gnu', name)),
].filter((path) => statSync(path, { throwIfNoEntry: false })?.isFile() === true);

test('agrees with readelf about every sample', () => {
  const elves = samples.filter((path) => readElf(readFileSync(path)) !== undefined);
  expect(elves.length).toBeGreaterThan(20);
  for (const path of elves) expect({ path, ...facts(path) }).toEqual({ path, ...readelf(path) });
});

test('takes a script for no ELF file', () => {
  expect(readElf(Buffer.from(`#!/bin/sh\n${' '.repeat(100)}`))).toBeUndefined();
  expect(readElf(Buffer.alloc(0))).toBeUndefined();
});

test('refuses a cut-off file instead of reading beyond it', () => {
  const whole = readFileSync('/usr/bin/bash');
  for (const length of [64, 100, 500, 4096]) expect(() => readElf(whole.subarray(0, length))).toThrow(RangeError);
});

function facts(path: string): Record<string, unknown> {
  const elf = readElf(readFileSync(path));
  return { interpreter: elf?.interpreter, soname: elf?.soname, needed: elf?.needed, runpath: elf?.runpath };
}

function readelf(path: string): Record<string, unknown> {
  const text = execFileSync('readelf', ['-W', '-l', '-d', path], { encoding: 'utf8', env: { ...process.env, LC_ALL: 'C' } });
  const all = (pattern: RegExp): string[] => [...text.matchAll(pattern)].map((match) => match[1] ?? '');
  return {
    interpreter: all(/program interpreter: (.*)\]/g)[0],
    soname: all(/\(SONAME\).*\[(.*)\]/g)[0],
    needed: all(/\(NEEDED\).*\[(.*)\]/g),
    runpath: (all(/\(RUNPATH\).*\[(.*)\]/g)[0] ?? all(/\(RPATH\).*\[(.*)\]/g)[0] ?? '')
      .split(':')
      .filter((folder) => folder !== ''),
  };
}
