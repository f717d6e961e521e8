/** Run in a folder on xfs: forks a base by reflink and prints what came out, and what the disk says of it, as JSON. */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { file, fork, openRootfsStore, writeExt4 } from '../dist/index.js';

const folder = process.argv[2] ?? '';
const image = join(folder, 'base.ext4');
await writeExt4([file('etc/hostname', 'parent\n'), file('data', Buffer.alloc(20 << 20, 'data'))], image, { free: 32 << 20 });
const digest = () => createHash('sha256').update(readFileSync(image)).digest('hex');
const before = digest();
const store = openRootfsStore(join(folder, 'store'));
const exact = await fork(store, image, { name: 'exact', strategy: 'reflink' });
const auto = await fork(store, image, { name: 'auto', personality: { hostname: 'auto' } });
const disk = auto.disks[0]?.path ?? '';
execFileSync('/usr/sbin/e2fsck', ['-fn', disk], { stdio: 'ignore' });
// Of each extent: where it lies, how long it is, and whether others have it, too.
const extents = execFileSync('/usr/sbin/filefrag', ['-v', '-b1', disk], { encoding: 'utf8' });
const own = [...extents.matchAll(/^\s*\d+:\s+\d+\.\.\s*\d+:\s+\d+\.\.\s*\d+:\s+(\d+):(.*)$/gm)]
  .filter(([, , flags = '']) => !flags.includes('shared'))
  .reduce((sum, [, length = '0']) => sum + Number(length), 0);
console.log(
  JSON.stringify({
    unchanged: digest() === before,
    strategy: auto.strategy,
    exact: exact.newBytes,
    newBytes: auto.newBytes,
    own,
  }),
);
