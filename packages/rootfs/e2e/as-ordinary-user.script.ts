import assert from 'node:assert/strict';
import { lstatSync } from 'node:fs';
import { join } from 'node:path';
import { withArchive } from '../src/archive/archive.ts';
import { writeTar } from '../src/image/tar.ts';
import { asOwner, Ext4Reader, fork, openRootfsStore, writeExt4 } from '../src/index.ts';
import { portrait } from '../src/testing/compare.ts';
import { sampleTree } from '../src/testing/sample-tree.ts';

/** What an ordinary user can do, entry by entry; run by users.test.ts. */
const folder = process.argv[2] ?? '';
const at = (name: string) => join(folder, name);
const store = at('store');
// The namespace has the ids up to 65535.
const tree = sampleTree().map((entry) => ({
  ...entry,
  uid: entry.uid === 100_000 ? 1000 : entry.uid,
  gid: entry.gid === 100_001 ? 1001 : entry.gid,
}));
const onDisk = tree.filter(({ type }) => type !== 'char' && type !== 'block');

assert.notEqual(process.getuid?.(), 0);
await writeTar(tree, at('a.tar'));
const { skipped } = await asOwner('unpack', { store, source: at('a.tar'), folder: at('tree') });
assert.deepEqual([...skipped].sort(), ['dev/console', 'dev/large', 'dev/null', 'dev/xvda']);
assert.notEqual(lstatSync(at('tree/home/alice')).uid, process.getuid?.());
await asOwner('snapshot', { store, sources: [at('tree')], name: 'base', mountPoints: false });
await asOwner('restore', { store, name: 'base', folder: at('out') });
await asOwner('image', { store, source: at('out'), format: 'tar', compression: 'none', out: at('b.tar') });
await withArchive(at('b.tar'), async (back) => assert.deepEqual(await portrait(back.values()), await portrait(onDisk)));

await writeExt4(tree, at('direct.ext4'));
using direct = new Ext4Reader(at('direct.ext4'));
assert.deepEqual(await portrait(direct.tree().values()), await portrait(tree));
await asOwner('image', { store, source: at('out'), format: 'erofs', out: at('e.erofs') });
await asOwner('image', { store, source: 'base', format: 'squashfs', out: at('s.squashfs') });

for (const strategy of ['qcow2', 'overlay', 'copy'] as const) {
  const made = await fork(openRootfsStore(store), 'base', { name: strategy, strategy, personality: { hostname: strategy } });
  assert.equal(made.hostname, strategy);
}
await asOwner('removeFolder', { folder: at('tree') });
await asOwner('removeFolder', { folder: at('out') });
process.stdout.write('done\n');
