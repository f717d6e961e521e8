import { resolve } from 'node:path';
import { asOwner, IMAGE_FORMATS, type Direction } from '@xlfs/rootfs';
import { defineCommand, type Command } from '../../command.ts';
import { formatBytes } from '../../ui/format.ts';
import { given, oneOf, required } from '../shared/values.ts';
import { storeFolder } from './store.ts';

const make = defineCommand({
  usage: 'make <before> <after>',
  summary: 'write what leads from one tree to another, so that it can be applied and taken back',
  example: 'xlfs rootfs patch make base ./tree --out update.patch',
  options: [
    ['--out <file>', 'the patch'],
    ['--replace', 'the file may be there already'],
  ],
  run: async (context, [before = '', after = ''], { out, replace }: { out?: string; replace?: boolean }) =>
    asOwner(
      'patchMake',
      {
        store: storeFolder(context),
        before,
        after,
        out: resolve(required(out, '--out FILE')),
        ...given({ replace }),
      },
      { signal: context.signal },
    ),
  text: ({ path, size, added, removed, changed }) =>
    `${path}: ${String(added)} added, ${String(removed)} removed, ${String(changed)} changed; ${formatBytes(size)}`,
});

interface ApplyOptions {
  readonly out?: string;
  readonly format?: string;
  readonly replace?: boolean;
  readonly allowUnsigned?: boolean;
}

type Applied = Awaited<ReturnType<typeof asOwner<'patchApply'>>>;

function applying(direction: Direction, summary: string): Command<ApplyOptions, Applied> {
  return defineCommand({
    usage: `${direction} <patch> <source>`,
    summary,
    example: `xlfs rootfs patch ${direction} update.patch ./tree --out ./patched`,
    options: [
      ['--out <path>', 'a new folder, or with --format a new image'],
      ['--format <format>', `write an image: ${IMAGE_FORMATS.join(', ')}`],
      ['--replace', 'the image may be there already; it may be the source'],
      ['--allow-unsigned', 'take a patch that no trusted key has signed'],
    ],
    run: async (context, [patch = '', source = ''], { out, format, replace, allowUnsigned }: ApplyOptions) =>
      asOwner(
        'patchApply',
        {
          store: storeFolder(context),
          patch: resolve(patch),
          source,
          direction,
          out: resolve(required(out, '--out PATH')),
          ...given({
            replace,
            allowUnsigned,
            format: format === undefined ? undefined : oneOf(format, IMAGE_FORMATS, '--format'),
          }),
        },
        { signal: context.signal },
      ),
    text: ({ out, entries, signedBy }) =>
      `${out}: ${String(entries)} entries${signedBy === null ? '' : `; the patch is signed by ${signedBy}`}`,
  });
}

export const patchCommands = [
  make,
  applying('apply', 'write the tree that a signed patch makes of another; any other base is refused'),
  applying('revert', 'write the tree that a signed patch was made from'),
];
