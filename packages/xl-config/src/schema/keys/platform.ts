import { choice, flag, number, numberedChoice, quiet, textOrTexts } from '../kinds.ts';
import { key } from '../key.ts';
import { armSci, machineChecks, viewCount, viridian } from '../special-kinds.ts';

const PLATFORM = 'Processor and Platform Features';
const TIME = 'Guest Virtual Time Controls';
const HVM = ['hvm'] as const;

/** What processor and machine the guest sees. */
export const platformKeys = {
  cpuid: key(textOrTexts, 'Processor features shown to the guest: "host,flag=value,…", or a list in xend’s form.', PLATFORM, {
    arch: 'x86',
    example: '"host,tm=0,sse3=0"',
  }),
  acpi: key(flag, 'ACPI tables.', PLATFORM, { default: '1 on x86, 0 on Arm', example: '1' }),
  acpi_s3: key(flag, 'The guest can sleep (S3).', PLATFORM, { guests: HVM, default: '1', example: '0' }),
  acpi_s4: key(flag, 'The guest can hibernate (S4).', PLATFORM, { guests: HVM, default: '1', example: '0' }),
  acpi_laptop_slate: key(flag, 'Show a switch between laptop and tablet.', PLATFORM, { guests: HVM, default: '0', example: '1' }),
  apic: key(flag, 'Interrupt controller (APIC) in the tables.', PLATFORM, { guests: HVM, default: '1', example: '1' }),
  nx: key(flag, 'Memory that cannot be executed.', PLATFORM, { guests: HVM, default: '1', example: '1' }),
  pae: key(flag, 'Physical address extension.', PLATFORM, { guests: HVM, default: '1', example: '1' }),
  hpet: key(flag, 'High precision event timer.', PLATFORM, { guests: HVM, default: '1', example: '1' }),
  altp2m: key(
    numberedChoice(['disabled', 'mixed', 'external', 'limited'], false),
    'Several views of the guest’s memory, and who controls them.',
    PLATFORM,
    { default: 'disabled', example: '"external"' },
  ),
  altp2mhvm: key(flag, 'Several views of the guest’s memory.', PLATFORM, {
    guests: HVM,
    default: '0',
    example: '1',
    deprecated: { advice: 'Write altp2m = "mixed".', replacement: 'altp2m', loud: true },
  }),
  altp2m_count: key(viewCount, 'How many views of the guest’s memory there can be.', PLATFORM, {
    since: '4.21',
    default: '10',
    example: '16',
    min: 0,
    max: 65535,
  }),
  nestedhvm: key(flag, 'The guest can run a hypervisor itself.', PLATFORM, { default: '0', example: '1', arch: 'x86' }),
  mca_caps: key(machineChecks, 'Machine check features: lmce.', 'x86', { guests: HVM, arch: 'x86', example: '["lmce"]' }),
  msr_relaxed: key(flag, 'Unknown model-specific registers read as zero.', 'x86', {
    arch: 'x86',
    default: '0',
    example: '1',
    deprecated: { advice: 'A stopgap that will go; tell xen-devel what needs it.', loud: true },
  }),
  viridian: key(viridian, 'Interfaces of Hyper-V, for Windows.', 'Support for Paravirtualisation of HVM Guests', {
    guests: HVM,
    default: '0',
    example: '["base", "freq"]',
  }),
  xen_platform_pci: key(
    flag,
    'Device by which guests find Xen’s paravirtual devices.',
    'Support for Paravirtualisation of HVM Guests',
    { guests: HVM, default: '1', example: '1' },
  ),
  xen_platform_pci_bar_uc: key(flag, 'That device’s memory is not cached.', 'Support for Paravirtualisation of HVM Guests', {
    guests: HVM,
    since: '4.21',
    default: '1',
    example: '0',
  }),
  hvm_pirq: key(flag, 'Interrupts of emulated devices by event channel.', 'Support for Paravirtualisation of HVM Guests', {
    guests: HVM,
    since: '4.19',
    default: '0',
    example: '1',
  }),
  tsc_mode: key(
    numberedChoice(['default', 'always_emulate', 'native', 'native_paravirt'], true),
    'How the guest reads the time stamp counter.',
    TIME,
    { default: 'default', example: '"native"' },
  ),
  timer_mode: key(
    numberedChoice(
      ['delay_for_missed_ticks', 'no_delay_for_missed_ticks', 'no_missed_ticks_pending', 'one_missed_tick_pending'],
      true,
    ),
    'What becomes of timer ticks while the guest does not run.',
    TIME,
    {
      guests: ['hvm', 'pvh'],
      refusedFor: ['pv'],
      readForAll: true,
      default: 'no_delay_for_missed_ticks',
      example: '"one_missed_tick_pending"',
    },
  ),
  localtime: key(flag, 'The guest’s clock starts in local time, not UTC.', TIME, { default: '0', example: '1' }),
  rtc_timeoffset: key(number, 'Seconds between the guest’s clock and the host’s.', TIME, {
    unit: 's',
    default: '0',
    example: '3600',
  }),
  vpt_align: key(flag, 'Periodic timers of the guest fire together.', TIME, { guests: HVM, default: '1', example: '1' }),
  vuart: key(choice(['unknown', 'sbsa_uart']), 'Emulated serial port for early output.', 'ARM', {
    arch: 'arm',
    example: '"sbsa_uart"',
  }),
  gic_version: key(quiet(choice(['default', 'v2', 'v3'])), 'Version of the interrupt controller.', 'ARM', {
    arch: 'arm',
    default: "the host's",
    example: '"v3"',
  }),
  tee: key(
    quiet(choice(['none', 'optee', 'ffa'], { releases: { ffa: '4.18-' } })),
    'Trusted execution environment that the guest may use.',
    'Devices',
    { arch: 'arm', default: 'none', example: '"optee"' },
  ),
  sve: key(quiet(choice(['disabled', 'hw', ...vectorLengths()])), 'Longest scalable vector, in bits.', 'ARM', {
    arch: 'arm',
    since: '4.18',
    default: 'disabled',
    example: '"256"',
  }),
  nr_spis: key(number, 'Shared interrupts of the guest.', 'ARM', {
    arch: 'arm',
    since: '4.19',
    default: 'as many as its devices need',
    example: '128',
    min: 0,
    max: 991,
  }),
  arm_sci: key(armSci, 'Access to the system control interface of the firmware.', 'ARM', {
    arch: 'arm',
    since: '4.21',
    default: 'type=none',
    example: '"type=scmi_smc"',
  }),
  trap_unmapped_accesses: key(flag, 'Access to missing memory is an error for the guest, instead of reading all ones.', 'ARM', {
    arch: 'arm',
    since: '4.21',
    example: '1',
  }),
} as const;

function vectorLengths(): `${number}`[] {
  return Array.from({ length: 16 }, (_, index): `${number}` => `${(index + 1) * 128}`);
}
