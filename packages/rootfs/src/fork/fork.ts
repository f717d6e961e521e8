import { randomUUID } from 'node:crypto';
import { existsSync, lstatSync, readdirSync, writeFileSync } from 'node:fs';
import { mkdir, rename, rm } from 'node:fs/promises';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { XlfsError } from '@xlfs/core';
import { editExt4, planExt4Edits, writeBlocks, type BlockChanges, type Ext4Edits } from '../image/ext4/edit.ts';
import { writeQcow2 } from '../image/qcow2/write.ts';
import { withImage } from '../personality/apply.ts';
import { newHostKey, newMachineId } from '../personality/identity.ts';
import { planPersonality } from '../personality/plan.ts';
import type { PersonalityInput } from '../personality/schema.ts';
import { flush, temporaryBeside } from '../store/atomic.ts';
import { interruptible, proceed, type Interruptible } from '../store/interrupt.ts';
import { lockStore, type RootfsStore } from '../store/rootfs-store.ts';
import type { Changes } from '../tree/view.ts';
import { findBase, type Base } from './base.ts';
import { reflink, sparseCopy } from './clone.ts';
import { CLUSTER, clustersOf } from './clusters.ts';
import { virtualSize } from './disk.ts';
import { OVERLAY, overlayCmdline, writeOverlayDisk } from './overlay.ts';
import { forkFolder, type Fork, type ForkDisk, type Strategy } from './record.ts';

export interface ForkOptions extends Interruptible {
  readonly name: string;
  /** @default 'auto': reflink where the file system can, else overlay when `overlay` is allowed, else qcow2, else copy. */
  readonly strategy?: 'auto' | Strategy;
  /** What `auto` may choose from. @default reflink, qcow2, copy */
  readonly allow?: readonly Strategy[];
  /** What makes the child itself. A machine id and an ssh host key are made when it has none. Left out: an exact copy, for backups. */
  readonly personality?: PersonalityInput;
  /** Bytes of the writable disk of an overlay; holes take no room. @default 1 GiB */
  readonly overlaySize?: number;
}

export interface ForkResult extends Fork {
  /** Bytes on the disk that were not there before. */
  readonly newBytes: number;
  readonly milliseconds: number;
}

/** Cheapest first. */
const ORDER: readonly Strategy[] = ['reflink', 'overlay', 'qcow2', 'copy'];
const DEFAULT_ALLOWED: readonly Strategy[] = ['reflink', 'qcow2', 'copy'];

/**
 * A writable child of a snapshot, a disk image or another fork. It appears whole, under a name that was free; its parent is never written to.
 * @throws USAGE when the name is taken; HOST_REQUIREMENT when the asked strategy is not possible here.
 */
export async function fork(store: RootfsStore, parent: string, options: ForkOptions): Promise<ForkResult> {
  return await interruptible(options.signal, () => makeFork(store, parent, options));
}

async function makeFork(store: RootfsStore, parent: string, options: ForkOptions): Promise<ForkResult> {
  const started = performance.now();
  const folder = forkFolder(store, options.name);
  if (existsSync(folder)) throw taken(options.name);
  const lock = await lockStore(store, 'shared');
  try {
    const base = await findBase(store, parent);
    const identity = identityOf(options);
    for (const strategy of strategiesFor(options)) {
      proceed();
      const made = await attempt(store, base, strategy, folder, identity, options).catch((error: unknown) => {
        if (options.strategy === undefined || options.strategy === 'auto') {
          if (error instanceof XlfsError && error.code === 'HOST_REQUIREMENT' && strategy !== 'copy') return undefined;
        }
        throw error;
      });
      if (made !== undefined) return { ...made, milliseconds: performance.now() - started };
    }
    throw new XlfsError('HOST_REQUIREMENT', `none of the allowed strategies can fork ${parent} here`, {
      hint: 'Allow qcow2 or copy.',
    });
  } finally {
    lock.release();
  }
}

interface Identity {
  readonly personality: PersonalityInput | undefined;
  readonly uuid: string | undefined;
}

function identityOf({ personality, name }: ForkOptions): Identity {
  if (personality === undefined) return { personality: undefined, uuid: undefined };
  const { machineId = newMachineId(), sshHostKeys = [newHostKey(`root@${personality.hostname || name}`)] } = personality;
  return { personality: { ...personality, machineId, sshHostKeys }, uuid: randomUUID() };
}

function strategiesFor({ strategy = 'auto', allow = DEFAULT_ALLOWED }: ForkOptions): readonly Strategy[] {
  return strategy === 'auto' ? ORDER.filter((one) => allow.includes(one)) : [strategy];
}

async function attempt(
  store: RootfsStore,
  base: Base,
  strategy: Strategy,
  folder: string,
  identity: Identity,
  options: ForkOptions,
): Promise<Omit<ForkResult, 'milliseconds'>> {
  const temporary = temporaryBeside(folder);
  await mkdir(temporary);
  try {
    const { disks, newBytes: inDisks } = await makeDisks(base, strategy, temporary, identity, options);
    const record: Fork = {
      name: options.name,
      parent: { kind: base.kind, name: base.name, disk: base.disk, digest: base.digest },
      strategy,
      disks: disks.map((disk) => ({
        ...disk,
        path: disk.path.startsWith(`${temporary}/`) ? join(folder, disk.path.slice(temporary.length + 1)) : disk.path,
      })),
      created: new Date().toISOString(),
      by: userInfo().username,
      hostname: identity.personality?.hostname ?? null,
      machineId: identity.personality?.machineId ?? null,
      uuid: identity.uuid ?? null,
      cmdline: strategy === 'overlay' ? overlayCmdline() : [],
    };
    writeFileSync(join(temporary, 'fork.json'), `${JSON.stringify(record, null, 1)}\n`, { flag: 'wx' });
    const newBytes = inDisks + allocated(join(temporary, 'fork.json'));
    proceed();
    // Together: the file system's journal takes them all in one go.
    await Promise.all([temporary, ...readdirSync(temporary).map((name) => join(temporary, name))].map(flush));
    await publish(temporary, folder, options.name);
    return { ...record, newBytes };
  } catch (error) {
    await rm(temporary, { recursive: true, force: true });
    throw error;
  }
}

interface MadeDisks {
  readonly disks: ForkDisk[];
  /** Bytes that they take on the disk, without those that they share with the base. */
  readonly newBytes: number;
}

async function makeDisks(
  base: Base,
  strategy: Strategy,
  folder: string,
  identity: Identity,
  options: ForkOptions,
): Promise<MadeDisks> {
  const changes = await planned(base, identity);
  const vdev = OVERLAY.base;
  if (strategy === 'overlay') {
    if (base.format !== 'raw') throw notRaw(base, 'share it through an overlay');
    const path = join(folder, 'upper.ext4');
    await withImage(base.disk, (view) =>
      writeOverlayDisk(path, changes ?? { put: [], remove: [] }, view, {
        size: options.overlaySize ?? 2 ** 30,
        uuid: identity.uuid ?? randomUUID(),
      }),
    );
    const lower: ForkDisk = { path: base.disk, format: 'raw', vdev, mode: 'r' };
    return { disks: [lower, { path, format: 'raw', vdev: OVERLAY.upper, mode: 'w' }], newBytes: allocated(path) };
  }
  const edits: Ext4Edits | undefined =
    changes === undefined ? undefined : { ...changes, ...(identity.uuid === undefined ? {} : { uuid: identity.uuid }) };
  const path = join(folder, strategy === 'qcow2' ? 'root.qcow2' : `root.${base.format}`);
  const disks: ForkDisk[] = [{ path, format: strategy === 'qcow2' ? 'qcow2' : base.format, vdev, mode: 'w' }];
  if (strategy === 'copy') {
    await sparseCopy(base.disk, path);
    if (edits !== undefined) await editExt4(path, edits);
    return { disks, newBytes: allocated(path) };
  }
  const blocks = edits === undefined ? undefined : await blocksOf(base, edits);
  if (strategy === 'qcow2') {
    const sized = blocks === undefined ? {} : { clusters: clustersOf(base.disk, blocks), clusterSize: CLUSTER };
    writeQcow2(path, { backingFile: base.disk, backingFormat: base.format, virtualSize: virtualSize(base.disk), ...sized });
    return { disks, newBytes: allocated(path) };
  }
  await reflink(base.disk, path);
  if (blocks !== undefined) writeBlocks(path, blocks);
  // The blocks of the file say nothing: the shared ones count as its own, and xfs keeps some in reserve for a while.
  return { disks, newBytes: [...(blocks?.values() ?? [])].reduce((sum, { length }) => sum + length, 0) };
}

/** @throws HOST_REQUIREMENT when only debugfs can edit the base: it needs a disk of its own to work on. */
async function blocksOf(base: Base, edits: Ext4Edits): Promise<BlockChanges> {
  const blocks = await planExt4Edits(base.disk, edits);
  if (blocks !== undefined) return blocks;
  throw new XlfsError(
    'HOST_REQUIREMENT',
    `the file system of ${base.name} is made in a way that xlfs cannot edit block by block`,
    {
      hint: 'Use the strategy copy.',
    },
  );
}

async function planned(base: Base, { personality }: Identity): Promise<Changes | undefined> {
  if (personality === undefined) return undefined;
  if (base.format !== 'raw') throw notRaw(base, 'give it a personality');
  return await withImage(base.disk, (view) => planPersonality(personality, view));
}

/** rename(2) takes the place of an empty folder only: a fork of the same name that was made meanwhile stays. */
async function publish(temporary: string, folder: string, name: string): Promise<void> {
  try {
    await rename(temporary, folder);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOTEMPTY' || code === 'EEXIST') throw taken(name);
    throw error;
  }
  await flush(join(folder, '..'));
}

function allocated(path: string): number {
  return lstatSync(path).blocks * 512;
}

function taken(name: string): XlfsError {
  return new XlfsError('USAGE', `there is a fork ${name} already; it is not overwritten`, {
    hint: `Choose another name, or remove it: xlfs rootfs rm ${name}.`,
  });
}

function notRaw({ name, format }: Base, what: string): XlfsError {
  return new XlfsError('USAGE', `${name} is a ${format} disk: xlfs cannot ${what}`, {
    hint: 'Fork the raw image or the snapshot that it comes from.',
  });
}
