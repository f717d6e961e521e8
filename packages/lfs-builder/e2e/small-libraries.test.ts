/** The small recipes, built by the real engine from the real tarballs, and used by a program that is linked against them. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, readlinkSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build, defineRegistry, makePlan, openStore, parseLock, sourceFetcher, type BuildResult, type Store } from '@xlfs/core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { userlandRecipes } from '../src/index.ts';

const lock = parseLock(readFileSync(new URL('../../../xlfs.lock.json', import.meta.url), 'utf8'), 'xlfs.lock.json');
const folder = mkdtempSync(join(tmpdir(), 'xlfs-lfs-builder-'));
let store: Store;
let result: BuildResult;

beforeAll(async () => {
  store = await openStore(join(folder, 'store'));
  const targets = ['filesystem', 'libaio', 'libuuid', 'yajl'];
  const plan = makePlan(defineRegistry({ name: 'host', root: 'host' }, userlandRecipes), targets, 'targets');
  result = await build(plan, { store, lock, jobs: 2, fetch: sourceFetcher(store, lock) });
}, 240_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const rootOf = (recipe: string): string => join(store.paths.layers, result.actions.get(recipe)?.layer ?? 'missing', 'root');

test('filesystem: one /usr, and accounts that log in', () => {
  const root = rootOf('filesystem');
  expect(['bin', 'sbin', 'lib', 'lib64'].map((name) => readlinkSync(join(root, name)))).toEqual([
    'usr/bin',
    'usr/sbin',
    'usr/lib',
    'usr/lib',
  ]);
  const names = (file: string): string[] =>
    readFileSync(join(root, 'etc', file), 'utf8')
      .trim()
      .split('\n');
  expect(names('passwd')[0]).toBe('root:x:0:0:root:/root:/bin/sh');
  const groups = new Set(names('group').map((line) => line.split(':')[2]));
  expect(names('passwd').filter((line) => !groups.has(line.split(':')[3]))).toEqual([]);
});

test.each([
  ['libaio', 'libaio.so.1'],
  ['libuuid', 'libuuid.so.1'],
  ['yajl', 'libyajl.so.2'],
])('%s: a shared library that says %s and asks for the C library only', (recipe, soname) => {
  const dynamic = execFileSync('readelf', ['-d', join(rootOf(recipe), 'usr', 'lib', soname)], { encoding: 'utf8' });
  expect(dynamic).toContain(`Library soname: [${soname}]`);
  const needed = [...dynamic.matchAll(/\(NEEDED\).*\[(.*)\]/g)].map(([, name = '']) => name);
  expect(needed.filter((name) => !/^(libc\.so\.6|ld-linux-x86-64\.so\.2)$/.test(name))).toEqual([]);
});

test('yajl passes its own tests, in the folder where it was built', () => {
  expect(result.actions.get('yajl-tests')?.tests).toEqual({ status: 0, passed: 0, failed: [] });
  expect(readFileSync(store.logPath(result.actions.get('yajl-tests')?.key ?? ''), 'utf8')).toContain('58/58 tests successful');
});

test('a program uses them, found by their pkg-config files', () => {
  const program = join(folder, 'program');
  writeFileSync(
    `${program}.c`,
    `#include <assert.h>
#include <string.h>
#include <uuid.h>
#include <yajl/yajl_parse.h>
#include <yajl/yajl_version.h>
static int string(void *context, const unsigned char *text, size_t length) { memcpy(context, text, length); return 1; }
int main(void) {
  uuid_t id; char text[37], got[64] = "";
  uuid_generate(id); uuid_unparse(id, text); assert(uuid_parse(text, id) == 0 && uuid_parse("nonsense", id) != 0);
  yajl_callbacks callbacks = { .yajl_string = string };
  yajl_handle parser = yajl_alloc(&callbacks, 0, got);
  const char *json = "[\\"\\\\u00e9\\", 1]";
  assert(yajl_parse(parser, (const unsigned char *)json, strlen(json)) == yajl_status_ok);
  assert(yajl_complete_parse(parser) == yajl_status_ok && strcmp(got, "\\xc3\\xa9") == 0 && yajl_version() == 20100);
  const char *lone = "[\\"\\\\ud800\\"]";
  parser = yajl_alloc(&callbacks, 0, memset(got, 0, sizeof got));
  assert(yajl_parse(parser, (const unsigned char *)lone, strlen(lone)) == yajl_status_ok && strcmp(got, "?") == 0);
  return 0;
}
`,
  );
  const flags = ['libuuid', 'yajl'].flatMap((recipe) => {
    const pkgConfig = join(rootOf(recipe), 'usr', 'lib', 'pkgconfig');
    const env = { ...process.env, PKG_CONFIG_LIBDIR: pkgConfig, PKG_CONFIG_SYSROOT_DIR: rootOf(recipe) };
    return execFileSync('pkg-config', ['--cflags', '--libs', recipe === 'yajl' ? 'yajl' : 'uuid'], { env, encoding: 'utf8' })
      .trim()
      .split(/\s+/);
  });
  execFileSync('cc', [`${program}.c`, '-o', program, ...flags]);
  execFileSync(program, {
    env: { LD_LIBRARY_PATH: ['libuuid', 'yajl'].map((recipe) => join(rootOf(recipe), 'usr', 'lib')).join(':') },
  });
});
