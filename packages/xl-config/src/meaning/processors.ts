import type { Fields } from '../libxl/json.ts';
import { int, strtok } from '../schema/c.ts';
import type { DomainConfig } from '../schema/schema.ts';
import { CpuPolicy } from '../specs/cpuid/policy.ts';
import { Bitmap, LONGEST, looseRange, parseProcessors } from '../specs/processors.ts';
import type { VirtualNode } from '../specs/vnuma.ts';
import { atLeast, type XenVersion } from '../versions.ts';
import { kilobytes, maybeInt } from './numbers.ts';
import type { Environment } from './environment.ts';
import type { Verdict } from './verdict.ts';

/** More virtual processors than any release can give; beyond it xl runs out of memory or patience. */
const MOST_VCPUS = 1 << 16;

/** Number, placement, scheduling and features of the virtual processors, and the memory that goes with vnuma. */
export function processorFields(config: DomainConfig, xen: XenVersion, environment: Environment, verdict: Verdict): Fields {
  const vcpus = startingVcpus(config, xen);
  const nodes = virtualNodes(config, environment, verdict);
  const most = nodes.vcpus || int(config.maxvcpus ?? 0) || int(vcpus ?? 0);
  if ((vcpus ?? 0) < 0 || most > MOST_VCPUS || (vcpus ?? 0) > MOST_VCPUS) {
    verdict.refuse(
      'OUT_OF_RANGE',
      config.vcpus === undefined ? 'maxvcpus' : 'vcpus',
      `not a number of processors: ${vcpus ?? most}`,
      `Give 1 to ${MOST_VCPUS}.`,
    );
    return {};
  }
  if (most < (vcpus ?? 0))
    verdict.refuse(
      'CONFLICT',
      'maxvcpus',
      `maxvcpus (${most}) is less than vcpus (${vcpus ?? 0})`,
      'Raise maxvcpus, or remove it.',
    );
  const hard = affinity('cpus', config.cpus, most, environment, verdict);
  const soft = affinity('cpus_soft', config.cpus_soft, most, environment, verdict);
  const placed = nodes.placed || Array.isArray(config.cpus) || config.cpus_soft !== undefined;
  return {
    max_vcpus: most,
    avail_vcpus: vcpus === undefined ? undefined : Array.from({ length: vcpus }, (_, index) => index),
    vcpu_hard_affinity: hard,
    vcpu_soft_affinity: soft,
    numa_placement: placed ? false : undefined,
    max_memkb: nodes.memory ?? kilobytes(config.maxmem) ?? kilobytes(config.memory),
    vnuma_nodes: nodes.fields,
    cpuid: policyOf(config, xen, verdict),
    sched_params: {
      weight: maybeInt(config.cpu_weight),
      cap: maybeInt(config.cap),
      period: maybeInt(config.period),
      slice: maybeInt(config.slice),
      latency: maybeInt(config.latency),
      extratime: maybeInt(config.extratime),
    },
  };
}

/** Since 4.22 a guest without `vcpus` has one. */
function startingVcpus({ vcpus }: DomainConfig, xen: XenVersion): number | undefined {
  if (!atLeast(xen, '4.22')) return vcpus === undefined ? undefined : Number(vcpus);
  return vcpus === undefined || vcpus < 1 ? 1 : Number(vcpus);
}

/** A string holds for all virtual processors, a list has one entry for each of the first ones. */
function affinity(
  key: 'cpus' | 'cpus_soft',
  value: string | readonly string[] | undefined,
  most: number,
  environment: Environment,
  verdict: Verdict,
): number[][] | undefined {
  if (value === undefined) return undefined;
  const read = (text: string, item?: number): number[] => {
    const map = parseProcessors(text, environment);
    const bits = typeof map === 'string' ? [] : map.list();
    if (typeof map === 'string') verdict.refuse('BAD_VALUE', key, `${key}: ${map}`, 'Like 0-3,^1 or node:0 or all.', item);
    else if (bits.length === 0 && key === 'cpus' && most > 0)
      verdict.refuse(
        'OUT_OF_RANGE',
        key,
        `${key}: no processor of the host is left`,
        `The host has 0 to ${environment.cpus - 1}.`,
        item,
      );
    return bits;
  };
  if (typeof value !== 'string') return value.slice(0, most).map((text, item) => read(text, item));
  const map = read(value);
  return Array.from({ length: most }, () => map);
}

interface Nodes {
  readonly fields: Fields[] | undefined;
  /** 0 when there are none, or nothing is said. */
  readonly vcpus: number;
  readonly memory: bigint | undefined;
  /** A node of the host is named, so placement is not automatic. */
  readonly placed: boolean;
}

function virtualNodes(config: DomainConfig, environment: Environment, verdict: Verdict): Nodes {
  const nodes = config.vnuma ?? [];
  if (nodes.length === 0) return { fields: undefined, vcpus: 0, memory: undefined, placed: false };
  const wanted = config.maxvcpus === undefined ? 0 : int(config.maxvcpus);
  const fields = nodes.map((node) => nodeFields(node, nodes.length, wanted === 0 ? environment.cpus : wanted));
  const vcpus = nodes.reduce(
    (sum, node) => sum + rangesOf(node).reduce((count, [first, last]) => count + (last - first + 1), 0),
    0,
  );
  const memory = nodes.reduce((sum, { size }) => sum + (kilobytes(size) ?? 0n), 0n);
  const unfit = nodes.findIndex(
    ({ pnode, vdistances = [] }) => (pnode ?? 0) >= environment.nodes || vdistances.length > nodes.length,
  );
  if (unfit !== -1)
    verdict.refuse(
      'OUT_OF_RANGE',
      'vnuma',
      `vnuma: node ${unfit} names a node of the host that is not there, or too many distances`,
      `The host has ${environment.nodes}.`,
      unfit,
    );
  if (wanted !== 0 && wanted !== vcpus)
    verdict.refuse('CONFLICT', 'vnuma', `vnuma has ${vcpus} processors, maxvcpus is ${wanted}`, 'Make them agree.');
  if (wanted === 0 && environment.cpus < vcpus)
    verdict.refuse(
      'CONFLICT',
      'vnuma',
      `vnuma has ${vcpus} processors, the host ${environment.cpus}`,
      'Set maxvcpus to have them anyway.',
    );
  if (vcpus > LONGEST)
    verdict.refuse('OUT_OF_RANGE', 'vnuma', 'vnuma: xl would count its processors for ages', 'Give ranges of processors.');
  const limit = kilobytes(config.maxmem);
  if (limit !== undefined && limit !== memory)
    verdict.refuse('CONFLICT', 'vnuma', 'the sizes in vnuma do not add up to maxmem', 'Make them agree.');
  return { fields, vcpus: wanted === 0 ? vcpus : wanted, memory, placed: nodes.some(({ pnode }) => pnode !== undefined) };
}

function nodeFields(node: VirtualNode, count: number, bits: number): Fields {
  const map = new Bitmap(bits);
  for (const [first, last] of rangesOf(node)) map.set(first, last);
  return {
    memkb: kilobytes(node.size),
    distances: Array.from({ length: count }, (_, index) => (node.vdistances?.[index] ?? 0) >>> 0),
    pnode: node.pnode,
    vcpus: map.list(),
  };
}

/** Ranges that run backwards are empty. */
function rangesOf({ vcpus }: VirtualNode): [number, number][] {
  return vcpus === undefined
    ? []
    : strtok(vcpus)
        .map(looseRange)
        .filter(([first, last]) => first <= last);
}

function policyOf({ cpuid }: DomainConfig, xen: XenVersion, verdict: Verdict): Fields | undefined {
  if (cpuid === undefined) return undefined;
  const policy = new CpuPolicy(xen);
  const note = (fault: string | undefined, item?: number): void => {
    if (fault !== undefined) verdict.warn('OPTION_IGNORED', 'cpuid', `cpuid: ${fault}`, 'See xl.cfg(5), cpuid.', item);
  };
  if (typeof cpuid !== 'string') {
    for (const [item, text] of cpuid.entries()) note(policy.setLeaf(text), item);
    return policy.toLibxl();
  }
  const [first, ...flags] = strtok(cpuid);
  if (first !== undefined && first !== 'host') note('the first word must be "host"');
  else for (const option of flags) note(policy.setFlag(option));
  return policy.toLibxl();
}
