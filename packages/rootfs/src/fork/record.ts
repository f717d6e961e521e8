import { join } from 'node:path';
import { readdir } from 'node:fs/promises';
import { z } from 'zod';
import { checkName, readJson, type RootfsStore } from '../store/rootfs-store.ts';

export const STRATEGIES = ['reflink', 'qcow2', 'overlay', 'copy'] as const;
export type Strategy = (typeof STRATEGIES)[number];

const diskSchema = z.strictObject({
  path: z.string(),
  format: z.enum(['raw', 'qcow2']),
  /** Name in the guest: xvda1 … */
  vdev: z.string(),
  mode: z.enum(['r', 'w']),
});
/** A disk as xl's `disk` takes it. */
export type ForkDisk = z.output<typeof diskSchema>;

export const forkSchema = z.strictObject({
  name: z.string(),
  parent: z.strictObject({ kind: z.enum(['snapshot', 'image', 'fork']), name: z.string(), disk: z.string(), digest: z.string() }),
  strategy: z.enum(STRATEGIES),
  disks: z.array(diskSchema),
  /** ISO 8601. */
  created: z.string(),
  /** Who made it. */
  by: z.string(),
  hostname: z.string().nullable(),
  machineId: z.string().nullable(),
  uuid: z.string().nullable(),
  /** Words that the guest's kernel needs on its command line. */
  cmdline: z.array(z.string()),
});
export type Fork = z.output<typeof forkSchema>;

export function forkFolder(store: RootfsStore, name: string): string {
  return join(store.forks, checkName(name, 'fork'));
}

export async function findFork(store: RootfsStore, name: string): Promise<Fork | undefined> {
  return await readJson(join(forkFolder(store, name), 'fork.json'), forkSchema);
}

/** All forks, by name. */
export async function listForks(store: RootfsStore): Promise<Fork[]> {
  const names = (await readdir(store.forks)).filter((name) => !name.includes('.tmp-')).sort();
  const forks = await Promise.all(names.map((name) => findFork(store, name)));
  return forks.filter((fork) => fork !== undefined);
}

export interface ForkNode {
  readonly name: string;
  readonly kind: Fork['parent']['kind'];
  readonly fork?: Fork;
  readonly children: readonly ForkNode[];
}

/** Snapshots and images with their forks, and those with theirs. */
export function forkTree(forks: readonly Fork[], snapshots: readonly string[]): ForkNode[] {
  const below = (kind: Fork['parent']['kind'], name: string): ForkNode[] =>
    forks
      .filter(({ parent }) => parent.kind === kind && parent.name === name)
      .map((fork) => ({ name: fork.name, kind: 'fork' as const, fork, children: below('fork', fork.name) }));
  const roots = new Map<string, { kind: Fork['parent']['kind']; name: string }>(
    snapshots.map((name) => [`snapshot ${name}`, { kind: 'snapshot', name }]),
  );
  for (const { parent } of forks)
    if (parent.kind !== 'fork' || !forks.some(({ name }) => name === parent.name))
      roots.set(`${parent.kind} ${parent.name}`, parent);
  return [...roots.values()].map(({ kind, name }) => ({ name, kind, children: below(kind, name) }));
}
