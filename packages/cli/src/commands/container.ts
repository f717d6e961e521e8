import { buildContainer } from '@xlfs/rootfs';
import { defineCommand } from '../command.ts';
import { printable } from '../ui/printable.ts';
import { rootfsStore } from './rootfs/store.ts';
import { given, pairs } from './shared/values.ts';

interface BuildOptions {
  readonly stripped?: string;
  readonly log?: string;
  readonly dir?: string;
  readonly domain?: string;
  readonly set?: readonly string[];
  readonly dryRun?: boolean;
  readonly replace?: boolean;
  readonly allowUnsigned?: boolean;
  readonly requireSigned?: boolean;
}

/** `xlfs container build`: makes a domain's disks, and leaves its plain xl configuration. */
const build = defineCommand({
  usage: 'build <file>',
  summary: 'process a container file: all of its outputs appear, or none; what is left is the xl configuration',
  example: 'xlfs container build web1.xen --stripped web1.cfg --log web1.log --dir /srv/web1',
  options: [
    ['--stripped <file>', 'where the xl configuration goes (default: it is printed)'],
    ['--log <file>', 'file that the log is added to'],
    ['--dir <dir>', "where archives are worked on (default: the container file's folder)"],
    ['--domain <name>', 'which of the domains of the file'],
    ['--set <name=value...>', 'variables of the file'],
    ['--dry-run', 'print the plan, and do nothing'],
    ['--replace', 'outputs may be there already'],
    ['--allow-unsigned', 'take what comes over the network without a digest or a signature'],
    ['--require-signed', 'the container file itself must be signed by a trusted key'],
  ],
  run: async (context, [file = ''], { set, ...options }: BuildOptions) => {
    const result = await buildContainer(file, {
      store: rootfsStore(context),
      variables: pairs(set ?? [], '--set'),
      signal: context.signal,
      ...given(options),
    });
    return { ...result, dryRun: options.dryRun ?? false, stripped: options.stripped ?? null };
  },
  text: ({ steps, config, dryRun, stripped }) => {
    const done = steps.map((step) => `${dryRun ? 'would ' : ''}${step}`);
    if (dryRun) return printable([...done, 'nothing has been done'].join('\n'));
    return stripped === null ? config.replace(/\n$/, '') : printable([...done, `wrote ${stripped}`].join('\n'));
  },
});

export const containerCommands = [build];
