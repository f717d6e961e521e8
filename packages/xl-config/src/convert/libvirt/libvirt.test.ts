import { expect, test } from 'vitest';
import { hvmGuest, pvGuest, pvhGuest } from '../../builders/guest.ts';
import { blockDisk, bridgedVif, cdrom, imageDisk } from '../../builders/devices.ts';
import type { DomainConfig } from '../../schema/schema.ts';
import { fromLibvirt } from './from.ts';
import { toLibvirt } from './to.ts';
import { parseXml } from './xml.ts';

const devices = {
  disks: [
    blockDisk('/dev/vg/a', 'xvda', { backendtype: 'phy' }),
    imageDisk('/srv/b.qcow2', 'xvdb', { access: 'ro', backendtype: 'qdisk' }),
    cdrom('xvdc', '/srv/c.iso'),
  ],
  vifs: [bridgedVif('br0', { mac: '00:16:3e:00:00:01' })],
};
const guests: Readonly<Record<string, DomainConfig>> = {
  pv: pvGuest({
    name: 'a & <b>',
    memory: 256,
    vcpus: 2,
    kernel: '/k',
    ramdisk: '/i',
    root: { device: '/dev/xvda' },
    ...devices,
    set: { vfb: [{ vnc: true, vnclisten: '127.0.0.1' }] },
  }),
  pvh: pvhGuest({
    name: 'h',
    memory: 512,
    vcpus: 1,
    bootloader: 'pygrub',
    ...devices,
    set: { maxmem: 1024, maxvcpus: 4, pci: [{ bdf: '0000:03:00.0' }], on_crash: 'preserve' },
  }),
  hvm: hvmGuest({
    name: 'w',
    memory: 2048,
    vcpus: 2,
    boot: 'dc',
    ...devices,
    set: { nographic: false, vnc: true, vga: 'stdvga', acpi: true, apic: true, localtime: true, hap: true },
  }),
};

test.each(Object.entries(guests))('a %s guest comes back from libvirt XML as it was', (_type, config) => {
  const there = toLibvirt(config);
  const back = fromLibvirt(there.result);
  expect(back.losses).toEqual([]);
  expect(there.losses).toEqual([]);
  const { nographic: _, ...carried } = config;
  expect(back.result).toMatchObject({ ...carried, disk: carried.disk?.map(({ vdev, target }) => ({ vdev, target })) });
});

test('what libvirt has beyond xl, and xl beyond libvirt, is reported', () => {
  const { losses } = fromLibvirt(
    "<domain type='xen'><name>x</name><memory unit='GiB'>1</memory><memtune/><devices><rng/><interface type='network'/></devices></domain>",
  );
  expect(losses.map(({ what }) => what.trim())).toEqual(['interface', 'devices/rng', 'memtune']);
  expect(toLibvirt({ name: 'x', vnuma: [], vif: [{ rate: '1Mb/s' }] }).losses.map(({ what }) => what)).toEqual(['vnuma', 'vif']);
});

test('what libvirt and xl choose differently without a word is said in words', () => {
  const bare = toLibvirt({ name: 'w', type: 'hvm' }).result;
  expect(bare).toMatch(/<acpi\/>[^]*<apic\/>[^]*<graphics type=.vnc/);
  const { result } = fromLibvirt("<domain type='xen'><name>w</name><os><type>hvm</type></os></domain>");
  expect(result).toMatchObject({ acpi: false, apic: false, pae: false, vnc: false });
});

test.each<[key: keyof DomainConfig, config: Omit<DomainConfig, 'name'>]>([
  ['boot', { type: 'hvm', boot: 'cx' }],
  ['bios', { type: 'hvm', bios: 'ovmf' }],
  ['cpus', { cpus: ['0', '1'] }],
  ['serial', { type: 'hvm', serial: ['pty', 'none'] }],
  ['viridian', { type: 'hvm', viridian: ['base', 'freq'] }],
  ['acpi', { type: 'pvh', acpi: false }],
  ['vif', { type: 'hvm', vif: [{ type: 'vif', model: 'e1000' }] }],
  ['disk', { disk: [{ vdev: 'xvda', target: '/a', grant_usage: true }] }],
  ['vncdisplay', { type: 'hvm', vnc: false, vncdisplay: 3 }],
])('%s that the XML cannot say is reported', (key, config) => {
  expect(toLibvirt({ name: 'x', kernel: '/k', ...config }).losses.map(({ what }) => what)).toEqual([key]);
});

test('broken and hostile XML is refused with the line', () => {
  for (const text of ['', '<a>', '<a></b>', '<a/><b/>', '<!DOCTYPE a [<!ENTITY b "c">]><a/>', '<a b=c/>', '<a>'.repeat(10_000)])
    expect(() => parseXml(text)).toThrowError(/line \d+: /);
  expect(parseXml("<a b='1 &amp; &#x41;'><![CDATA[<x>]]><!-- c --></a>")).toMatchObject({
    attributes: { b: '1 & A' },
    text: '<x>',
  });
});
