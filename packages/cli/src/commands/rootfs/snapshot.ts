import { resolve } from 'node:path';
import { asOwner } from '@xlfs/rootfs';
import { defineCommand } from '../../command.ts';
import { formatBytes, formatSeconds } from '../../ui/format.ts';
import { given, required } from '../shared/values.ts';
import { storeFolder } from './store.ts';

interface SnapshotOptions {
  readonly as?: string;
  readonly exclude?: readonly string[];
  readonly replace?: boolean;
  readonly everything?: boolean;
  readonly allFileSystems?: boolean;
  readonly reread?: boolean;
}

/** `xlfs rootfs snapshot`: freezes a tree under a name. */
export const snapshot = defineCommand({
  usage: 'snapshot <sources...>',
  summary:
    'freeze a tree under a name: a folder, of which nothing is read again that has not changed; an archive or ext4 image; or several as layers',
  example: "xlfs rootfs snapshot / --as base --exclude '*.o' '/var/cache/**'",
  options: [
    ['--as <name>', 'name of the snapshot'],
    ['--exclude <patterns...>', 'what to leave out, too'],
    ['--everything', 'keep what is in /boot /dev /media /mnt /proc /run /sys /tmp'],
    ['--all-file-systems', 'follow other file systems that are mounted in the tree'],
    ['--replace', 'the name may stand for another tree already'],
    ['--reread', 'read every file again and keep it anew: mends what verify has found damaged'],
  ],
  run: async (context, sources, { as, exclude, replace, reread, everything, allFileSystems }: SnapshotOptions) =>
    asOwner(
      'snapshot',
      {
        store: storeFolder(context),
        sources: sources.map((source) => resolve(source)),
        name: required(as, '--as NAME'),
        mountPoints: everything !== true,
        oneFileSystem: allFileSystems !== true,
        ...given({ exclude, replace, reread }),
      },
      { signal: context.signal },
    ),
  text: ({ name, entries, bytes, newBytes, unchanged, milliseconds }) =>
    `${name}: ${String(entries)} entries, ${formatBytes(bytes)}; ${unchanged ? 'nothing has changed' : `${formatBytes(newBytes)} new`}, ${formatSeconds(milliseconds / 1000)}`,
});

/** `xlfs rootfs restore`: a snapshot as a folder again. */
export const restore = defineCommand({
  usage: 'restore <snapshot> <folder>',
  summary: 'write a snapshot to a new folder',
  example: 'xlfs rootfs restore base /srv/web1',
  options: [['--devices', 'make device nodes, too: for root only']],
  run: async (context, [name = '', folder = ''], { devices = false }: { devices?: boolean }) =>
    asOwner('restore', { store: storeFolder(context), name, folder: resolve(folder), devices }, { signal: context.signal }),
  text: ({ folder, entries, skipped, milliseconds }) =>
    [
      `${folder}: ${String(entries)} entries, ${formatSeconds(milliseconds / 1000)}`,
      ...(skipped.length === 0
        ? []
        : [`left out: ${String(skipped.length)} device nodes and sockets; an image of the snapshot has its devices`]),
    ].join('\n'),
});
