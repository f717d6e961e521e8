import { choice, flag, text } from '../kinds.ts';
import { key } from '../key.ts';
import { argumentList, generationId } from '../special-kinds.ts';
import { smbios } from '../../specs/pairs.ts';

const DIRECT = 'Direct Kernel Boot';
const INDIRECT = 'Non direct Kernel Boot';
const PV = 'Paravirtualised (PV) Guest Specific Options';
const PLATFORM = 'Processor and Platform Features';

/** What the guest starts from: a kernel, a boot loader in dom0, or firmware. */
export const bootKeys = {
  kernel: key(text, 'Kernel that the toolstack loads; a path in dom0.', DIRECT, { example: '"/boot/vmlinuz"' }),
  ramdisk: key(text, 'Initial RAM disk for the kernel.', DIRECT, { example: '"/boot/initrd.img"' }),
  cmdline: key(text, 'Command line of the kernel.', DIRECT, { example: '"root=/dev/xvda ro"' }),
  root: key(text, 'Becomes root= of the command line; not used beside cmdline.', DIRECT, { example: '"/dev/xvda ro"' }),
  extra: key(text, 'Follows root on the command line; not used beside cmdline.', DIRECT, { example: '"console=hvc0"' }),
  device_tree: key(text, 'Partial device tree that is added to the guest’s.', 'Other Options', {
    arch: 'arm',
    example: '"/etc/xen/uart.dtb"',
  }),
  bootloader: key(text, 'Program in dom0 that finds the kernel on the guest’s disk.', PV, { example: '"pygrub"' }),
  bootloader_args: key(argumentList, 'Arguments for the boot loader.', PV, { example: '["--offset=1048576"]' }),
  bootloader_restrict: key(flag, 'The boot loader runs without privileges.', PV, {
    since: '4.18',
    default: "xl.conf's, else 0",
    example: '1',
  }),
  bootloader_user: key(text, 'User that a restricted boot loader runs as.', PV, { since: '4.18', example: '"nobody"' }),
  firmware: key(
    text,
    'Firmware: pvgrub32 or pvgrub64 for pv and pvh; bios, uefi, rombios, seabios, ovmf or a path for hvm.',
    INDIRECT,
    { example: '"uefi"' },
  ),
  pvshim: key(flag, 'Run a pv guest inside a pvh one, on a small Xen of its own.', INDIRECT, {
    guests: ['pvh'],
    default: '0',
    example: '1',
  }),
  pvshim_path: key(text, 'That Xen; a path in dom0.', INDIRECT, {
    guests: ['pvh'],
    default: "the firmware folder's xen-shim",
    example: '"/usr/lib/xen/boot/xen-shim"',
  }),
  pvshim_cmdline: key(text, 'Command line of that Xen.', INDIRECT, {
    guests: ['pvh'],
    default: 'pv-shim console=xen,pv',
    example: '"pv-shim console=xen,pv"',
  }),
  pvshim_extra: key(text, 'More words on that command line.', INDIRECT, { guests: ['pvh'], example: '"loglvl=all"' }),
  boot: key(text, 'Boot order of the BIOS: c disk, d CD, n network.', 'Boot Device', {
    guests: ['hvm'],
    default: 'cda',
    example: '"dc"',
  }),
  bios: key(choice(['unknown', 'rombios', 'seabios', 'ovmf']), 'Firmware of an hvm guest.', PLATFORM, {
    guests: ['hvm'],
    default: 'seabios, or rombios with qemu-xen-traditional',
    example: '"ovmf"',
  }),
  bios_path_override: key(text, 'File with that firmware.', PLATFORM, { guests: ['hvm'], example: '"/usr/share/ovmf/OVMF.fd"' }),
  firmware_override: key(text, 'Replaces hvmloader.', INDIRECT, { guests: ['hvm'], example: '"/usr/lib/xen/boot/hvmloader"' }),
  smbios_firmware: key(text, 'File with SMBIOS structures for the guest.', PLATFORM, {
    guests: ['hvm'],
    example: '"/etc/xen/smbios.bin"',
  }),
  smbios: key(smbios, 'Single strings of the guest’s SMBIOS tables.', PLATFORM, {
    guests: ['hvm'],
    since: '4.18',
    example: '["system_manufacturer=Example"]',
  }),
  acpi_firmware: key(text, 'File with more ACPI tables for the guest.', PLATFORM, {
    guests: ['hvm'],
    example: '"/etc/xen/acpi.bin"',
  }),
  ms_vm_genid: key(generationId, 'Generation ID, by which Windows notices that it was cloned.', PLATFORM, {
    guests: ['hvm'],
    default: 'none',
    example: '"generate"',
  }),
} as const;
