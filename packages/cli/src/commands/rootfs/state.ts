import { XlfsError } from '@xlfs/core';
import {
  collectRootfsGarbage,
  findFork,
  forkTree,
  listForks,
  listSnapshots,
  removeFork,
  removeSnapshot,
  type ForkNode,
} from '@xlfs/rootfs';
import { defineCommand } from '../../command.ts';
import { formatBytes, formatTable } from '../../ui/format.ts';
import { rootfsStore } from './store.ts';

/** `xlfs rootfs ls`: snapshots and forks. */
export const ls = defineCommand({
  usage: 'ls',
  summary: 'list snapshots and forks',
  example: 'xlfs rootfs ls --tree',
  options: [['--tree', 'show which fork comes from what']],
  run: async (context, _args, { tree = false }: { tree?: boolean }) => {
    const store = rootfsStore(context);
    const [snapshots, forks] = [await listSnapshots(store), await listForks(store)];
    return {
      snapshots,
      forks,
      ...(tree
        ? {
            tree: forkTree(
              forks,
              snapshots.map(({ name }) => name),
            ),
          }
        : {}),
    };
  },
  text: ({ snapshots, forks, tree }) => {
    if (snapshots.length + forks.length === 0) return 'no snapshots yet: xlfs rootfs snapshot FOLDER --as NAME';
    if (tree !== undefined) return tree.flatMap((node) => draw(node, '')).join('\n');
    return formatTable([
      ...snapshots.map(({ name, entries, bytes, created, source }) => [
        'snapshot',
        name,
        `${String(entries)} entries, ${formatBytes(bytes)}`,
        created,
        source,
      ]),
      ...forks.map(({ name, strategy, parent, created, hostname }) => [
        'fork',
        name,
        `${strategy} of ${parent.name}`,
        created,
        hostname ?? '',
      ]),
    ]);
  },
});

function draw({ kind, name, fork, children }: ForkNode, indent: string): string[] {
  return [`${indent}${name} (${fork?.strategy ?? kind})`, ...children.flatMap((child) => draw(child, `${indent}  `))];
}

interface RemoveOptions {
  readonly snapshot?: boolean;
  readonly fork?: boolean;
}

/** `xlfs rootfs rm`: only what is named goes, and only when nothing needs it. */
export const rm = defineCommand({
  usage: 'rm <name>',
  summary: 'remove a fork with its disks, or a snapshot, that nothing comes from and nothing uses',
  example: 'xlfs rootfs rm web1',
  options: [
    ['--fork', 'where a snapshot has the same name'],
    ['--snapshot', 'where a fork has the same name'],
  ],
  run: async (context, [name = ''], options: RemoveOptions) => {
    const store = rootfsStore(context);
    const isFork = (await findFork(store, name)) !== undefined;
    const isSnapshot = (await listSnapshots(store)).some((snapshot) => snapshot.name === name);
    if (isFork && isSnapshot && options.fork !== true && options.snapshot !== true) {
      throw new XlfsError('USAGE', `there is a fork and a snapshot ${name}`, { hint: 'say which one: --fork or --snapshot' });
    }
    if (options.fork === true || (isFork && options.snapshot !== true))
      return { kind: 'fork' as const, removed: await removeFork(store, name) };
    return { kind: 'snapshot' as const, removed: await removeSnapshot(store, name) };
  },
  text: ({ kind, removed }) =>
    `removed the ${kind} ${removed.name}${kind === 'snapshot' ? '; xlfs rootfs gc frees what only it needed' : ''}`,
});

/** `xlfs rootfs gc`: what nothing needs. */
export const gc = defineCommand({
  usage: 'gc',
  summary: 'remove contents and base disks that no snapshot and no fork needs',
  example: 'xlfs rootfs gc --dry-run',
  options: [
    ['--dry-run', 'say what would go, remove nothing'],
    ['--downloads', 'also the archives that were fetched for container files'],
  ],
  run: async (context, _args, options: { dryRun?: boolean; downloads?: boolean }) => ({
    dryRun: options.dryRun ?? false,
    ...(await collectRootfsGarbage(rootfsStore(context), { ...options, signal: context.signal })),
  }),
  text: ({ dryRun, removed, freed }) =>
    `${dryRun ? 'would remove' : 'removed'} ${String(removed.length)} files: ${formatBytes(freed)}`,
});
