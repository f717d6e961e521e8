import { readFile } from 'node:fs/promises';
import { program, type Requirement } from '@xlfs/core';

/** What booting the built host in QEMU asks of the machine. */
export function bootRequirements(): Requirement[] {
  return [
    {
      name: 'qemu-system-x86_64',
      why: 'boots the built host',
      fix: 'apt install qemu-system-x86',
      probe: program(['qemu-system-x86_64', '--version'], '6.0'),
    },
    {
      name: 'qemu-img',
      why: 'makes copy-on-write disks',
      fix: 'apt install qemu-utils',
      probe: program(['qemu-img', '--version']),
    },
    { name: 'mke2fs', why: 'makes guest disks', fix: 'apt install e2fsprogs', probe: program(['mke2fs', '-V'], '1.43') },
    {
      name: 'vmx or svm',
      level: 'optional',
      why: 'QEMU can use KVM for Xen only where the processor shows its virtualisation; without it emulation does, slower',
      fix: 'turn on virtualisation in the firmware, or nested virtualisation in the hypervisor below',
      probe: async () => /\b(vmx|svm)\b/.exec(await readFile('/proc/cpuinfo', 'utf8'))?.[0],
    },
  ];
}
