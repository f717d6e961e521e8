import { flag, number, text } from '../kinds.ts';
import { affinity } from '../special-kinds.ts';
import { key } from '../key.ts';
import { virtualNodes } from '../../specs/vnuma.ts';
import { colors } from '../../specs/ranges.ts';

const ALLOCATION = 'CPU Allocation';
const SCHEDULING = 'CPU Scheduling';
const sedf = { advice: 'The SEDF scheduler is gone: remove the key.' } as const;

/** Virtual processors: how many, where they run, how they are scheduled. */
export const processorKeys = {
  pool: key(text, 'Pool of processors that the domain runs in.', ALLOCATION, { default: 'Pool-0', example: '"Pool-1"' }),
  vcpus: key(number, 'Virtual processors at the start.', ALLOCATION, { default: '1', example: '2', min: 1 }),
  maxvcpus: key(number, 'Most virtual processors.', ALLOCATION, { default: 'vcpus', example: '4', min: 1 }),
  cpus: key(
    affinity,
    'Processors of the host that the virtual ones may run on; a list has an entry for each of them.',
    ALLOCATION,
    { default: 'all', example: '"0-3,^1"' },
  ),
  cpus_soft: key(affinity, 'Processors of the host that the virtual ones prefer.', ALLOCATION, {
    default: 'all',
    example: '"node:0"',
  }),
  cpu_weight: key(number, 'Share of processor time, against that of other domains.', SCHEDULING, {
    default: '256',
    example: '512',
    min: 1,
    max: 65535,
  }),
  cap: key(number, 'Most processor time, in percent of one processor.', SCHEDULING, {
    default: '0, no limit',
    example: '50',
    unit: '%',
    min: 0,
  }),
  period: key(number, 'Period of the RTDS scheduler.', SCHEDULING, { unit: 'µs', example: '10000', min: 0 }),
  slice: key(number, 'Time slice of the SEDF scheduler.', SCHEDULING, { unit: 'ms', example: '5', deprecated: sedf }),
  latency: key(number, 'Latency of the SEDF scheduler.', SCHEDULING, { unit: 'ms', example: '0', deprecated: sedf }),
  extratime: key(number, 'The RTDS scheduler may give the domain more than its share.', SCHEDULING, {
    example: '1',
    min: 0,
    max: 1,
  }),
  vnuma: key(virtualNodes, 'NUMA nodes that the guest sees.', 'Guest Virtual NUMA Configuration', {
    example: '[["pnode=0", "size=512", "vcpus=0-1", "vdistances=10"]]',
    arch: 'x86',
  }),
  llc_colors: key(colors, 'Colours of the last-level cache that the guest gets.', 'ARM', {
    since: '4.20',
    arch: 'arm',
    default: 'all',
    example: '["0-7", "12"]',
  }),
  hap: key(flag, 'Paging with hardware help (nested page tables).', 'Paging', {
    default: '1 where there is hardware for it',
    example: '1',
  }),
  oos: key(flag, 'Shadow page tables may be out of step for a moment.', 'Paging', { default: '1', example: '1' }),
} as const;
