import { expect, test } from 'vitest';
import { blockDisk, bridgedVif, cdrom, imageDisk, natVif, routedVif } from '../src/builders/devices.ts';
import { hvmGuest, pvGuest, pvhGuest } from '../src/builders/guest.ts';
import { lint } from '../src/lint/lint.ts';
import { parse } from '../src/meaning/interpret.ts';
import type { DomainConfig } from '../src/schema/schema.ts';
import { write } from '../src/write/write.ts';
import { difference } from './oracle/compare.ts';
import { RELEASE, xlCreate } from './oracle/xl.ts';

const kernel = { kernel: '/boot/vmlinuz', ramdisk: '/boot/initrd' };
const usual = { memory: 512, vcpus: 2, vifs: [bridgedVif('xenbr0', { mac: '00:16:3e:00:00:01' })] };
const nfs = { nfs: '10.0.0.1:/srv/g', ip: { address: '10.0.0.2', gateway: '10.0.0.1', netmask: '255.255.255.0' } } as const;

/** One guest of each sort that people run. */
const GUESTS: Readonly<Record<string, DomainConfig>> = {
  'pv from a kernel': pvGuest({
    name: 'a',
    ...usual,
    ...kernel,
    root: { device: '/dev/xvda' },
    disks: [blockDisk('/dev/vg/a', 'xvda')],
  }),
  'pv from a boot loader': pvGuest({ name: 'b', ...usual, bootloader: 'pygrub', disks: [imageDisk('/srv/b.qcow2', 'xvda')] }),
  'pvh with its root on NFS, routed': pvhGuest({ name: 'c', ...usual, ...kernel, root: nfs, vifs: [routedVif('10.0.0.2')] }),
  'pvh with its root by DHCP, behind NAT': pvhGuest({
    name: 'd',
    ...usual,
    ...kernel,
    root: { nfs: '/srv/d', ip: 'dhcp' },
    vifs: [natVif({ ip: '10.0.0.3' })],
  }),
  'pvh from a boot loader': pvhGuest({ name: 'e', ...usual, bootloader: 'pygrub', disks: [blockDisk('/dev/vg/e', 'xvda')] }),
  'hvm from disk or CD': hvmGuest({
    name: 'f',
    ...usual,
    boot: 'dc',
    disks: [blockDisk('/dev/vg/f', 'hda'), cdrom('hdc', '/srv/install.iso'), cdrom('hdd')],
  }),
  'hvm from a kernel, its root on NFS': hvmGuest({ name: 'g', ...usual, ...kernel, root: nfs }),
};

test('the real xl takes every guest of the builders, means what we mean, and has nothing to complain of', () => {
  const texts = Object.values(GUESTS).map((guest) => write(guest));
  const wrong = xlCreate(texts).flatMap((answer, index) => {
    const text = texts[index] as string;
    const found = difference(text, answer, RELEASE, `/usr/lib/xen-${RELEASE}/boot`);
    return answer.status === 0 && answer.messages.length === 0 && found === undefined ? [] : [{ text, answer, found }];
  });
  expect(wrong).toEqual([]);
});

test.each(Object.entries(GUESTS))('%s: read back as it was built, and the linter has nothing to say', (_sort, guest) => {
  expect(parse(write(guest))).toEqual(guest);
  expect(lint(write(guest))).toEqual([]);
});
