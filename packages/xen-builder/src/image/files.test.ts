import { execFileSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { dom0Files } from '../dom0/contents.ts';
import { guestBaseFiles } from '../guest/contents.ts';
import { defaultHost } from '../host/description.ts';
import type { ImageFile } from './files.ts';

const images: readonly (readonly [string, readonly ImageFile[]])[] = [
  ['dom0', dom0Files(defaultHost)],
  ['guest', guestBaseFiles()],
];

test.each(images)('every script of %s is valid POSIX shell', (_, files) => {
  const scripts = files.filter(
    (file) => file.type === 'file' && (file.text.startsWith('#!') || /\/(rc\.d|xen\/scripts|sysconfig)\//.test(file.path)),
  );
  expect(scripts.length).toBeGreaterThan(4);
  for (const script of scripts) {
    if (script.type !== 'file') continue;
    expect(
      () => execFileSync('dash', ['-n'], { input: script.text, stdio: ['pipe', 'pipe', 'pipe'] }),
      script.path,
    ).not.toThrow();
  }
});

test.each(images)('what is executed in %s has the bit for it, and what is sourced has not', (_, files) => {
  for (const file of files) {
    if (file.type === 'file')
      expect({ path: file.path, executable: (file.mode & 0o100) !== 0 }).toEqual({
        path: file.path,
        executable: file.text.startsWith('#!'),
      });
  }
});

test('each guest has an xl configuration and starts with the host', () => {
  const paths = dom0Files(defaultHost).map(({ path }) => path);
  expect(paths).toEqual(
    expect.arrayContaining(['etc/xen/pv1.cfg', 'etc/xen/auto/pv1.cfg', 'etc/xen/pvh1.cfg', 'etc/xen/auto/pvh1.cfg']),
  );
});
