import { because, since, type RoleOption } from './option.ts';

/** The hardware below: QEMU's q35 and pc boards only, or common x86 servers. Guests on Xen see none of it. */
export type Machine = 'qemu' | 'server';

const anyMachine: readonly RoleOption[] = [
  ...because('SATA disks (q35, servers)', 'ATA', 'ATA_BMDMA', 'ATA_SFF', 'SCSI', 'BLK_DEV_SD', 'SATA_AHCI'),
  ...because('network cards', 'ETHERNET'),
];

const qemu: readonly RoleOption[] = [
  ...because('IDE disks of the pc board', 'ATA_PIIX'),
  ...because('virtio disks and network', 'VIRTIO_MENU', 'VIRTIO_PCI', 'VIRTIO_PCI_LEGACY', 'VIRTIO_BLK', 'VIRTIO_NET'),
  ...because('the cards that QEMU gives by default (e1000 on pc, e1000e on q35)', 'NET_VENDOR_INTEL', 'E1000', 'E1000E'),
];

const server: readonly RoleOption[] = [
  ...because('NVMe disks', 'BLK_DEV_NVME'),
  ...because('RAID and SAS controllers', 'SCSI_LOWLEVEL', 'MEGARAID_SAS', 'SCSI_MPT3SAS', 'SCSI_SMARTPQI', 'SCSI_AACRAID'),
  ...because('Intel network cards, 1 to 100 Gbit/s', 'NET_VENDOR_INTEL', 'E1000E', 'IGB', 'IGC', 'IXGBE', 'I40E', 'ICE'),
  ...because('Broadcom network cards', 'NET_VENDOR_BROADCOM', 'TIGON3', 'BNX2', 'BNX2X', 'BNXT'),
  ...because('Realtek network cards', 'NET_VENDOR_REALTEK', 'R8169'),
  ...because('Mellanox network cards', 'NET_VENDOR_MELLANOX', 'MLX4_EN', 'MLX5_CORE', 'MLX5_CORE_EN'),
  ...because('firmware blobs of network cards', 'FW_LOADER'),
  ...because('ethtool, without which some of their drivers are not offered', 'ETHTOOL_NETLINK'),
  ...because(
    'a keyboard at the machine',
    'INPUT',
    'INPUT_KEYBOARD',
    'KEYBOARD_ATKBD',
    'USB_SUPPORT',
    'USB',
    'USB_PCI',
    'USB_XHCI_HCD',
    'USB_EHCI_HCD',
  ),
  ...since('6.3', because('a keyboard at the machine', 'HID_SUPPORT')),
  ...because('a keyboard at the machine', 'HID', 'HID_GENERIC', 'USB_HID'),
  ...because('installing from, and backing up to, USB disks', 'USB_STORAGE'),
  ...because('a screen at the machine', 'VT', 'VGA_CONSOLE', 'FRAMEBUFFER_CONSOLE', 'FB', 'FB_EFI'),
  ...because('UEFI firmware', 'DMI', 'EFI', 'EFI_STUB', 'EFIVAR_FS'),
  ...because('the power button, fans, temperature', 'ACPI_BUTTON', 'ACPI_FAN', 'ACPI_PROCESSOR', 'ACPI_THERMAL'),
  ...because('the real-time clock', 'RTC_CLASS', 'RTC_DRV_CMOS'),
  ...because('memory errors are reported', 'X86_MCE', 'X86_MCE_INTEL', 'X86_MCE_AMD'),
  ...because('a server that hangs restarts', 'WATCHDOG', 'ITCO_WDT'),
  ...because('bonded and tagged links', 'BONDING', 'VLAN_8021Q'),
  ...because('many processors', 'NR_CPUS=256', 'NUMA'),
];

export function drivesMachine(machine: Machine): readonly RoleOption[] {
  return [...anyMachine, ...(machine === 'qemu' ? qemu : server)];
}

/** What dom0 reports to Xen about real processors; QEMU's have nothing to report. */
export const xenOnServer: readonly RoleOption[] = [
  ...because('Xen learns C- and P-states from dom0', 'CPU_FREQ', 'XEN_ACPI_PROCESSOR'),
  ...because('machine checks that Xen took are logged in dom0', 'XEN_MCE_LOG'),
  ...because(
    'foreign pages get unpopulated addresses instead of ballooned memory',
    'SPARSEMEM_VMEMMAP',
    'MIGRATION',
    'COMPACTION',
    'MEMORY_HOTPLUG',
    'MEMORY_HOTREMOVE',
    'ZONE_DEVICE',
    'XEN_UNPOPULATED_ALLOC',
  ),
];

/** The consoles of a kernel that boots without Xen. */
export const serialConsole: readonly RoleOption[] = because('ttyS0 as console', 'SERIAL_8250', 'SERIAL_8250_CONSOLE');
