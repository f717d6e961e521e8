import { number } from '../kinds.ts';
import { key } from '../key.ts';

/** How much memory, and where it lies. */
export const memoryKeys = {
  memory: key(number, 'Memory at the start.', 'Memory Allocation', {
    unit: 'MiB',
    default: 'what libxl finds enough',
    example: '512',
    min: 1,
  }),
  maxmem: key(number, 'Most memory: the guest is booted ballooned down to memory.', 'Memory Allocation', {
    unit: 'MiB',
    default: 'memory',
    example: '1024',
    min: 1,
  }),
  shadow_memory: key(number, 'Memory for shadow page tables.', 'Paging', {
    unit: 'MiB',
    default: '1 MiB a processor and 8 KiB a MiB of memory',
    example: '16',
    min: 0,
  }),
  mmio_hole: key(number, 'Gap below 4 GiB for device memory.', 'Memory layout', {
    guests: ['hvm'],
    unit: 'MiB',
    default: 'what the firmware finds enough',
    example: '1024',
    min: 256,
    max: 3840,
  }),
} as const;
