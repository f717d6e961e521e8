import { bootSummary, BOOT_OPTIONS, checkHost, type BootOptions } from '../boot-host.ts';
import { buildHost } from '../build-host.ts';
import { defineCommand } from '../command.ts';

/** `xlfs up`: sources → built host → booted in QEMU → guests running → `xl list`; what is built already is not built again. */
export const up = defineCommand({
  usage: 'up',
  summary: 'build the host, boot it in QEMU with its guests, and show xl list',
  example: 'xlfs up',
  options: [['--mirror <place>', 'folder or base URL to look for sources first'], ...BOOT_OPTIONS],
  run: async (context, _args, options: BootOptions & { mirror?: string }) => {
    const built = await buildHost(context, options.mirror);
    try {
      const checked = await checkHost(context, built, options);
      return { type: 'result' as const, built: built.steps, layers: built.layers, ...checked };
    } finally {
      built.close();
    }
  },
  text: bootSummary,
});
