import { z } from 'zod';

/** What `xl list -l` says of a domain. libxl writes many more fields; these are the ones that a check can lean on. */
const domainSchema = z.object({
  domid: z.int().nonnegative(),
  config: z.object({
    c_info: z.object({ name: z.string(), type: z.enum(['pv', 'pvh', 'hvm']).optional(), uuid: z.string().optional() }),
    b_info: z
      .object({ max_memkb: z.number().optional(), target_memkb: z.number().optional(), max_vcpus: z.number().optional() })
      .optional(),
    disks: z.array(z.object({ pdev_path: z.string().optional(), vdev: z.string().optional() })).optional(),
    nics: z.array(z.object({ mac: z.string().optional(), bridge: z.string().optional() })).optional(),
  }),
});

const domainsSchema = z.array(domainSchema);

/** A domain as the toolstack describes it. */
export interface DomainFacts {
  readonly id: number;
  readonly name: string;
  readonly type: 'pv' | 'pvh' | 'hvm' | undefined;
  readonly memoryMiB: number | undefined;
  readonly vcpus: number | undefined;
  readonly disks: readonly string[];
  readonly bridges: readonly string[];
}

/**
 * Reads the output of `xl list -l`.
 *
 * @throws SyntaxError or ZodError when it is not what libxl writes.
 */
export function parseDomains(text: string): DomainFacts[] {
  return domainsSchema.parse(JSON.parse(text.slice(Math.max(0, text.indexOf('['))))).map(({ domid, config }) => ({
    id: domid,
    name: config.c_info.name,
    type: config.c_info.type,
    memoryMiB: config.b_info?.target_memkb === undefined ? undefined : Math.round(config.b_info.target_memkb / 1024),
    vcpus: config.b_info?.max_vcpus,
    disks: (config.disks ?? []).flatMap(({ vdev }) => vdev ?? []),
    bridges: (config.nics ?? []).flatMap(({ bridge }) => bridge ?? []),
  }));
}

/** A line of `xl list`. */
export interface DomainState {
  readonly name: string;
  readonly id: number;
  /** `r` running, `b` blocked, `p` paused, `s` shut down, `c` crashed, `d` dying: the set ones, in that order. */
  readonly state: string;
}

/** Reads the table that `xl list` prints. */
export function parseDomainTable(text: string): DomainState[] {
  return [...text.matchAll(/^(\S+)\s+(\d+)\s+\d+\s+\d+\s+([a-z-]{6})\s+[\d.]+\s*$/gm)].map(
    ([, name = '', id = '', state = '']) => ({
      name,
      id: Number(id),
      state: state.replaceAll('-', ''),
    }),
  );
}

/**
 * MiB of dom0 that are in use, from /proc/meminfo: everything but what is free or a cache that can be dropped. The unpacked initramfs is
 * in it, since the kernel counts that as shared memory.
 */
export function usedMemoryMiB(meminfo: string): number {
  const field = (name: string): number => Number(new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(meminfo)?.[1] ?? Number.NaN);
  return Math.round(((field('MemTotal') - field('MemAvailable')) / 1024) * 10) / 10;
}
