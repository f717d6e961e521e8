import { fork as forkBase, STRATEGIES, xlDisks, type PersonalityInput } from '@xlfs/rootfs';
import { defineCommand } from '../../command.ts';
import { formatBytes } from '../../ui/format.ts';
import { readInput, readJsonInput } from '../shared/files.ts';
import { byteCount, given, oneOf } from '../shared/values.ts';
import { rootfsStore } from './store.ts';

const WORDS = ['auto', ...STRATEGIES] as const;

interface ForkOptions {
  readonly strategy?: string;
  readonly hostname?: string;
  readonly address?: string;
  readonly gateway?: string;
  readonly interface?: string;
  readonly nameserver?: readonly string[];
  readonly sshKey?: string;
  readonly personality?: string;
  readonly exact?: boolean;
  readonly overlaySize?: string;
}

/** `xlfs rootfs fork`: a guest's own disks, copy-on-write. */
export const fork = defineCommand({
  usage: 'fork <base> <child>',
  summary:
    'make a writable child of a snapshot, a disk image or a fork: disks of its own, and a name, keys and address of its own',
  example: 'xlfs rootfs fork base web1 --address 10.0.0.11/24 --gateway 10.0.0.1',
  options: [
    ['--strategy <strategy>', `${WORDS.join(', ')} (default: auto, the cheapest that works here)`],
    ['--hostname <name>', "the guest's name (default: that of the fork)"],
    ['--address <address>', '10.0.0.11/24, or dhcp'],
    ['--gateway <address>', 'the way out'],
    ['--interface <name>', 'what has the address (default: eth0)'],
    ['--nameserver <addresses...>', 'for /etc/resolv.conf'],
    ['--ssh-key <file>', 'public key that may log in as root'],
    ['--personality <file>', 'all of the above and more, as JSON; options win over it'],
    ['--exact', 'change nothing in the child: for backups, not for a second guest'],
    ['--overlay-size <size>', 'of the writable disk of an overlay (default: 1G)'],
  ],
  run: async (context, [base = '', name = ''], options: ForkOptions) => {
    const personality = options.exact === true ? undefined : await readPersonality(name, options, context.signal);
    return await forkBase(rootfsStore(context), base, {
      name,
      signal: context.signal,
      ...given({
        personality,
        strategy: options.strategy === undefined ? undefined : oneOf(options.strategy, WORDS, '--strategy'),
        overlaySize: options.overlaySize === undefined ? undefined : byteCount(options.overlaySize, '--overlay-size'),
      }),
    });
  },
  text: (made) =>
    [
      `# ${made.name}: ${made.strategy} of ${made.parent.name}, ${formatBytes(made.newBytes)} new, ${made.milliseconds.toFixed(0)} ms`,
      ...(made.strategy === 'overlay'
        ? ['# its initramfs joins the two disks: xlfs rootfs image … --format cpio --overlay-init writes one']
        : []),
      xlDisks(made).trimEnd(),
    ].join('\n'),
});

async function readPersonality(name: string, options: ForkOptions, signal: AbortSignal): Promise<PersonalityInput> {
  const { address, gateway, nameserver, sshKey } = options;
  const base =
    options.personality === undefined ? {} : ((await readJsonInput(options.personality, signal)) as Partial<PersonalityInput>);
  const key = sshKey === undefined ? undefined : (await readInput(sshKey, signal)).toString().trim();
  return {
    ...base,
    hostname: options.hostname ?? base.hostname ?? name,
    ...given({
      interfaces: address === undefined ? undefined : [{ name: options.interface ?? 'eth0', address, ...given({ gateway }) }],
      resolver: nameserver === undefined ? undefined : { nameservers: [...nameserver] },
      users: key === undefined ? undefined : [...(base.users ?? []), { name: 'root', sshKeys: [key] }],
    }),
  };
}
