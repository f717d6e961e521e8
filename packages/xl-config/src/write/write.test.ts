import { expect, test } from 'vitest';
import { bridgedVif, imageDisk, natVif } from '../builders/devices.ts';
import { pvhGuest } from '../builders/guest.ts';
import { formatDisk } from '../specs/disk.ts';
import { write } from './write.ts';

test('a PVH guest with an NFS root is written in a stable, readable order', () => {
  const guest = pvhGuest({
    name: 'web',
    memory: 512,
    kernel: '/boot/vmlinuz',
    ramdisk: '/boot/initrd',
    root: {
      nfs: '10.0.0.1:/srv/web',
      options: ['vers=3'],
      ip: { address: '10.0.0.2', gateway: '10.0.0.1', netmask: '255.255.255.0' },
    },
    disks: [imageDisk('/srv/web.qcow2', 'xvda')],
    vifs: [bridgedVif('xenbr0', { mac: '00:16:3e:00:00:01' }), natVif()],
    set: { on_crash: 'preserve' },
  });
  expect(write(guest)).toBe(`name = "web"
type = "pvh"

memory = 512
vcpus = 1

kernel = "/boot/vmlinuz"
ramdisk = "/boot/initrd"
cmdline = "console=hvc0 root=/dev/nfs nfsroot=10.0.0.1:/srv/web,vers=3 ip=10.0.0.2::10.0.0.1:255.255.255.0::eth0:off rw"

disk = ["vdev=xvda,format=qcow2,access=rw,target=/srv/web.qcow2"]

vif = ["mac=00:16:3e:00:00:01,bridge=xenbr0", "script=vif-nat"]

on_crash = "preserve"
`);
});

test('what a disk string cannot carry is refused with the field named', () => {
  expect(() => formatDisk({ vdev: 'xvda', target: '/a', script: 'block-x,y' })).toThrowError(/disk script cannot hold a comma/);
  expect(formatDisk({ vdev: 'xvda', target: '/a,b' })).toBe('vdev=xvda,target=/a,b');
});
