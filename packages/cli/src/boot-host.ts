import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { tryLock, XlfsError } from '@xlfs/core';
import { bootCheck, type Accelerator, type BootReport } from '@xlfs/xen-builder';
import type { BuiltHost } from './build-host.ts';
import type { Context } from './context.ts';

export const BOOT_OPTIONS = [
  ['--accel <which>', 'kvm or tcg (default: kvm where the processor can, else tcg)'],
  ['--patience <factor>', 'multiplies every time limit, for slow or busy machines (default: 1)'],
] as const;

export interface BootOptions {
  readonly accel?: string;
  readonly patience?: string;
}

/** A boot check's report and where everything that the consoles printed was put. */
export interface CheckedHost {
  readonly report: BootReport;
  readonly transcript: string;
}

/** Boots a built host and holds it to what a host has to do. */
export async function checkHost(context: Context, built: BuiltHost, options: BootOptions): Promise<CheckedHost> {
  const accelerator = acceleratorOf(options);
  const patience = patienceOf(options);
  return withBootFolder(built, async () => {
    const transcript = join(built.folder, 'transcript.log');
    const report = await bootCheck(await built.machine(), built.host, {
      ...(accelerator === undefined ? {} : { accelerator }),
      patience,
      transcript,
      signal: context.signal,
      onStep: (step) => context.onBootStep(step),
    });
    return { report, transcript };
  });
}

/** The guests' writable disks belong to one machine at a time. */
export async function withBootFolder<T>(built: Pick<BuiltHost, 'folder' | 'host'>, use: () => Promise<T>): Promise<T> {
  await mkdir(built.folder, { recursive: true });
  const lock = tryLock(join(built.folder, 'lock'));
  if (lock === undefined) {
    throw new XlfsError('BOOT_FAILED', `the host ${built.host.name} is running already, from ${built.folder}`, {
      hint: 'end the other xlfs first, or give this host another name in xlfs.toml',
    });
  }
  try {
    return await use();
  } finally {
    lock.release();
  }
}

export function acceleratorOf({ accel }: BootOptions): Accelerator | undefined {
  if (accel === undefined || accel === 'kvm' || accel === 'tcg') return accel;
  throw new XlfsError('USAGE', `--accel takes kvm or tcg, not ${accel}`, { hint: 'leave it out to have it chosen' });
}

export function patienceOf({ patience = '1' }: BootOptions): number {
  const factor = Number(patience);
  if (factor > 0 && factor <= 100) return factor;
  throw new XlfsError('USAGE', `--patience takes a factor up to 100, not ${patience}`, { hint: 'for example --patience 3' });
}

/** What a person wants to see of a booted host: xl list, and the figures. */
export function bootSummary({ report, transcript }: CheckedHost): string {
  const guests = report.guests.map(
    ({ name, createToPingSeconds, system }) =>
      `${name}: answered a ping ${createToPingSeconds.toFixed(1)} s after xl create; logged in: ${system}`,
  );
  return [
    '',
    report.table,
    '',
    `dom0 in control of Xen after ${report.controlDSeconds.toFixed(1)} s (${report.accelerator}), using ${report.dom0MemoryMiB.toFixed(0)} MiB`,
    ...guests,
    `guests and host shut down in ${report.shutdownSeconds.toFixed(1)} s; everything the consoles said: ${transcript}`,
  ].join('\n');
}
