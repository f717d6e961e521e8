import { mkdirSync, mkdtempSync, readFileSync, readlinkSync, symlinkSync, writeFileSync, existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { writeExt4 } from '../image/ext4/write.ts';
import { Ext4Reader } from '../image/ext4/read.ts';
import { applyInFolder } from '../testing/apply-in-folder.ts';
import { sampleTree } from '../testing/sample-tree.ts';
import { oracle, scratchFolder } from '../testing/scratch.ts';
import { file, treeOf, type Entry } from '../tree/entry.ts';
import { treeView } from '../tree/view.ts';
import { applyPersonality, withImage } from './apply.ts';
import { newHostKey, newMachineId } from './identity.ts';
import { planPersonality } from './plan.ts';
import type { PersonalityInput } from './schema.ts';
import { findShared, resetChanges, UNIQUENESS } from './uniqueness.ts';

const scratch = scratchFolder();
const NOTHING = treeView(new Map());
const KEY = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIPs8mFXMuXT8F5hJDOxN2kDRKRjHRg3nOe3sGKXBwWcF me@home';

const web1: PersonalityInput = {
  hostname: 'web1',
  domain: 'example.org',
  machineId: 'a'.repeat(32),
  interfaces: [
    { name: 'eth0', address: '10.0.5.2/20', gateway: '10.0.0.1' },
    { name: 'eth1', address: 'dhcp' },
  ],
  resolver: { nameservers: ['10.0.0.1'], search: ['example.org'] },
  timezone: 'Europe/Vienna',
  users: [
    { name: 'root', passwordHash: '$6$salt$hash/./A', sshKeys: [KEY] },
    { name: 'bob', sshKeys: [KEY] },
  ],
};

function contents(input: PersonalityInput, base: Iterable<Entry> = []): Record<string, string> {
  const { put } = planPersonality(input, treeView(treeOf(base)), { reset: false });
  return Object.fromEntries(
    put.map((entry) => [
      entry.path,
      entry.content !== undefined && 'bytes' in entry.content
        ? Buffer.from(entry.content.bytes).toString()
        : (entry.target ?? entry.type),
    ]),
  );
}

describe('a personality', () => {
  it('names the guest and gives it its addresses as the LFS network scripts read them', () => {
    const files = contents(web1);
    expect(files['etc/hostname']).toBe('web1\n');
    expect(files['etc/hosts']).toContain('10.0.5.2 web1.example.org web1\n');
    expect(files['etc/sysconfig/ifconfig.eth0']).toBe(
      'ONBOOT=yes\nIFACE=eth0\nSERVICE=ipv4-static\nIP=10.0.5.2\nGATEWAY=10.0.0.1\nPREFIX=20\nBROADCAST=10.0.15.255\n',
    );
    expect(files['etc/sysconfig/ifconfig.eth1']).toContain('SERVICE=dhcpcd\nDHCP_START="-b -q"');
    expect(files['etc/resolv.conf']).toBe('search example.org\nnameserver 10.0.0.1\n');
    expect(files['etc/localtime']).toBe('../usr/share/zoneinfo/Europe/Vienna');
  });

  it("mounts the guest's disk and keeps only the virtual file systems of the host's fstab (hint, step 5)", () => {
    const base = [
      file(
        'etc/fstab',
        '# host\n/dev/sda2 / ext4 defaults 1 1\n/dev/sda1 /boot ext2 noauto 0 0\nUUID=1234 /home ext4 defaults 0 2\nproc /proc proc nosuid 0 0\ntmpfs /run tmpfs defaults 0 0\n',
      ),
    ];
    expect(contents(web1, base)['etc/fstab']).toBe(
      '/dev/xvda1 / ext4 defaults 1 1\nproc /proc proc nosuid 0 0\ntmpfs /run tmpfs defaults 0 0\n',
    );
    expect(contents(web1)['etc/fstab']).toContain('devtmpfs /dev devtmpfs');
  });

  it('moves the first terminal to hvc0 and comments the others out (hint, step 5)', () => {
    const lines = [1, 2, 6].map((n) => `${String(n)}:2345:respawn:/sbin/agetty --noclear tty${String(n)} 9600`);
    const base = [file('etc/inittab', ['id:3:initdefault:', ...lines, ''].join('\n'))];
    expect(contents(web1, base)['etc/inittab']).toBe(
      [
        'id:3:initdefault:',
        '1:2345:respawn:/sbin/agetty --noclear hvc0 9600',
        `#${lines[1] ?? ''}`,
        `#${lines[2] ?? ''}`,
        '',
      ].join('\n'),
    );
  });

  it('leaves an inittab alone that has the console already, in busybox form too', () => {
    const busybox = '::sysinit:/etc/rcS\nhvc0::respawn:/sbin/getty -L hvc0 115200 vt100\ntty1::respawn:/sbin/getty 38400 tty1\n';
    expect(contents(web1, [file('etc/inittab', busybox)])['etc/inittab']).toBe(busybox.replace('tty1::', '#tty1::'));
  });

  it('adds users beside those of the base, with keys that only they can change', () => {
    const input = { ...web1, users: [web1.users?.[0] ?? { name: 'root' }, { name: 'bob', groups: ['wheel'], sshKeys: [KEY] }] };
    const files = planPersonality(input, treeView(treeOf(sampleTree())), { reset: false }).put;
    const text = contents(input, sampleTree());
    expect(text['etc/passwd']).toBe(
      'root:x:0:0:root:/root:/bin/bash\ndaemon:x:6:6:Daemon User:/dev/null:/usr/bin/false\nbob:x:1000:1000::/home/bob:/bin/bash\n',
    );
    expect(text['etc/shadow']).toMatch(/^root:\$6\$salt\$hash\/\.\/A:19000:0:99999:7:::\nbob:!:19000/);
    expect(text['etc/group']).toBe('root:x:0:\nwheel:x:97:bob\nbob:x:1000:\n');
    expect(files.find(({ path }) => path === 'home/bob/.ssh/authorized_keys')).toMatchObject({
      uid: 1000,
      gid: 1000,
      mode: 0o600,
    });
    expect(files.find(({ path }) => path === 'etc/shadow')).toMatchObject({ mode: 0o600 });
  });

  it('fills templates once: a value with braces in it stays what it is', () => {
    const template = { path: '/etc/issue', content: 'This is {{fqdn}} at {{ address }}: {{motd}}\n' };
    expect(contents({ ...web1, templates: [template], variables: { motd: '{{hostname}} $(reboot)' } })['etc/issue']).toBe(
      'This is web1.example.org at 10.0.5.2: {{hostname}} $(reboot)\n',
    );
    expect(() => contents({ ...web1, templates: [{ ...template, content: '{{nobody}}' }] })).toThrow(/nobody/);
  });

  const evil: readonly (readonly [string, PersonalityInput])[] = [
    ['a host name with a line break', { hostname: 'a\nb' }],
    ['a host name with a command', { hostname: '$(reboot)' }],
    ['an address with a command', { hostname: 'a', interfaces: [{ name: 'eth0', address: '10.0.0.1;reboot/24' }] }],
    ['an address without length', { hostname: 'a', interfaces: [{ name: 'eth0', address: '10.0.0.1' }] }],
    ['an interface that is a path', { hostname: 'a', interfaces: [{ name: '../../x', address: 'dhcp' }] }],
    ['a gateway that is a name', { hostname: 'a', interfaces: [{ name: 'eth0', address: '10.0.0.1/24', gateway: 'gw' }] }],
    ['a password instead of a hash', { hostname: 'a', users: [{ name: 'root', passwordHash: 'secret' }] }],
    ['a hash with a field in it', { hostname: 'a', users: [{ name: 'root', passwordHash: '$6$a$b:0:0' }] }],
    ['a user name with a colon', { hostname: 'a', users: [{ name: 'x:0:0' }] }],
    ['a comment with a line break', { hostname: 'a', users: [{ name: 'x', comment: 'a\nroot2:x:0:0' }] }],
    ['a key with a second line', { hostname: 'a', users: [{ name: 'x', sshKeys: [`${KEY}\ncommand="x"`] }] }],
    ['a time zone outside of its folder', { hostname: 'a', timezone: '../../etc/shadow' }],
    ['a file outside of the root', { hostname: 'a', files: [{ path: '/etc/../../x', content: '' }] }],
    ['a relative file', { hostname: 'a', files: [{ path: 'etc/x', content: '' }] }],
    ['a mount with a second line', { hostname: 'a', mounts: [{ device: '/dev/xvdb\n/dev/x', path: '/data', type: 'ext4' }] }],
    ['a machine id that is none', { hostname: 'a', machineId: 'xyz' }],
    ['a domain with a space', { hostname: 'a', domain: 'a b' }],
    ['an unknown word', { hostname: 'a', hostnam: 'b' } as PersonalityInput],
  ];
  it.each(evil)('refuses %s', (_, input) => {
    expect(() => planPersonality(input, NOTHING)).toThrow(expect.objectContaining({ code: 'USAGE' }));
  });
});

describe('uniqueness', () => {
  it.each(UNIQUENESS.map((item) => [item.id, item] as const))('%s is found in a copy and taken away', (_, item) => {
    for (const pattern of item.paths) {
      const path = pattern.replaceAll('*', 'x1');
      const base = treeView(treeOf([...sampleTree(), ...parents(path), file(path, 'the parent was here')]));
      expect(findShared(base, [item])).toContainEqual({ id: item.id, path });
      const { put, remove } = resetChanges(base, [item]);
      expect([...put.map((entry) => entry.path), ...remove]).toContain(path);
    }
  });

  it('leaves nothing to find after it was applied', async () => {
    const image = join(scratch, 'unique.ext4');
    await writeExt4(sampleTree(), image, { free: 2 << 20 });
    expect((await withImage(image, (view) => findShared(view))).map(({ id }) => id)).toEqual([
      'machine-id',
      'ssh-host-keys',
      'logs',
      'shell-history',
    ]);
    await applyPersonality({ hostname: 'a' }, { image });
    expect(await withImage(image, (view) => findShared(view))).toEqual([]);
    using reader = new Ext4Reader(image);
    expect(reader.stat('var/log/wtmp')).toMatchObject({ size: 0, mode: 0o664, gid: 13 });
  });

  it('gives new guests ids and keys that OpenSSH takes, different each time', () => {
    const key = newHostKey('root@web1');
    const path = join(scratch, 'key');
    writeFileSync(path, key.private, { mode: 0o600 });
    expect(oracle('ssh-keygen', '-y', '-f', path).trim()).toBe(key.public);
    expect(newHostKey('root@web1').public).not.toBe(key.public);
    expect(newMachineId()).toMatch(/^[0-9a-f]{12}4[0-9a-f]{3}[89ab][0-9a-f]{15}$/);
    expect(newMachineId()).not.toBe(newMachineId());
  });
});

describe('applying a personality', () => {
  it('is the same in an image, which stays clean, and in a folder', async () => {
    const image = join(scratch, 'apply.ext4');
    await writeExt4(sampleTree(), image, { free: 4 << 20 });
    await applyPersonality(web1, { image, uuid: '77777777-2222-4333-8444-555555555555' });
    oracle('e2fsck', '-fn', image);
    const folder = mkdtempSync(join(scratch, 'root-'));
    mkdirSync(join(folder, 'etc'));
    for (const name of ['passwd', 'shadow', 'group']) {
      using reader = new Ext4Reader(image);
      writeFileSync(join(folder, 'etc', name), reader.readFile(`etc/${name}`) ?? '');
    }
    await applyInFolder({ personality: web1, directory: folder });
    using reader = new Ext4Reader(image);
    for (const path of ['etc/hostname', 'etc/fstab', 'etc/sysconfig/ifconfig.eth0', 'etc/passwd', 'root/.ssh/authorized_keys']) {
      expect(readFileSync(join(folder, path), 'utf8'), path).toBe(reader.readFile(path)?.toString());
    }
    expect(reader.info.uuid).toBe('77777777-2222-4333-8444-555555555555');
    expect(readlinkSync(join(folder, 'etc/localtime'))).toBe('../usr/share/zoneinfo/Europe/Vienna');
    expect(statSync(join(folder, 'root/.ssh')).mode & 0o777).toBe(0o700);
  });

  it('never writes through a symlink out of the root', async () => {
    const outside = mkdtempSync(join(scratch, 'outside-'));
    writeFileSync(join(outside, 'hostname'), 'the host');
    const folder = mkdtempSync(join(scratch, 'root-'));
    mkdirSync(join(folder, 'etc'));
    symlinkSync(outside, join(folder, 'etc/sysconfig'));
    symlinkSync(join(outside, 'hostname'), join(folder, 'etc/hostname'));
    symlinkSync('../../../../../..', join(folder, 'var'));
    await applyInFolder({ personality: web1, directory: folder });
    expect(readFileSync(join(outside, 'hostname'), 'utf8')).toBe('the host');
    expect(existsSync(join(outside, 'ifconfig.eth0'))).toBe(false);
    expect(readFileSync(join(folder, 'etc/hostname'), 'utf8')).toBe('web1\n');
    expect(readFileSync(join(folder, outside, 'ifconfig.eth0'), 'utf8')).toContain('10.0.5.2');
  });
});

function parents(path: string): Entry[] {
  const parts = path.split('/').slice(0, -1);
  return parts.map((_, index) => ({ ...file(parts.slice(0, index + 1).join('/'), ''), type: 'directory' as const }));
}
