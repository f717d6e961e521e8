import { execFileSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { kvmUsable, qemuArguments, type MachinePlan } from './qemu.ts';

const plan: MachinePlan = {
  xen: '/store/a,b/xen',
  kernel: '/store/a,b/vmlinuz',
  initramfs: '/store/a,b/initramfs',
  memory: 512,
  dom0Memory: 256,
  cpus: 1,
  disks: [{ file: '/run/a,b/pv1.disk', format: 'qcow2', serial: 'pv1' }],
  dom0Arguments: ['xlfs.guests=manual'],
};

function argument(args: readonly string[], name: string): string {
  return args[args.indexOf(name) + 1] ?? '';
}

test('a comma in a path is doubled where QEMU would split at it', () => {
  const args = qemuArguments(plan, 'tcg');
  expect(argument(args, '-initrd')).toMatch(/^\/store\/a,,b\/vmlinuz .* xlfs\.guests=manual,\/store\/a,,b\/initramfs$/);
  expect(argument(args, '-drive')).toContain('file=/run/a,,b/pv1.disk');
  expect(argument(args, '-kernel')).toBe('/store/a,b/xen');
});

test('emulation gets the processor that a PV dom0 and PVH guests work on', () => {
  expect(argument(qemuArguments(plan, 'tcg'), '-cpu')).toBe('qemu64,+svm,+npt,+rdrand');
  expect(argument(qemuArguments(plan, 'kvm'), '-cpu')).toBe('host');
});

test('mitigations are only switched off where the processor is emulated', () => {
  expect(argument(qemuArguments(plan, 'tcg'), '-append')).toContain('spec-ctrl=no');
  expect(qemuArguments(plan, 'kvm').join(' ')).not.toMatch(/spec-ctrl=no|mitigations=off/);
});

test('KVM counts as usable only where the processor shows vmx or svm', () => {
  expect(kvmUsable('flags\t\t: fpu vme svm npt\n', true)).toBe(true);
  expect(kvmUsable('flags\t\t: fpu vmx\n', true)).toBe(true);
  expect(kvmUsable('flags\t\t: fpu hypervisor\n', true)).toBe(false);
  expect(kvmUsable('vmx flags\t\t: fpu svm_lock\n', true)).toBe(false);
  expect(kvmUsable('flags\t\t: svm\n', false)).toBe(false);
});

test('a machine that boots from its disk is given nothing but the disks, in the order of the plan', () => {
  const disks = [
    { file: '/d/one.disk', format: 'raw', serial: 'one' },
    { file: '/d/two.disk', format: 'qcow2', serial: 'two' },
  ] as const;
  const args = qemuArguments({ boot: 'disk', memory: 512, cpus: 1, disks }, 'tcg');
  expect(args.join(' ')).not.toMatch(/-kernel|-initrd|-append/);
  expect(args.join(' ')).toMatch(/serial=one,bootindex=0 .*serial=two,bootindex=1/);
});

test('QEMU knows every device that is asked for', () => {
  const known = execFileSync('qemu-system-x86_64', ['-device', 'help'], { encoding: 'utf8' });
  const asked = qemuArguments(plan, 'tcg').filter((_, index, args) => args[index - 1] === '-device');
  for (const device of asked) expect(known).toContain(`"${device.split(',')[0] ?? ''}"`);
});
