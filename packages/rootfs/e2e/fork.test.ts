import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, statSync, openSync } from 'node:fs';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { fork, type ForkOptions } from '../src/fork/fork.ts';
import { forkDisk } from '../src/fork/disk.ts';
import { collectRootfsGarbage } from '../src/fork/gc.ts';
import { forkTree, listForks, type Fork } from '../src/fork/record.ts';
import { removeFork } from '../src/fork/remove.ts';
import { Ext4Reader } from '../src/image/ext4/read.ts';
import { writeExt4 } from '../src/image/ext4/write.ts';
import { takeSnapshot } from '../src/snapshot/snapshot.ts';
import { openRootfsStore } from '../src/store/rootfs-store.ts';
import { sampleTree } from '../src/testing/sample-tree.ts';
import { oracle, scratchFolder } from '../src/testing/scratch.ts';
import { walkTree } from '../src/tree/walk.ts';

const scratch = scratchFolder();
const store = openRootfsStore(join(scratch, 'store'));
const base = join(scratch, 'base.ext4');
const digest = (path: string) => createHash('sha256').update(readFileSync(path)).digest('hex');
let baseDigest = '';

beforeAll(async () => {
  await writeExt4(sampleTree(), base, { free: 32 << 20 });
  baseDigest = digest(base);
});

/** The guest's root as it boots, as a raw image: chains of backing files joined by qemu-img. */
function rawRoot(child: Pick<Fork, 'name' | 'disks'>): string {
  const disk = child.disks.at(-1);
  const raw = join(scratch, `${child.name}.raw`);
  oracle('qemu-img', 'convert', '-f', disk?.format ?? 'raw', '-O', 'raw', disk?.path ?? '', raw);
  return raw;
}

const personality = (hostname: string, address: string): Pick<ForkOptions, 'personality'> => ({
  personality: { hostname, interfaces: [{ name: 'eth0', address }] },
});

describe('a fork', () => {
  it.each(['qcow2', 'copy', 'overlay'] as const)(
    'by %s is a guest of its own, different from its sibling, and its base is untouched',
    async (strategy) => {
      const [one, two] = [`one-${strategy}`, `two-${strategy}`];
      const made = await fork(store, base, { name: one, strategy, ...personality(one, '10.0.0.1/24') });
      await fork(store, base, { name: two, strategy, ...personality(two, '10.0.0.2/24') });
      const prefix = strategy === 'overlay' ? 'upper/' : '';
      const look = (name: string) => {
        const child = JSON.parse(readFileSync(join(store.forks, name, 'fork.json'), 'utf8')) as Fork;
        const raw = rawRoot(child);
        oracle('e2fsck', '-fn', raw);
        using reader = new Ext4Reader(raw);
        const text = (path: string) => reader.readFile(`${prefix}${path}`)?.toString();
        return {
          hostname: text('etc/hostname'),
          network: text('etc/sysconfig/ifconfig.eth0'),
          machine: text('etc/machine-id'),
          key: text('etc/ssh/ssh_host_ed25519_key.pub'),
          uuid: reader.info.uuid,
        };
      };
      const [a, b] = [look(one), look(two)];
      expect(a.hostname).toBe(`${one}\n`);
      expect(a.network).toContain('IP=10.0.0.1\n');
      expect(b.network).toContain('IP=10.0.0.2\n');
      for (const key of ['hostname', 'network', 'machine', 'key', 'uuid'] as const) expect(a[key], key).not.toBe(b[key]);
      expect(digest(base)).toBe(baseDigest);
      expect(made).toMatchObject({ strategy, parent: { kind: 'image', digest: baseDigest }, hostname: one });
      if (strategy !== 'copy') expect(made.newBytes).toBeLessThan(2 ** 20);
    },
  );

  it('by overlay hides what is reset with whiteouts and keeps the folders as they are in the base', async () => {
    const made = await fork(store, base, { name: 'whiteouts', strategy: 'overlay', ...personality('whiteouts', '10.0.0.3/24') });
    expect(made.disks).toMatchObject([
      { path: base, mode: 'r', vdev: 'xvda1' },
      { mode: 'w', vdev: 'xvdb1' },
    ]);
    expect(made.cmdline).toEqual(['xlfs_base=/dev/xvda1', 'xlfs_upper=/dev/xvdb1']);
    using reader = new Ext4Reader(made.disks[1]?.path ?? '');
    expect(reader.stat('upper/root/.bash_history')).toMatchObject({ type: 'char', device: { major: 0, minor: 0 } });
    expect(reader.stat('upper/etc')).toMatchObject({ mode: 0o755 });
    expect(reader.stat('work')?.type).toBe('directory');
  });

  it('is joined with its base by the kernel as the hook will do it', async () => {
    const made = await fork(store, base, { name: 'joined', strategy: 'overlay', ...personality('joined', '10.0.0.4/24') });
    // The kernel's overlayfs on plain folders, in a user namespace, stands for the guest's.
    const [lower, upper] = [join(scratch, 'lower'), join(scratch, 'upper')];
    oracle(
      'sh',
      '-c',
      `mkdir ${lower} ${upper} ${scratch}/merged && debugfs -R "rdump /etc ${lower}" ${base} 2>/dev/null && debugfs -R "rdump /upper/etc ${upper}" ${made.disks[1]?.path ?? ''} 2>/dev/null && mkdir ${upper}/work ${upper}/up && mv ${upper}/etc ${upper}/up/etc`,
    );
    const joined = oracle(
      'unshare',
      '--user',
      '--map-root-user',
      '--mount',
      'sh',
      '-c',
      `mount -t overlay -o lowerdir=${lower},upperdir=${upper}/up,workdir=${upper}/work,userxattr overlay ${scratch}/merged && cat ${scratch}/merged/etc/hostname ${scratch}/merged/etc/shadow`,
    );
    expect(joined).toContain('joined\nroot:');
  });

  it('by reflink either shares blocks or says that this file system cannot', async () => {
    const attempt = await fork(store, base, { name: 'reflinked', strategy: 'reflink', ...personality('r', '10.0.0.5/24') }).catch(
      (error: unknown) => error,
    );
    if (attempt instanceof Error) expect(attempt).toMatchObject({ code: 'HOST_REQUIREMENT' });
    else expect(attempt).toMatchObject({ strategy: 'reflink' });
    const auto = await fork(store, base, { name: 'auto', ...personality('a', '10.0.0.6/24') });
    expect(auto.strategy).toBe(attempt instanceof Error ? 'qcow2' : 'reflink');
    expect((await fork(store, base, { name: 'auto-overlay', allow: ['overlay', 'copy'] })).strategy).toBe('overlay');
  });

  it('never takes the place of another, even when both are made at once', async () => {
    const results = await Promise.allSettled(
      Array.from({ length: 8 }, () => fork(store, base, { name: 'race', strategy: 'qcow2' })),
    );
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    for (const result of results) if (result.status === 'rejected') expect(result.reason).toMatchObject({ code: 'USAGE' });
    await forkDisk(base, join(scratch, 'plain.qcow2'), { strategy: 'qcow2' });
    await expect(forkDisk(base, join(scratch, 'plain.qcow2'))).rejects.toMatchObject({ code: 'USAGE' });
    oracle('qemu-img', 'check', join(scratch, 'plain.qcow2'));
    expect(oracle('qemu-img', 'compare', base, join(scratch, 'plain.qcow2'))).toContain('identical');
  });

  it('of a fork of a snapshot knows its line, and each is removed by name only when nothing needs it', async () => {
    const folder = mkdtempSync(join(scratch, 'tree-'));
    oracle('sh', '-c', `mkdir -p ${folder}/etc && echo hi > ${folder}/etc/issue`);
    await takeSnapshot(store, folder, { name: 'lfs', mountPoints: false });
    await fork(store, 'lfs', { name: 'parent', strategy: 'copy' });
    await fork(store, 'parent', { name: 'child', strategy: 'qcow2' });
    const tree = forkTree(await listForks(store), ['lfs']);
    expect(tree.find(({ name }) => name === 'lfs')).toMatchObject({
      kind: 'snapshot',
      children: [{ name: 'parent', children: [{ name: 'child', children: [] }] }],
    });
    await expect(removeFork(store, 'parent')).rejects.toThrow(/children: child/);
    await collectRootfsGarbage(store);
    expect(oracle('qemu-img', 'info', '--backing-chain', join(store.forks, 'child/root.qcow2'))).toContain('backing file');
    await removeFork(store, 'child');
    await removeFork(store, 'parent');
    expect(existsSync(join(store.forks, 'parent'))).toBe(false);
    await collectRootfsGarbage(store);
    expect((await walkTree(store.bases)).size).toBeLessThan(6);
  });

  it('in use is not removed', async () => {
    const made = await fork(store, base, { name: 'busy', strategy: 'qcow2' });
    const fd = openSync(made.disks[0]?.path ?? '', 'r');
    const user = spawn('sleep', ['60'], { stdio: [fd, 'ignore', 'ignore'] });
    await once(user, 'spawn');
    await expect(removeFork(store, 'busy')).rejects.toThrow(/in use by process [0-9]+ \(sleep\)/);
    user.kill();
    await once(user, 'exit');
    const { closeSync } = await import('node:fs');
    closeSync(fd);
    await removeFork(store, 'busy');
  });

  it.each(['..', 'a/b', '-x y', ''])('is not named %j', async (name) => {
    await expect(fork(store, base, { name })).rejects.toMatchObject({ code: 'USAGE' });
  });

  it('of nothing is refused', async () => {
    await expect(fork(store, 'no-such', { name: 'x' })).rejects.toMatchObject({ code: 'USAGE' });
    await expect(fork(store, join(scratch, 'no-such'), { name: 'x' })).rejects.toMatchObject({ code: 'USAGE' });
    expect(statSync(base).size).toBeGreaterThan(0);
  });
});
