import { because, since, until, type RoleOption } from './option.ts';

/** What dom0 and guests have in common: Linux as something that runs on Xen. */
export const onXen: readonly RoleOption[] = [
  ...because('the door to every hypervisor option', 'HYPERVISOR_GUEST', 'PARAVIRT'),
  ...because('runs on Xen, as PV', 'XEN', 'XEN_PV'),
  ...since('6.1', because('an MSR that Xen does not emulate must not kill the kernel', 'XEN_PV_MSR_SAFE')),
  ...until('5.10', because('PVH is offered to HVM guests only, and those to kernels with PCI', 'PCI', 'XEN_PVHVM')),
  ...because('runs on Xen, as PVH (ACPI describes the machine to it)', 'ACPI', 'XEN_PVH'),
  ...because('the Xen console, hvc0', 'HVC_XEN'),
  ...because('memory can be given back and taken again', 'XEN_BALLOON', 'XEN_SCRUB_PAGES_DEFAULT'),
  ...because('/sys/hypervisor: what a program asks whether it runs on Xen', 'XEN_SYS_HYPERVISOR'),
  ...because('/proc/xen and /dev/xen: xenbus, event channels', 'XENFS', 'XEN_COMPAT_XENFS', 'XEN_DEV_EVTCHN'),
];

/** Control of the machine and of the other domains. */
export const controlDomain: readonly RoleOption[] = [
  ...because('dom0 owns the PCI bus', 'PCI', 'PCI_MSI', 'PCI_MMCONFIG', 'X86_IO_APIC'),
  ...because('boards with known faults work (only experts may turn it off, and we are experts)', 'PCI_QUIRKS'),
  ...because('disks get requests in a sensible order', 'MQ_IOSCHED_DEADLINE'),
  ...because('may be dom0', 'XEN_DOM0'),
  ...because('hypercalls from xl and libxl', 'XEN_PRIVCMD'),
  ...because('xenstored and xenconsoled map the rings of guests', 'XEN_GNTDEV', 'XEN_GRANT_DEV_ALLOC'),
];

/** What dom0 serves to guests. */
export const backEnds: readonly RoleOption[] = [
  ...because('serves devices to guests', 'XEN_BACKEND'),
  ...because("guests' disks (phy:, LVM, loop)", 'XEN_BLKDEV_BACKEND'),
  ...because("guests' network interfaces (vifN.M)", 'XEN_NETDEV_BACKEND'),
];

/** What a guest uses of dom0. */
export const frontEnds: readonly RoleOption[] = [
  ...because('disks, xvda …', 'XEN_BLKDEV_FRONTEND'),
  ...because('network interfaces, eth0 …', 'XEN_NETDEV_FRONTEND'),
];
