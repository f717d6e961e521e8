import { readFileSync, realpathSync } from 'node:fs';
import { directory, file, symlink, treeOf, type Tree } from '@xlfs/rootfs';
import { expect, test } from 'vitest';
import { closureOf } from './closure.ts';
import { chainOf } from './reason.ts';

const libc = readFileSync('/lib/x86_64-linux-gnu/libc.so.6');
const linker = readFileSync(realpathSync('/lib64/ld-linux-x86-64.so.2'));
const program = readFileSync('/usr/bin/true');

/** A small system with a real program and its real libraries in the merged layout of the book. */
function system(): Tree {
  return treeOf([
    directory('usr'),
    directory('usr/bin'),
    directory('usr/lib'),
    symlink('bin', 'usr/bin'),
    symlink('lib', 'usr/lib'),
    symlink('lib64', 'usr/lib'),
    file('usr/bin/true', program),
    file('usr/bin/unused', program),
    symlink('usr/bin/yes', 'true'),
    file('usr/bin/script', '#!/bin/yes -u\n'),
    file('usr/lib/libc.so.6.0', libc),
    symlink('usr/lib/libc.so.6', 'libc.so.6.0'),
    file('usr/lib/ld-linux-x86-64.so.2', linker),
  ]);
}

test('a script pulls in its interpreter, that one its libraries and dynamic linker, and nothing else', async () => {
  const reasons = await closureOf(system(), [{ path: '/usr/bin/script', reason: 'test' }]);
  const files = ['usr/bin/script', 'usr/bin/true', 'usr/lib/ld-linux-x86-64.so.2', 'usr/lib/libc.so.6.0'];
  const links = ['bin', 'lib64', 'usr/bin/yes', 'usr/lib/libc.so.6'];
  const folders = ['', 'usr', 'usr/bin', 'usr/lib'];
  expect([...reasons.keys()].sort()).toEqual([...files, ...links, ...folders, 'lib'].sort());
  expect(reasons.has('usr/bin/unused')).toBe(false);
});

test('the chain of a library leads back to what was asked for', async () => {
  const reasons = await closureOf(system(), [{ path: '/usr/bin/script', reason: 'asked for' }]);
  const chain = chainOf(reasons, 'usr/lib/libc.so.6.0');
  expect(chain[0]).toEqual({ path: '/usr/lib/libc.so.6.0', because: 'link to libc.so.6.0' });
  expect(chain.map(({ path }) => path)).toEqual([
    '/usr/lib/libc.so.6.0',
    '/usr/lib/libc.so.6',
    '/usr/bin/true',
    '/usr/bin/yes',
    '/usr/bin/script',
  ]);
  expect(chain.at(-1)).toEqual({ path: '/usr/bin/script', because: 'asked for' });
});

test('a library that nobody installs is named, with the chain that needs it', async () => {
  const tree = system();
  tree.delete('usr/lib/libc.so.6');
  await expect(closureOf(tree, [{ path: '/usr/bin/true', reason: 'test' }])).rejects.toMatchObject({
    code: 'ASSEMBLY_FAILED',
    message: expect.stringMatching(/needs \/usr\/lib\/libc\.so\.6 \(needs libc\.so\.6\)[^]*\/usr\/bin\/true \(test\)/) as string,
  });
});

test('a link that goes round in circles is missing, not endless', async () => {
  const tree = treeOf([symlink('a', 'b'), symlink('b', 'a')]);
  await expect(closureOf(tree, [{ path: '/a', reason: 'test' }])).rejects.toMatchObject({ code: 'ASSEMBLY_FAILED' });
});

test('a link cannot lead out of the image', async () => {
  const tree = treeOf([directory('etc'), symlink('etc/passwd', '../../../../etc/shadow'), file('etc/shadow', 'x')]);
  const reasons = await closureOf(tree, [{ path: '/etc/passwd', reason: 'test' }]);
  expect([...reasons.keys()]).toContain('etc/shadow');
});

test('a link into a folder that is filled at run time needs the mount point alone', async () => {
  const tree = treeOf([directory('etc'), directory('proc'), symlink('etc/mtab', '../proc/self/mounts')]);
  const reasons = await closureOf(tree, [{ path: '/etc/mtab', reason: 'test' }]);
  expect([...reasons.keys()].filter((path) => path !== '').sort()).toEqual(['etc', 'etc/mtab', 'proc']);
  tree.delete('proc');
  await expect(closureOf(tree, [{ path: '/etc/mtab', reason: 'test' }])).rejects.toMatchObject({ code: 'ASSEMBLY_FAILED' });
});

test('a folder brings everything below it', async () => {
  const tree = treeOf([directory('etc'), directory('etc/a'), file('etc/a/b', '1'), file('etc/c', '2')]);
  const reasons = await closureOf(tree, [{ path: '/etc/a', reason: 'test' }]);
  expect([...reasons.keys()].filter((path) => path !== '').sort()).toEqual(['etc', 'etc/a', 'etc/a/b']);
});
