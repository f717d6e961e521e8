import { collectGarbage, verifyStore } from '@xlfs/core';
import { defineCommand } from '../command.ts';
import { formatBytes, formatSeconds, formatTable } from '../ui/format.ts';

const ls = defineCommand({
  usage: 'ls',
  summary: 'list the finished steps and their layers',
  example: 'xlfs store ls',
  run: async (context) => {
    const store = await context.store();
    return { store: store.paths.root, freeBytes: await store.freeBytes(), actions: await store.allActions() };
  },
  text: ({ store, freeBytes, actions }) =>
    [
      formatTable(
        actions.map(({ step, version, layer, files, bytes, seconds }) => [
          step,
          version,
          layer.slice(0, 12),
          `${String(files)} files`,
          formatBytes(bytes),
          formatSeconds(seconds),
        ]),
      ),
      `${store}: ${String(actions.length)} finished steps, ${formatBytes(freeBytes)} free`,
    ]
      .filter((line) => line !== '')
      .join('\n'),
});

const verify = defineCommand({
  usage: 'verify',
  summary: 'hash every layer and tarball again; what is bad goes into quarantine',
  example: 'xlfs store verify',
  run: async (context) => verifyStore(await context.store()),
  text: ({ layers, sources, bad }) =>
    [
      ...bad.map(({ kind, name, why }) => `bad ${kind} ${name}: ${why}; put into quarantine`),
      `${String(layers)} layers and ${String(sources)} sources looked at, ${String(bad.length)} bad`,
      ...(bad.length === 0 ? [] : ['the next build makes or fetches them again']),
    ].join('\n'),
  status: ({ bad }) => (bad.length === 0 ? 0 : 1),
});

const gc = defineCommand({
  usage: 'gc',
  summary: 'remove what no finished build needs any more',
  example: 'xlfs store gc --dry-run',
  options: [['--dry-run', 'say what would go, remove nothing']],
  run: async (context, _args, options: { dryRun?: boolean }) => ({
    dryRun: options.dryRun ?? false,
    ...(await collectGarbage(await context.store(), options)),
  }),
  text: ({ dryRun, layers, sources, actions, caches, freedBytes }) =>
    `${dryRun ? 'would remove' : 'removed'} ${String(layers.length)} layers, ${String(actions)} records, ${String(sources.length)} sources, ${String(caches)} cached folders${dryRun ? '' : `: ${formatBytes(freedBytes)} came free`}`,
});

export const storeCommands = [ls, verify, gc];
