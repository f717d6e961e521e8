import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { buildContainer } from '../src/container/build.ts';
import { collectRootfsGarbage } from '../src/fork/gc.ts';
import { fork } from '../src/fork/fork.ts';
import { writeExt4 } from '../src/image/ext4/write.ts';
import { IMAGE_FORMATS } from '../src/image/image.ts';
import { makeKey, signFiles, trustedKeysPath, trustKey } from '../src/signature/trust.ts';
import { takeSnapshot } from '../src/snapshot/snapshot.ts';
import { verifySnapshot } from '../src/snapshot/verify.ts';
import { openRootfsStore } from '../src/store/rootfs-store.ts';
import { scratchFolder } from '../src/testing/scratch.ts';
import { file } from '../src/tree/entry.ts';
import { asOwner } from '../src/verbs/owner.ts';

const scratch = scratchFolder();
const at = (name: string) => join(scratch, name);
const store = openRootfsStore(at('store'));
const tree = at('tree');
const base = at('base.ext4');
let made = 0;

beforeAll(async () => {
  mkdirSync(join(tree, 'etc'), { recursive: true });
  mkdirSync(at('out'));
  for (let index = 0; index < 3000; index++)
    writeFileSync(join(tree, `file${String(index)}`), `content ${String(index)}`.repeat(3000));
  writeFileSync(join(tree, 'etc/hostname'), 'parent\n');
  await writeExt4([file('data', Buffer.alloc(100 << 20, 'data'))], base, { free: 8 << 20 });
  await takeSnapshot(store, tree, { name: 'base' });
  writeFileSync(
    at('domain'),
    `[create ${tree} ${at('out/tree.cpio.zst')}][end]\n[image ${at('out/disk')} 300MB disk][end]\n[populate image ${at('out/disk')} / ${at('out/tree.cpio.zst')}][end]\n`,
  );
});

const verbs: [string, (signal: AbortSignal) => Promise<unknown>][] = [
  ['snapshot', (signal) => takeSnapshot(openRootfsStore(at(`store${String(++made)}`)), tree, { name: 'a', signal })],
  ['restore', (signal) => asOwner('restore', { store: at('store'), name: 'base', folder: at('out/restored') }, { signal })],
  ['verify', (signal) => verifySnapshot(store, 'base', { signal })],
  ['fork', (signal) => fork(store, base, { name: 'copied', strategy: 'copy', signal })],
  ['gc', (signal) => collectRootfsGarbage(store, { signal })],
  [
    'patch make',
    (signal) => asOwner('patchMake', { store: at('store'), before: tree, after: base, out: at('out/patch') }, { signal }),
  ],
  ['container', (signal) => buildContainer(at('domain'), { store, stripped: at('out/config'), signal })],
  ...IMAGE_FORMATS.map((format): [string, (signal: AbortSignal) => Promise<unknown>] => [
    `image ${format}`,
    (signal) => asOwner('image', { store: at('store'), source: tree, out: at(`out/${format}`), format }, { signal }),
  ]),
];

describe('a verb that is told to stop', () => {
  it.each(verbs)('ends and leaves nothing behind: %s', async (name, verb) => {
    await expect(verb(AbortSignal.abort())).rejects.toMatchObject({ code: 'INTERRUPTED' });
    if (name !== 'gc') {
      const started = performance.now();
      await expect(verb(AbortSignal.timeout(60))).rejects.toMatchObject({ code: 'INTERRUPTED' });
      expect(performance.now() - started).toBeLessThan(5000);
    }
    expect(readdirSync(at('out'))).toEqual([]);
    expect(readdirSync(scratch).filter((entry) => /\.tmp-|xlfs-(?:container|erofs)/.test(entry))).toEqual([]);
    for (const folder of [store.forks, store.packs])
      expect(readdirSync(folder).filter((entry) => entry.includes('.tmp-'))).toEqual([]);
    expect(existsSync(join(store.forks, 'copied'))).toBe(false);
  });
});

describe('a patch', () => {
  it('is applied only with a good signature by a trusted key, unless told otherwise', async () => {
    const [patch, after] = [at('update.patch'), at('after')];
    mkdirSync(join(after, 'etc'), { recursive: true });
    writeFileSync(join(after, 'etc/hostname'), 'child\n');
    mkdirSync(at('before/etc'), { recursive: true });
    writeFileSync(at('before/etc/hostname'), 'parent\n');
    await asOwner('patchMake', { store: at('store'), before: at('before'), after, out: patch });
    const apply = (out: string, more: { allowUnsigned?: boolean } = {}) =>
      asOwner('patchApply', { store: at('store'), patch, source: at('before'), out: at(out), ...more });
    await expect(apply('unsigned')).rejects.toMatchObject({
      code: 'SOURCE_DIGEST',
      message: expect.stringMatching(/not signed/) as string,
    });
    const key = await makeKey(at('key'));
    await signFiles([patch], at('key'));
    await expect(apply('untrusted')).rejects.toMatchObject({ message: expect.stringMatching(/not trusted/) as string });
    await trustKey(trustedKeysPath(store), key, 'ours');
    expect(await apply('applied')).toMatchObject({ signedBy: key.id });
    expect(readFileSync(at('applied/etc/hostname'), 'utf8')).toBe('child\n');
    const bytes = readFileSync(patch);
    bytes[bytes.length - 1] = (bytes.at(-1) ?? 0) ^ 1;
    writeFileSync(patch, bytes);
    await expect(apply('tampered')).rejects.toMatchObject({
      code: 'SOURCE_DIGEST',
      message: expect.stringMatching(/not what/) as string,
    });
    for (const name of ['unsigned', 'untrusted', 'tampered']) expect(existsSync(at(name))).toBe(false);
    bytes[bytes.length - 1] = (bytes.at(-1) ?? 0) ^ 1;
    writeFileSync(patch, bytes);
    expect(await apply('told', { allowUnsigned: true })).toMatchObject({ signedBy: null });
  });
});

it('what is to be signed and is not there is named, and nothing is signed', async () => {
  await makeKey(at('key2'));
  writeFileSync(at('there'), 'x');
  await expect(signFiles([at('there'), at('missing')], at('key2'))).rejects.toMatchObject({
    code: 'USAGE',
    message: `cannot read ${at('missing')}: there is no such file`,
  });
  expect(existsSync(at('there.minisig'))).toBe(false);
  await expect(signFiles([at('there')], at('no-key'))).rejects.toMatchObject({ code: 'USAGE' });
});
