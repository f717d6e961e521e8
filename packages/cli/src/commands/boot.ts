import { attachMachine, type DiskMachinePlan, type MachinePlan } from '@xlfs/xen-builder';
import {
  acceleratorOf,
  bootSummary,
  BOOT_OPTIONS,
  checkHost,
  withBootFolder,
  type BootOptions,
  type CheckedHost,
} from '../boot-host.ts';
import { buildLfs, checkLfs, lfsSummary, type CheckedLfs } from '../boot-lfs.ts';
import { buildHost, type BuiltHost } from '../build-host.ts';
import { defineCommand } from '../command.ts';
import type { Context } from '../context.ts';
import { PROFILE_OPTION, type ProfileOption } from '../profiles.ts';

interface BootResult {
  readonly type: 'result';
  /** With `--check`, by profile. */
  readonly checked?: CheckedHost;
  readonly lfs?: CheckedLfs;
  /** QEMU's exit status, when its console was shown. */
  readonly status: number;
}

type Options = BootOptions & ProfileOption & { readonly check?: boolean };

/** `xlfs boot`: the built host in QEMU, with its console here; `--check` holds it to what a host has to do. */
export const boot = defineCommand<BootResult, Options>({
  usage: 'boot',
  summary: 'boot the built host in QEMU: its console here, or with --check the boot check',
  example: 'xlfs boot --check',
  options: [
    PROFILE_OPTION,
    [
      '--check',
      'host: log in on the guests, ping them, read xl list -l, shut down; lfs: boot the disk alone, as dom0, and a fork of it as guest',
    ],
    ...BOOT_OPTIONS,
  ],
  run: (context, _args, options) => (options.profile === 'lfs' ? bootLfs(context, options) : bootHost(context, options)),
  text: ({ checked, lfs }) => (checked !== undefined ? bootSummary(checked) : lfs !== undefined ? lfsSummary(lfs) : ''),
  status: ({ status }) => status,
});

async function bootHost(context: Context, options: Options): Promise<BootResult> {
  const built = await buildHost(context, undefined, options.profile);
  try {
    if (options.check === true) return { type: 'result', checked: await checkHost(context, built, options), status: 0 };
    return await attach(context, built, options);
  } finally {
    built.close();
  }
}

async function bootLfs(context: Context, options: Options): Promise<BootResult> {
  const built = await buildLfs(context);
  try {
    if (options.check === true) return { type: 'result', lfs: await checkLfs(context, built, options), status: 0 };
    return await attach(context, built, options);
  } finally {
    built.close();
  }
}

/** The machine's console is this terminal, until it ends. */
async function attach(
  context: Context,
  built: Pick<BuiltHost, 'folder' | 'host'> & { machine(): Promise<MachinePlan | DiskMachinePlan> },
  options: Options,
): Promise<BootResult> {
  const accelerator = acceleratorOf(options);
  const start = { signal: context.signal, ...(accelerator === undefined ? {} : { accelerator }) };
  const status = await withBootFolder(built, async () => attachMachine(await built.machine(), start));
  return { type: 'result', status };
}
