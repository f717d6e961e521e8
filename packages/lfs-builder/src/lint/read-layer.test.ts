import { copyFileSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { readLayer } from './read-layer.ts';

const root = mkdtempSync(join(tmpdir(), 'xlfs-read-layer-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

test('reads libraries and interpreters of programs, scripts and links as they are', () => {
  const bin = join(root, 'usr/bin');
  mkdirSync(bin, { recursive: true });
  copyFileSync(process.execPath, join(bin, 'node'));
  writeFileSync(join(bin, 'sh-script'), '#! /bin/sh -e\nexit 0\n');
  writeFileSync(join(bin, 'env-script'), '#!/usr/bin/env python3\n');
  writeFileSync(join(bin, 'notes'), 'neither\n');
  symlinkSync('node', join(bin, 'js'));

  const files = new Map(readLayer(root).map((file) => [file.path, file]));
  expect([...files.keys()].sort()).toEqual(['env-script', 'js', 'node', 'notes', 'sh-script'].map((name) => `usr/bin/${name}`));
  expect(files.get('usr/bin/node')?.needed).toContain('libc.so.6');
  expect(files.get('usr/bin/node')?.interpreter).toMatch(/^\/lib.*\/ld-linux-/);
  expect(files.get('usr/bin/sh-script')).toEqual({ path: 'usr/bin/sh-script', interpreter: '/bin/sh' });
  expect(files.get('usr/bin/env-script')?.interpreter).toBe('/usr/bin/python3');
  expect(files.get('usr/bin/notes')).toEqual({ path: 'usr/bin/notes' });
  expect(files.get('usr/bin/js')).toEqual({ path: 'usr/bin/js' });
});
