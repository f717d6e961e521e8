import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { writeTar } from '../image/tar.ts';
import { portrait } from '../testing/compare.ts';
import { sampleTree } from '../testing/sample-tree.ts';
import { oracle, scratchFolder } from '../testing/scratch.ts';
import { directory, file, symlink, treeOf, type Entry } from '../tree/entry.ts';
import { materialise } from '../tree/materialise.ts';
import { readPatch, withPatched } from './apply.ts';
import { makePatch } from './make.ts';
import { applyUnified, writeUnified } from './unified.ts';

const scratch = scratchFolder();
const at = (name: string) => join(scratch, name);

/** Every kind of change at once. */
function changedTree(): Entry[] {
  const tree = treeOf(sampleTree());
  for (const path of ['root/.bash_history', 'usr/bin/tool-alias', 'var/lib/holey']) tree.delete(path);
  const passwd = tree.get('etc/passwd');
  if (passwd !== undefined) tree.set('etc/passwd', { ...passwd, uid: 5, mode: 0o600 });
  for (const entry of [
    file('etc/shadow', 'root:*:1:0:99999:7:::\n', { mode: 0o600 }),
    file('etc/new/file', 'new', { xattrs: { 'user.a': Buffer.from('b') } }),
    directory('tmp', { mode: 0o755 }),
    symlink('bin', 'usr/sbin'),
    file('home/alice/notes', 'linked', { link: 'n' }),
    file('home/alice/notes-too', 'linked', { link: 'n' }),
  ]) {
    tree.set(entry.path, entry);
  }
  return [...tree.values()];
}

describe('a patch', () => {
  it('leads from one tree to the other and back, entry by entry', async () => {
    const made = await makePatch(sampleTree(), changedTree(), at('p'));
    // Three files, and the two folders that held nothing else.
    expect(made).toMatchObject({ removed: 5 });
    await withPatched(sampleTree(), at('p'), 'apply', async (entries) => {
      expect(await portrait(entries)).toEqual(await portrait(changedTree()));
    });
    await withPatched(changedTree(), at('p'), 'revert', async (entries) => {
      expect(await portrait(entries)).toEqual(await portrait(sampleTree()));
    });
  });

  it('has the same bytes for the same trees, and the contents that changed only', async () => {
    const digest = (name: string) =>
      createHash('sha256')
        .update(readFileSync(at(name)))
        .digest('hex');
    await makePatch(sampleTree(), changedTree(), at('a'));
    await makePatch(sampleTree().reverse(), changedTree().reverse(), at('b'));
    expect(digest('a')).toBe(digest('b'));
    const { changes } = await readPatch(at('a'));
    expect(changes.map(({ path }) => path)).toContain('etc/passwd');
    expect(changes.map(({ path }) => path)).not.toContain('usr/bin/ping');
    expect(oracle('sh', '-c', `zstd -dc ${at('a')} | tar -t`)).not.toContain(createHash('sha256').update('ping').digest('hex'));
  });

  it('refuses another base and names what differs', async () => {
    await makePatch(sampleTree(), changedTree(), at('p'));
    const other = [...sampleTree(), file('etc/shadow', 'someone else was here', { mode: 0o600 })];
    await expect(withPatched(other, at('p'), 'apply', async () => undefined)).rejects.toMatchObject({
      code: 'USAGE',
      message: expect.stringContaining('/etc/shadow') as string,
    });
    await expect(
      withPatched([...sampleTree(), file('etc/unrelated', '')], at('p'), 'apply', async () => undefined),
    ).rejects.toThrow(/does not touch/);
    await expect(withPatched(sampleTree(), at('p'), 'revert', async () => undefined)).rejects.toMatchObject({ code: 'USAGE' });
  });

  it('is refused when its contents or its manifest were exchanged', async () => {
    await makePatch(sampleTree(), changedTree(), at('p'));
    const folder = mkdtempSync(at('forged-'));
    oracle('sh', '-c', `zstd -dc ${at('p')} | tar -x -C ${folder}`);
    const manifest = readFileSync(join(folder, 'manifest.json'), 'utf8');
    const forge = async (text: string, content?: string) => {
      const [name = ''] = oracle('ls', join(folder, 'contents')).split('\n');
      const parts = [
        file('manifest.json', text),
        ...oracle('ls', join(folder, 'contents'))
          .trim()
          .split('\n')
          .map((one) =>
            file(
              `contents/${one}`,
              content !== undefined && one === name ? content : readFileSync(join(folder, 'contents', one)),
            ),
          ),
      ];
      await writeTar(parts, at('forged'));
      return withPatched(sampleTree(), at('forged'), 'apply', async () => undefined);
    };
    await forge(manifest);
    await expect(forge(manifest.replace('"path": "etc/new/file"', '"path": "etc/../../file"'))).rejects.toMatchObject({
      code: 'ARCHIVE_ESCAPES',
    });
    await expect(forge(manifest.replaceAll('"mode": 384', '"mode": 420'))).rejects.toThrow();
    await expect(forge('{"format":"xlfs-patch-1"}')).rejects.toMatchObject({ code: 'ARCHIVE_INVALID' });
    await expect(forge('not json')).rejects.toMatchObject({ code: 'ARCHIVE_INVALID' });
  });
});

describe('a unified diff', () => {
  it('is taken by patch(1), and one of diff(1) is taken here', async () => {
    const [before, after] = [mkdtempSync(at('u-')), mkdtempSync(at('u-'))];
    mkdirSync(join(before, 'etc'));
    writeFileSync(
      join(before, 'etc/passwd'),
      Array.from({ length: 30 }, (_, line) => `user${String(line)}:x:${String(line)}\n`).join(''),
    );
    writeFileSync(join(before, 'etc/gone'), 'gone\n');
    mkdirSync(join(after, 'etc'));
    writeFileSync(
      join(after, 'etc/passwd'),
      readFileSync(join(before, 'etc/passwd'), 'utf8').replace('user3:x:3', 'user3:x:33').replace('user28:x:28\n', ''),
    );
    writeFileSync(join(after, 'etc/added'), 'no line break at the end');
    const { walkTree } = await import('../tree/walk.ts');
    const [old, now] = [[...(await walkTree(before)).values()], [...(await walkTree(after)).values()]];
    const { text, omitted } = await writeUnified(old, now);
    expect(omitted).toEqual([]);
    writeFileSync(at('ours.diff'), text);
    const patched = mkdtempSync(at('patched-'));
    oracle('cp', '-a', `${before}/.`, patched);
    oracle('patch', '-p1', '-d', patched, '-i', at('ours.diff'));
    expect(oracle('diff', '-r', patched, after)).toBe('');
    oracle('sh', '-c', `cd ${scratch} && cp -a ${before} old && cp -a ${after} new && (diff -urN old new > theirs.diff || true)`);
    const result = at('result');
    await materialise(await applyUnified(old, readFileSync(at('theirs.diff'), 'utf8')), result);
    expect(oracle('diff', '-r', result, after)).toBe('');
  });

  it.each([
    ['a hunk that does not fit', '--- a/etc/passwd\n+++ b/etc/passwd\n@@ -1,1 +1,1 @@\n-nobody\n+somebody\n', 'USAGE'],
    ['a file that is not there', '--- a/etc/none\n+++ b/etc/none\n@@ -1,1 +1,1 @@\n-a\n+b\n', 'USAGE'],
    ['a file that is there already', '--- /dev/null\n+++ b/etc/passwd\n@@ -0,0 +1,1 @@\n+b\n', 'USAGE'],
    ['a path with ..', '--- a/../etc/passwd\n+++ b/../etc/passwd\n@@ -1,1 +1,1 @@\n-a\n+b\n', 'ARCHIVE_ESCAPES'],
    ['an absolute path', '--- /etc/passwd\n+++ /etc/passwd\n@@ -1,1 +1,1 @@\n-a\n+b\n', 'ARCHIVE_ESCAPES'],
    ['a device', '--- a/dev/null\n+++ b/dev/null\n@@ -1,1 +1,1 @@\n-a\n+b\n', 'USAGE'],
    ['no diff at all', 'hello\n', 'ARCHIVE_INVALID'],
  ])('is refused for %s', async (_, diff, code) => {
    await expect(applyUnified(sampleTree(), diff)).rejects.toMatchObject({ code });
  });
});
