import { asNamespaceRoot } from '@xlfs/core';
import type { Interruptible } from '../store/interrupt.ts';
import type * as privileged from './privileged.ts';

type Verbs = typeof privileged;

/**
 * Run a verb with the right to give files to any owner: directly as root, else as root of a user namespace with the subordinate ids from
 * /etc/subuid and /etc/subgid (core's worker). Files of the user appear as root's there.
 * @throws SANDBOX_UNAVAILABLE when the user has no subordinate ids; INTERRUPTED.
 */
export async function asOwner<V extends keyof Verbs>(
  verb: V,
  params: Parameters<Verbs[V]>[0],
  options: Interruptible = {},
): Promise<Awaited<ReturnType<Verbs[V]>>> {
  type Result = Awaited<ReturnType<Verbs[V]>>;
  const module = new URL(import.meta.url.endsWith('.ts') ? './privileged.ts' : './privileged.js', import.meta.url);
  if (process.getuid?.() === 0) {
    const verbs = (await import(module.href)) as Record<string, (params: unknown, context: Interruptible) => Promise<Result>>;
    return (await verbs[verb]?.(params, options)) as Result;
  }
  return (await asNamespaceRoot({ module: module.href, export: verb, params, ...options })) as Result;
}
