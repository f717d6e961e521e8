import { asNamespaceRoot } from '@xlfs/core';
import type * as privileged from './privileged.ts';

type Verbs = typeof privileged;

/**
 * Run a verb with the right to give files to any owner: directly as root, else as root of a user namespace with the subordinate ids from
 * /etc/subuid and /etc/subgid (core's worker). Files of the user appear as root's there.
 * @throws SANDBOX_UNAVAILABLE when the user has no subordinate ids.
 */
export async function asOwner<V extends keyof Verbs>(
  verb: V,
  params: Parameters<Verbs[V]>[0],
): Promise<Awaited<ReturnType<Verbs[V]>>> {
  const module = new URL(import.meta.url.endsWith('.ts') ? './privileged.ts' : './privileged.js', import.meta.url);
  if (process.getuid?.() === 0) {
    const verbs = (await import(module.href)) as Record<string, (params: unknown) => Promise<Awaited<ReturnType<Verbs[V]>>>>;
    return (await verbs[verb]?.(params)) as Awaited<ReturnType<Verbs[V]>>;
  }
  return (await asNamespaceRoot({ module: module.href, export: verb, params })) as Awaited<ReturnType<Verbs[V]>>;
}
