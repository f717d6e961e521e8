import { spawnSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { fork } from '../src/fork/fork.ts';
import { writeExt4 } from '../src/image/ext4/write.ts';
import { openRootfsStore } from '../src/store/rootfs-store.ts';
import { oracle, scratchFolder } from '../src/testing/scratch.ts';
import { file } from '../src/tree/entry.ts';

const scratch = scratchFolder();

/** Output of the script on an xfs of its own, in a mount namespace of its own; undefined where that cannot be mounted. */
function onXfs(): string | undefined {
  const [disk, folder] = [join(scratch, 'xfs'), join(scratch, 'mounted')];
  mkdirSync(folder);
  oracle('truncate', '-s', '512M', disk);
  oracle('mkfs.xfs', '-q', '-m', 'reflink=1', disk);
  const script = new URL('./reflink.script.ts', import.meta.url).pathname;
  const steps = `mount -o loop ${disk} ${folder} || exit 77; exec ${process.execPath} ${script} ${folder}`;
  const done = spawnSync('unshare', ['--mount', '--propagation', 'private', 'sh', '-c', steps], {
    encoding: 'utf8',
    env: { ...process.env, NODE_NO_WARNINGS: '1' },
  });
  if (process.getuid?.() !== 0 || done.status === 77) return undefined;
  if (done.status !== 0) throw new Error(done.stderr);
  return done.stdout;
}

it('a fork by reflink shares all but the blocks that its personality changes, and says how much that is', async () => {
  const output = onXfs();
  if (output === undefined) {
    // Nobody but root mounts file systems: what is left to say is that it says so.
    await writeExt4([file('etc/hostname', 'parent\n')], join(scratch, 'base.ext4'));
    const attempt = fork(openRootfsStore(join(scratch, 'store')), join(scratch, 'base.ext4'), { name: 'a', strategy: 'reflink' });
    await expect(
      attempt.then(
        ({ strategy }) => strategy,
        ({ code }: { code: string }) => code,
      ),
    ).resolves.toMatch(/^(?:reflink|HOST_REQUIREMENT)$/);
    return;
  }
  const { unchanged, strategy, exact, newBytes, own } = JSON.parse(output) as Record<string, number | string | boolean>;
  expect(unchanged).toBe(true);
  expect(strategy).toBe('reflink');
  expect(exact).toBeLessThan(16_384);
  expect(own).toBeGreaterThan(16_384);
  // The disk's own blocks, and a few for the record.
  expect(newBytes).toBeGreaterThanOrEqual(own as number);
  expect(newBytes).toBeLessThan((own as number) + 32_768);
});
