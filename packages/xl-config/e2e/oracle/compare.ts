import { interpret } from '../../src/meaning/interpret.ts';
import type { Answer } from './xl.ts';

/** How a file was judged, in a form in which both sides can be compared. */
export interface Judged {
  readonly accepted: boolean;
  readonly json?: unknown;
}

/**
 * What differs between xl's answer and ours; nothing when they agree. Left out is what xl makes up: a UUID that is not
 * in the file, the generation ID, and the rdm policy, which libxlu leaves uninitialised.
 */
export function difference(
  text: string,
  answer: Answer,
  xen: string,
  firmware: string,
): { theirs: Judged; ours: Judged } | undefined {
  const { accepted, domain } = interpret(text, { xen, environment: { cpus: 4, nodes: 1, firmware } });
  const ours: Judged = accepted ? { accepted, json: settled(domain?.json()) } : { accepted };
  const theirs: Judged = answer.status === 0 ? { accepted: true, json: settled(answer.json) } : { accepted: false };
  return same(ours, theirs) ? undefined : { theirs, ours };
}

function settled(json: unknown): unknown {
  const { c_info, b_info, pcidevs, ...rest } = structuredClone(json) as Record<string, Record<string, unknown>>;
  delete c_info?.['uuid'];
  const hvm = b_info?.['type.hvm'] as Record<string, Record<string, unknown>> | undefined;
  if (hvm !== undefined) delete hvm['ms_vm_genid'];
  const strategy = hvm?.['rdm']?.['strategy'] !== undefined;
  delete hvm?.['rdm']?.['policy'];
  const devices = strategy
    ? (pcidevs as unknown as Record<string, unknown>[] | undefined)?.map(({ rdm_policy: _, ...device }) => device)
    : pcidevs;
  return { c_info, b_info, ...(devices === undefined ? {} : { pcidevs: devices }), ...rest };
}

function same(a: unknown, b: unknown): boolean {
  return canonical(a) === canonical(b);
}

/** Key order is not part of JSON's meaning. */
function canonical(value: unknown): string {
  if (typeof value === 'bigint') return String(value);
  if (value === null || typeof value !== 'object') return JSON.stringify(value) ?? 'undefined';
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  return `{${Object.entries(value)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, item]) => `${key}:${canonical(item)}`)
    .join(',')}}`;
}
