import type { Host } from '../specs/processors.ts';

/** What xl learns from the machine and its own build, and what is assumed of them. */
export interface Environment extends Host {
  /** Where the release's build keeps its boot files (`pvgrub64.bin`). */
  readonly firmware: string;
}

export const DEFAULT_ENVIRONMENT: Environment = { cpus: 4, nodes: 1, firmware: '/usr/lib/xen/boot' };
