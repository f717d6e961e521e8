import { choice, flag, number, text, texts } from '../kinds.ts';
import { key } from '../key.ts';
import { graphicsPassthrough } from '../special-kinds.ts';
import { channels } from '../../specs/channel.ts';
import { disks } from '../../specs/disk.ts';
import { displays } from '../../specs/display.ts';
import { framebuffers } from '../../specs/framebuffer.ts';
import { keyboards } from '../../specs/keyboard.ts';
import { p9s, pvcalls, vtpms } from '../../specs/backends.ts';
import { pciDevices } from '../../specs/pci.ts';
import { ioports, iomem, irqs } from '../../specs/ranges.ts';
import { rdm } from '../../specs/rdm.ts';
import { soundCards } from '../../specs/sound.ts';
import { usbControllers, usbDevices } from '../../specs/usb.ts';
import { vifs } from '../../specs/vif.ts';
import { virtios } from '../../specs/virtio.ts';
import { xenstoreQuota } from '../../specs/pairs.ts';

const DEVICES = 'Devices';

/** Devices, paravirtual and passed through. */
export const deviceKeys = {
  disk: key(disks, 'Disks.', DEVICES, { example: '["vdev=xvda,format=raw,access=rw,target=/dev/vg/guest"]' }),
  vif: key(vifs, 'Network interfaces.', DEVICES, { example: '["mac=00:16:3e:00:00:01,bridge=xenbr0"]' }),
  vif2: key(texts, 'Once a second kind of network interface.', DEVICES, {
    example: '[]',
    deprecated: { advice: 'xl ignores it: remove the key.', replacement: 'vif', loud: true },
  }),
  vtpm: key(vtpms, 'Trusted platform modules, served by a domain.', DEVICES, { example: '["backend=vtpmmgr"]' }),
  p9: key(p9s, 'Folders of the host, shared by 9P.', DEVICES, { example: '["tag=share,path=/srv/share,security_model=none"]' }),
  pvcalls: key(pvcalls, 'Sockets that a backend opens for the guest.', DEVICES, { example: '["backend=0"]' }),
  vfb: key(framebuffers, 'Paravirtual framebuffers.', DEVICES, { example: '["vnc=1,vnclisten=127.0.0.1"]' }),
  vkb: key(keyboards, 'Paravirtual keyboards and pointers.', DEVICES, { example: '["backend-type=qemu"]' }),
  vdispl: key(displays, 'Paravirtual displays.', DEVICES, { example: '["backend=0,connectors=id0:1920x1080"]' }),
  vsnd: key(soundCards, 'Paravirtual sound cards.', DEVICES, {
    example: '[["card,backend=0", "pcm,name=dev0", "stream,type=p"]]',
  }),
  virtio: key(virtios, 'Virtio devices.', DEVICES, {
    since: '4.18',
    arch: 'arm',
    example: '["type=virtio,device22,transport=mmio"]',
  }),
  channel: key(channels, 'Named byte streams to the guest.', DEVICES, { example: '["connection=pty,name=agent"]' }),
  rdm: key(rdm, 'Memory reserved by devices that is kept free in the guest.', DEVICES, {
    guests: ['hvm'],
    readForAll: true,
    arch: 'x86',
    example: '"strategy=host"',
  }),
  rdm_mem_boundary: key(number, 'Below it, such memory may be moved.', DEVICES, {
    guests: ['hvm'],
    unit: 'MiB',
    default: '2048',
    example: '2048',
    min: 0,
  }),
  usbctrl: key(usbControllers, 'USB controllers.', DEVICES, { example: '["type=auto,version=2,ports=8"]' }),
  usbdev: key(usbDevices, 'USB devices of the host.', DEVICES, { example: '["type=hostdev,hostbus=1,hostaddr=3"]' }),
  pci: key(pciDevices, 'PCI devices of the host.', DEVICES, { example: '["0000:03:00.0"]' }),
  pci_permissive: key(number, 'The guest may write all of the devices’ configuration space.', DEVICES, {
    default: '0',
    example: '1',
    min: 0,
    max: 1,
  }),
  pci_msitranslate: key(number, 'Message-signalled interrupts for guests without them.', DEVICES, {
    default: '0',
    example: '1',
    min: 0,
    max: 1,
  }),
  pci_seize: key(number, 'Take devices from their drivers in dom0.', DEVICES, { default: '0', example: '1', min: 0, max: 1 }),
  pci_power_mgmt: key(number, 'The guest manages the devices’ power.', DEVICES, { default: '0', example: '1', min: 0, max: 1 }),
  gfx_passthru: key(graphicsPassthrough, 'Pass a graphics card as the first one.', DEVICES, {
    guests: ['hvm'],
    default: '0',
    example: '"igd"',
  }),
  ioports: key(ioports, 'I/O ports of the host.', DEVICES, { arch: 'x86', example: '["2f8-2ff"]' }),
  iomem: key(iomem, 'Memory of devices of the host.', DEVICES, { example: '["f0000,10"]' }),
  irqs: key(irqs, 'Interrupts of the host.', DEVICES, { example: '[33]' }),
  dtdev: key(texts, 'Devices of the host’s device tree.', DEVICES, { arch: 'arm', example: '["/soc/dma@1000"]' }),
  e820_host: key(flag, 'The guest sees the host’s memory map.', 'Paravirtualised (PV) Guest Specific Options', {
    guests: ['pv'],
    default: '1 with pci, else 0',
    example: '1',
  }),
  xenstore_quota: key(xenstoreQuota, 'Limits on the guest’s use of Xenstore.', 'Xenstore related settings', {
    since: '4.22',
    example: '["nodes=1000"]',
  }),
  vendor_device: key(choice(['none', 'xenserver']), 'Device for drivers of a vendor.', 'Miscellaneous Emulated Hardware', {
    guests: ['hvm'],
    default: 'none',
    example: '"xenserver"',
  }),
  device_model_user: key(text, 'User that qemu runs as.', DEVICES, { example: '"qemu"' }),
} as const;
