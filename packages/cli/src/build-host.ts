import { join } from 'node:path';
import { build, keepAsRoot, sourceFetcher, type FileLock, type Plan, type Store } from '@xlfs/core';
import { prepareBoot, type HostDescription, type MachinePlan } from '@xlfs/xen-builder';
import type { Context } from './context.ts';
import { openPlan } from './profiles.ts';

/** A host whose every part lies in the store. */
export interface BuiltHost {
  readonly host: HostDescription;
  /** Steps that had to be run. */
  readonly steps: readonly string[];
  /** Layer digest of each recipe. */
  readonly layers: Readonly<Record<string, string>>;
  /** Folder of this boot's transcript and writable disks. */
  readonly folder: string;
  /** What QEMU is given. */
  machine(): Promise<MachinePlan>;
  /** Gives up the store: GC may come. */
  close(): void;
}

/** Builds whatever of the host the store does not have, and keeps GC from it until it is closed. */
export async function buildHost(context: Context, mirror?: string, profile = 'host'): Promise<BuiltHost> {
  const { store, host, steps, layers, inUse } = await buildProfile(context, profile, { mirror });
  return makeBuiltHost(store, inUse, host, steps, layers);
}

/** What a profile's targets were built to. */
export interface BuiltProfile {
  readonly store: Store;
  readonly host: HostDescription;
  readonly plan: Plan;
  /** Steps that had to be run. */
  readonly steps: readonly string[];
  /** Layer digest of each recipe. */
  readonly layers: Readonly<Record<string, string>>;
  /** Keeps GC away until it is released. */
  readonly inUse: FileLock;
}

/** Builds what the store does not have of a profile's targets, and keeps GC from all of it. */
export async function buildProfile(
  context: Context,
  profile: string,
  { targets, mirror }: { readonly targets?: readonly string[]; readonly mirror?: string | undefined } = {},
): Promise<BuiltProfile> {
  const { store, lock, host, plan } = await openPlan(context, { profile }, targets);
  const fetch = sourceFetcher(store, lock, { mirror });
  const { actions, built } = await build(plan, { store, lock, fetch, onEvent: context.onEvent, signal: context.signal });
  await keepAsRoot(store, plan.profile, plan.targets, actions.values());
  const inUse = await store.lockShared(context.signal);
  const layers = Object.fromEntries([...actions].map(([name, { layer }]) => [name, layer]));
  return { store, host, plan, steps: built, layers, inUse };
}

function makeBuiltHost(
  store: Store,
  inUse: FileLock,
  host: HostDescription,
  steps: readonly string[],
  layers: Readonly<Record<string, string>>,
): BuiltHost {
  // One folder a host: two of the same name would write to the same disks.
  const folder = join(store.paths.root, 'boot', host.name);
  const roots = Object.fromEntries(Object.entries(layers).map(([name, layer]) => [name, store.layerRoot(layer)]));
  return {
    host,
    steps,
    layers,
    folder,
    machine: () => prepareBoot({ layers: roots, host, folder }),
    close: () => inUse.release(),
  };
}
