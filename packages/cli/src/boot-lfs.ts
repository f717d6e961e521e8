import { join } from 'node:path';
import {
  LFS_DISK,
  lfsBootCheck,
  prepareLfsBoot,
  prepareLfsCheck,
  type DiskMachinePlan,
  type HostDescription,
  type LfsBootPlan,
  type LfsBootReport,
} from '@xlfs/xen-builder';
import { acceleratorOf, patienceOf, withBootFolder, type BootOptions } from './boot-host.ts';
import { buildProfile } from './build-host.ts';
import type { Context } from './context.ts';

/** A whole system whose disk lies in the store. */
export interface BuiltLfs {
  readonly host: HostDescription;
  /** Folder of this boot's transcripts and writable disks. */
  readonly folder: string;
  machine(): Promise<DiskMachinePlan>;
  /** The same machine with a guest that is forked from the system. */
  machineWithGuest(): Promise<LfsBootPlan>;
  /** Gives up the store: GC may come. */
  close(): void;
}

/** Builds whatever of the system the store does not have, up to its disk. */
export async function buildLfs(context: Context): Promise<BuiltLfs> {
  const { store, host, plan, layers, inUse } = await buildProfile(context, 'lfs', { targets: [LFS_DISK] });
  const folder = join(store.paths.root, 'boot', `lfs-${host.name}`);
  const digest = layers[LFS_DISK] ?? '';
  const common = { diskLayer: store.layerRoot(digest), host, folder };
  const system = (plan.steps.find(({ name }) => name === LFS_DISK)?.inputs ?? []).map((recipe) => {
    const layer = layers[recipe] ?? '';
    return { recipe, digest: layer, root: store.layerRoot(layer) };
  });
  return {
    host,
    folder,
    machine: () => prepareLfsBoot(common),
    machineWithGuest: async () => {
      const { openRootfsStore } = await import('@xlfs/rootfs');
      return prepareLfsCheck({ ...common, system, digest, rootfs: openRootfsStore(join(store.paths.root, 'rootfs')) });
    },
    close: () => inUse.release(),
  };
}

/** The report of a whole system's check, and where what its consoles printed was put. */
export interface CheckedLfs {
  readonly report: LfsBootReport;
  /** Of the boot without Xen, and of the one with it. */
  readonly transcripts: readonly string[];
}

/** Boots the disk alone and under Xen, and a fork of the system as its guest. */
export async function checkLfs(context: Context, built: BuiltLfs, options: BootOptions): Promise<CheckedLfs> {
  const accelerator = acceleratorOf(options);
  const patience = patienceOf(options);
  return withBootFolder(built, async () => {
    context.onBootStep('a guest forked from the system');
    const plan = await built.machineWithGuest();
    const report = await lfsBootCheck(plan, {
      ...(accelerator === undefined ? {} : { accelerator }),
      patience,
      transcript: join(built.folder, 'transcript.log'),
      signal: context.signal,
      onStep: (step) => context.onBootStep(step),
    });
    return { report, transcripts: ['plain', 'dom0'].map((name) => join(built.folder, `transcript-${name}.log`)) };
  });
}

/** What a person wants to see of it. */
export function lfsSummary({ report: { accelerator, plain, dom0, guest }, transcripts }: CheckedLfs): string {
  return [
    '',
    `alone: a login after ${plain.loginSeconds.toFixed(1)} s (${accelerator}), ${plain.system}; a program that gcc made says «${plain.compiled}»;`,
    `  shut down in ${plain.shutdownSeconds.toFixed(1)} s, and its disk is clean: ${dom0.rootCheck}`,
    `as dom0 of Xen: a login after ${dom0.loginSeconds.toFixed(1)} s`,
    dom0.table.replace(/^/gm, '  '),
    `as guest: ${guest.name} answered a ping ${guest.createToPingSeconds.toFixed(1)} s after xl create; logged in: ${guest.system}`,
    `  its root: ${guest.root}`,
    `  its console: ${guest.console}`,
    `everything the consoles said: ${transcripts.join(', ')}`,
  ].join('\n');
}
