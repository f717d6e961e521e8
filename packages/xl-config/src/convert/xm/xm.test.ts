import { expect, test } from 'vitest';
import { write } from '../../write/write.ts';
import { fromXm } from './xm.ts';

test('a file of xm is carried over, and what would have to be run is reported', () => {
  const { result, losses } = fromXm(`# -*- mode: python; -*-
import os
kernel = "/boot/vmlinuz-2.6-xen"
builder='linux'
memory = 0x100
name = "Example" + 'Domain'
vif = [ 'mac=00:16:3e:00:00:11, bridge=xenbr0' ]
disk = [ 'phy:hda1,hda1,w',
         ('file:/srv/x.img,'
          'hda2,w') ]
root = "/dev/hda1 ro"
extra = "4 " \\
        "quiet"
on_crash = 'restart'
sdl=False
vnc = True
vcpus = len(disk)
def setup():
    return 1
cpu_cap = 50
vcpu_avail = 3
nographic=None
vfb = [ 'type=vnc,vncunused=1' ]
`);
  expect(result).toMatchObject({
    name: 'ExampleDomain',
    type: 'pv',
    memory: 256,
    cap: 50,
    root: '/dev/hda1 ro',
    extra: '4 quiet',
    vnc: true,
    sdl: false,
    vfb: [{ vnc: true, vncunused: true }],
  });
  expect(result.disk?.map(({ target, vdev }) => [target, vdev])).toEqual([
    ['hda1', 'hda1'],
    ['/srv/x.img', 'hda2'],
  ]);
  expect(losses.map(({ line, what }) => [line, what])).toEqual([
    [2, 'import os'],
    [17, 'vcpus = len(disk)'],
    [18, 'def setup():'],
    [undefined, 'vcpu_avail'],
  ]);
  expect(write(result)).toContain('name = "ExampleDomain"\n');
});

test('NFS root and addresses become words of the command line, hvmloader goes', () => {
  const pv = fromXm(
    'name="n"\nkernel="/k"\nip="10.0.0.2"\nnetmask="255.255.255.0"\ngateway="10.0.0.1"\nhostname="n"\nnfs_server="10.0.0.1"\nnfs_root="/srv/n"\nroot="/dev/nfs"\n',
  );
  expect(pv.result.extra).toBe('root=/dev/nfs nfsroot=10.0.0.1:/srv/n ip=10.0.0.2:10.0.0.1:10.0.0.1:255.255.255.0:n:eth0:off');
  const hvm = fromXm('name="w"\nbuilder="hvm"\nkernel="/usr/lib/xen/boot/hvmloader"\n');
  expect(hvm.result).toEqual({ name: 'w', type: 'hvm' });
});

test('text that is no Python at all ends in losses, not in an exception', () => {
  expect(fromXm('((((\n"""').losses.length).toBeGreaterThan(0);
  expect(fromXm(`a = ${'['.repeat(50_000)}`).losses).toHaveLength(2);
});
