import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { beforeAll, describe, expect, it } from 'vitest';
import { withArchive } from '../src/archive/archive.ts';
import { buildContainer, type ContainerOptions } from '../src/container/build.ts';
import { findFork } from '../src/fork/record.ts';
import { Ext4Reader } from '../src/image/ext4/read.ts';
import { makeKey, signFiles, trustedKeysPath, trustKey } from '../src/signature/trust.ts';
import { takeSnapshot } from '../src/snapshot/snapshot.ts';
import { openRootfsStore } from '../src/store/rootfs-store.ts';
import { ftpServer, webServer, type WebServer } from '../src/testing/servers.ts';
import { oracle, scratchFolder } from '../src/testing/scratch.ts';
import { readAll } from '../src/tree/content.ts';

const scratch = scratchFolder();
const served = join(scratch, 'served');
const ftpRoot = join(scratch, 'ftp');
const digest = (path: string) => createHash('sha256').update(readFileSync(path)).digest('hex');
let web: WebServer;
let ftp: { readonly url: string };

beforeAll(async () => {
  mkdirSync(served);
  mkdirSync(ftpRoot);
  web = await webServer(served);
  ftp = await ftpServer(ftpRoot);
  mkdirSync(join(scratch, 'etc'));
  writeFileSync(join(scratch, 'etc/HOSTNAME'), 'UNNAMED\n');
  writeFileSync(join(scratch, 'etc/passwd'), 'root:x:0:0:root:/root:/bin/sh\n');
  oracle('sh', '-c', `cd ${scratch}/etc && find . | cpio -o -H newc --quiet | gzip -n > ${served}/etc.cpio.gz`);
});

/** A place of its own for one run. */
function place(text: string): {
  file: string;
  dir: string;
  build: (options?: Partial<ContainerOptions>) => ReturnType<typeof buildContainer>;
  left: () => string[];
} {
  const dir = mkdtempSync(join(scratch, 'run-'));
  const file = join(dir, 'my-domain');
  writeFileSync(file, text);
  const store = openRootfsStore(mkdtempSync(join(scratch, 'store-')));
  const build = (options: Partial<ContainerOptions> = {}) =>
    buildContainer(file, {
      store,
      stripped: join(dir, 'my-config'),
      log: join(dir, 'log'),
      dir,
      allowUnsigned: true,
      ...options,
    });
  return {
    file,
    dir,
    build,
    left: () =>
      readdirSync(dir)
        .filter((name) => !['my-domain', 'my-domain.minisig', 'log'].includes(name))
        .sort(),
  };
}

const text = async (archive: string, path: string) =>
  await withArchive(archive, async (tree) => {
    const entry = tree.get(path);
    return entry === undefined ? undefined : (await readAll(entry)).toString();
  });

describe('a container file', () => {
  it("does what the paper's example does: create over ftp, image, populate, replace, patch, fork, and a plain configuration", async () => {
    const { dir, build, left } = place(`name = "fido"
disk = [ 'file:${scratch}/usr,sda1,r' ]
[create
 ${scratch}/etc/
 ${ftp.url}/etc.cpio.gz
 ][end]
[image fido-etc
 50MB
 fido_etc] [end]
memory = 64
[replace /etc/HOSTNAME
archive ${ftp.url}/etc.cpio.gz
patch fido.patch
fork forked.cpio.gz

FCDOBBS

] [end]
[populate image
 fido-etc
 /mnt/
 ${ftp.url}/etc.cpio.gz
 ][end]
[patch
 ${web.url}/etc.cpio.gz
 fido.patch
 file://${scratch}/etc-patched.cpio.gz
][end]
root = "/dev/sda1 ro"
`);
    const { steps } = await build();
    expect(steps).toHaveLength(5);
    expect(readFileSync(join(dir, 'my-config'), 'utf8')).toBe(
      `name = "fido"\ndisk = [ 'file:${scratch}/usr,sda1,r' ]\nmemory = 64\nroot = "/dev/sda1 ro"\n`,
    );
    using reader = new Ext4Reader(join(dir, 'fido-etc'));
    expect(reader.info).toMatchObject({ label: 'fido_etc', size: 50 << 20 });
    expect(reader.readFile('HOSTNAME')?.toString()).toBe('FCDOBBS\n');
    expect(reader.readFile('passwd')?.toString()).toContain('root:x:0:0');
    oracle('e2fsck', '-fn', join(dir, 'fido-etc'));
    expect(await text(join(dir, 'forked.cpio.gz'), 'HOSTNAME')).toBe('FCDOBBS\n');
    expect(await text(join(ftpRoot, 'pub/etc.cpio.gz'), 'HOSTNAME')).toBe('UNNAMED\n');
    expect(await text(join(scratch, 'etc-patched.cpio.gz'), 'HOSTNAME')).toBe('FCDOBBS\n');
    expect(await text(join(served, 'etc.cpio.gz'), 'HOSTNAME')).toBe('UNNAMED\n');
    expect(left()).toEqual(['fido-etc', 'fido.patch', 'forked.cpio.gz', 'my-config']);
    expect(readFileSync(join(dir, 'log'), 'utf8')).toContain('done: 5 expressions');
  }, 60_000);

  it('copies files from ftp and http, applies unified diffs, adds init hooks', async () => {
    writeFileSync(join(ftpRoot, 'pub/motd'), 'welcome\n');
    writeFileSync(
      join(served, 'passwd.diff'),
      '--- a/passwd\n+++ b/passwd\n@@ -1,1 +1,2 @@\n root:x:0:0:root:/root:/bin/sh\n+fido:x:1000:1000::/home/fido:/bin/sh\n',
    );
    const { dir, build } = place(`[copy /etc/motd from ${ftp.url}/motd archive ${web.url}/etc.cpio.gz mode 0600 owner 3:4][end]
[patch ${web.url}/etc.cpio.gz ${web.url}/passwd.diff out.tar.zst][end]
[hook network
 archive ${web.url}/etc.cpio.gz
 fork hooked.cpio

#!/bin/sh
echo "[post] processing"
][end]
`);
    web.log.length = 0;
    await build();
    expect(await text(join(dir, 'out.tar.zst'), 'passwd')).toContain('fido:x:1000');
    await withArchive(join(dir, 'hooked.cpio'), async (tree) => {
      expect(tree.get('motd')).toMatchObject({ mode: 0o600, uid: 3, gid: 4, size: 8 });
      expect(tree.get('etc/xlfs/hooks.d/50-network')).toMatchObject({ mode: 0o755 });
    });
    expect(web.log.filter((line) => line.startsWith('GET /etc.cpio.gz'))).toHaveLength(1);
  });

  it('forks a guest and writes its disks into the configuration', async () => {
    const { dir, build } = place(
      'name = "rex"\n[fork lfs rex strategy overlay size 64MB hostname rex address 10.0.0.9/24][end]\n',
    );
    const store = openRootfsStore(join(dir, 'store'));
    await takeSnapshot(store, join(scratch, 'etc'), { name: 'lfs' });
    const { config } = await build({ store });
    expect(config).toMatch(
      /^name = "rex"\ndisk \+= \[ "format=raw, vdev=xvda1, access=ro, target=[^"]+\.ext4" \]\ndisk \+= \[ "format=raw, vdev=xvdb1, access=rw, target=[^"]+upper\.ext4" \]\nextra \+= " xlfs_base=\/dev\/xvda1 xlfs_upper=\/dev\/xvdb1"\n$/,
    );
    const made = await findFork(store, 'rex');
    expect(made).toMatchObject({ hostname: 'rex', strategy: 'overlay' });
    expect(statSync(made?.disks[1]?.path ?? '').size).toBe(64 << 20);
  });

  it('leaves nothing behind when it fails half way, forks included', async () => {
    const { dir, build, left } = place(
      `[create ${scratch}/etc a.cpio.gz][end]\n[image b 50MB b][end]\n[populate image b / a.cpio.gz][end]\n[fork lfs rex][end]\n[copy /x from ${web.url}/missing archive a.cpio.gz][end]\n`,
    );
    const store = openRootfsStore(join(scratch, 'half'));
    await takeSnapshot(store, join(scratch, 'etc'), { name: 'lfs' });
    await expect(build({ store })).rejects.toMatchObject({
      code: 'SOURCE_UNAVAILABLE',
      message: expect.stringMatching(/my-domain:5:1: \[copy\]: .*404/) as string,
    });
    expect(left()).toEqual([]);
    expect(await findFork(store, 'rex')).toBeUndefined();
    expect(readdirSync(dir)).not.toContain('my-config');
  });

  it('prints its plan in a dry run and does nothing', async () => {
    const { build, left } = place(`[create ${scratch}/etc a.cpio.gz][end]\nmemory = 64\n[fork lfs rex][end]\n`);
    expect(await build({ dryRun: true })).toEqual({
      steps: [`create a.cpio.gz from ${scratch}/etc`, 'fork lfs as rex'],
      config: 'memory = 64\n',
      domain: null,
    });
    expect(left()).toEqual([]);
  });

  it('refuses what comes over the network without digest or signature, and what has a wrong one', async () => {
    const good = digest(join(served, 'etc.cpio.gz'));
    const populate = (reference: string) => place(`[image i 8MB i][end]\n[populate image i / ${reference}][end]\n`);
    const strict = { allowUnsigned: false };
    await expect(populate(`${web.url}/etc.cpio.gz`).build(strict)).rejects.toMatchObject({ code: 'SOURCE_DIGEST' });
    await expect(populate(`${web.url}/etc.cpio.gz sha256=${'0'.repeat(64)}`).build(strict)).rejects.toThrow(/instead of 0000/);
    await populate(`${web.url}/etc.cpio.gz sha256=${good}`).build(strict);
    await expect(populate(`${web.url}/etc.cpio.gz signed`).build(strict)).rejects.toMatchObject({ code: 'SOURCE_UNAVAILABLE' });
    const key = await makeKey(join(scratch, 'key'));
    await signFiles([join(served, 'etc.cpio.gz')], join(scratch, 'key'));
    await expect(populate(`${web.url}/etc.cpio.gz signed`).build(strict)).rejects.toThrow(/not trusted/);
    const keys = join(scratch, 'trusted');
    await trustKey(keys, key, 'test');
    await populate(`${web.url}/etc.cpio.gz signed`).build({ ...strict, trustedKeys: keys });
    await populate(`${web.url}/etc.cpio.gz signed=${key.id}`).build({ ...strict, trustedKeys: keys });
    await expect(
      populate(`${web.url}/etc.cpio.gz signed=0000000000000000`).build({ ...strict, trustedKeys: keys }),
    ).rejects.toMatchObject({ code: 'SOURCE_DIGEST' });
  });

  it('fetches nothing twice with a digest, and asks whether it changed without one', async () => {
    writeFileSync(join(served, 'small.cpio.gz'), readFileSync(join(served, 'etc.cpio.gz')));
    const store = openRootfsStore(join(scratch, 'cache'));
    const once = async (attributes: string) => {
      web.log.length = 0;
      await place(`[image i 8MB i][end]\n[populate image i / ${web.url}/small.cpio.gz${attributes}][end]\n`).build({ store });
      return web.log.join();
    };
    expect(await once('')).toBe('GET /small.cpio.gz 200');
    expect(await once('')).toBe('GET /small.cpio.gz 304');
    expect(await once(` sha256=${digest(join(served, 'small.cpio.gz'))}`)).toBe('');
    writeFileSync(join(served, 'small.cpio.gz'), gzipSync(Buffer.from('no archive')));
    await expect(once('')).rejects.toMatchObject({ code: 'ARCHIVE_INVALID' });
  });

  it.each([
    ['a server that breaks off', '[image i 8MB i][end]\n[populate image i / WEB/cut/etc.cpio.gz][end]', 'SOURCE_UNAVAILABLE'],
    ['a file that is not there over ftp', '[image i 8MB i][end]\n[populate image i / FTP/none][end]', 'SOURCE_UNAVAILABLE'],
    ['a server that is not there', '[image i 8MB i][end]\n[populate image i / http://127.0.0.1:1/x][end]', 'SOURCE_UNAVAILABLE'],
    ['an image that is not made', '[populate image nothing / WEB/etc.cpio.gz][end]', 'USAGE'],
    ['an output that exists', '[image my-domain 8MB i][end]', 'USAGE'],
    ['a fork of nothing', '[fork nothing x][end]', 'USAGE'],
    ['an address that is none', '[fork nothing x address 10.0.0.1][end]', 'USAGE'],
    [
      'an image that is too small',
      '[image i 1MB i][end]\n[create SCRATCH/served big.cpio][end]\n[replace /f image i\n\nBIG\n][end]',
      'USAGE',
    ],
  ])('ends with an error and nothing else for %s', async (_, source, code) => {
    const filled = source
      .replaceAll('WEB', web.url)
      .replaceAll('FTP', ftp.url)
      .replaceAll('SCRATCH', scratch)
      .replace('BIG', 'x'.repeat(2 << 20));
    const { build, left } = place(`${filled}\n`);
    await expect(build()).rejects.toMatchObject({ code });
    expect(left()).toEqual([]);
  });

  it('is itself checked when it is signed, or has to be', async () => {
    const { file, build } = place('memory = 64\n');
    const store = openRootfsStore(mkdtempSync(join(scratch, 'store-')));
    const strict = { store, requireSigned: true, allowUnsigned: false };
    await expect(build(strict)).rejects.toThrow(/not signed/);
    const key = await makeKey(join(scratch, 'container-key'));
    await trustKey(trustedKeysPath(store), key, 'test');
    await signFiles([file], join(scratch, 'container-key'));
    expect((await build(strict)).config).toBe('memory = 64\n');
    writeFileSync(file, 'memory = 65\n');
    await expect(build({ store })).rejects.toMatchObject({ code: 'SOURCE_DIGEST' });
  });

  it('changes an existing image only when it is told to, and keeps its identity', async () => {
    const { dir, build, file } = place('[image i 8MB label][end]\n[replace /a image i\n\none\n][end]\n');
    await build();
    using before = new Ext4Reader(join(dir, 'i'));
    await expect(build({ stripped: join(dir, 'other') })).rejects.toMatchObject({ code: 'USAGE' });
    writeFileSync(file, '[replace /b image i\n\ntwo\n][end]\n');
    await build({ stripped: join(dir, 'other') });
    using after = new Ext4Reader(join(dir, 'i'));
    expect(after.readFile('a')?.toString()).toBe('one\n');
    expect(after.readFile('b')?.toString()).toBe('two\n');
    expect(after.info.uuid).toBe(before.info.uuid);
  });
});
