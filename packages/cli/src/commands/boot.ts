import { attachMachine } from '@xlfs/xen-builder';
import {
  acceleratorOf,
  bootSummary,
  BOOT_OPTIONS,
  checkHost,
  withBootFolder,
  type BootOptions,
  type CheckedHost,
} from '../boot-host.ts';
import { buildHost } from '../build-host.ts';
import { defineCommand } from '../command.ts';

interface BootResult {
  readonly type: 'result';
  readonly checked: CheckedHost | undefined;
  /** QEMU's exit status, when its console was shown. */
  readonly status: number;
}

/** `xlfs boot`: the built host in QEMU, with its console here; `--check` holds it to what a host has to do. */
export const boot = defineCommand<BootResult, BootOptions & { check?: boolean }>({
  usage: 'boot',
  summary: 'boot the built host in QEMU: its console here, or with --check the boot check',
  example: 'xlfs boot --check',
  options: [['--check', 'log in on the guests, ping them, read xl list -l, shut everything down'], ...BOOT_OPTIONS],
  run: async (context, _args, options) => {
    const accelerator = acceleratorOf(options);
    const built = await buildHost(context);
    try {
      if (options.check === true) return { type: 'result', checked: await checkHost(context, built, options), status: 0 };
      const start = { signal: context.signal, ...(accelerator === undefined ? {} : { accelerator }) };
      const status = await withBootFolder(built, async () => attachMachine(await built.machine(), start));
      return { type: 'result', checked: undefined, status };
    } finally {
      built.close();
    }
  },
  text: ({ checked }) => (checked === undefined ? '' : bootSummary(checked)),
  status: ({ status }) => status,
});
