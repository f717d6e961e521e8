import { resolve } from 'node:path';
import { asOwner, IMAGE_FORMATS, type Compression } from '@xlfs/rootfs';
import { defineCommand } from '../../command.ts';
import { formatBytes } from '../../ui/format.ts';
import { byteCount, given, oneOf, required, wholeNumber } from '../shared/values.ts';
import { storeFolder } from './store.ts';

const COMPRESSIONS = ['none', 'zstd', 'xz', 'gzip', 'lz4'] as const satisfies readonly Compression[];

interface ImageOptions {
  readonly format?: string;
  readonly out?: string;
  readonly size?: string;
  readonly free?: string;
  readonly label?: string;
  readonly uuid?: string;
  readonly compression?: string;
  readonly epoch?: string;
  readonly replace?: boolean;
  readonly overlayInit?: boolean;
}

/** `xlfs rootfs image`: a tree as a file that a guest or a boot loader takes. */
export const image = defineCommand({
  usage: 'image <source>',
  summary: 'write a snapshot (a word), or a folder or archive (with a slash), as an image; the same tree gives the same bytes',
  example: 'xlfs rootfs image base --format ext4 --out base.ext4 --size 2G',
  options: [
    ['--format <format>', IMAGE_FORMATS.join(', ')],
    ['--out <file>', 'the image'],
    ['--size <size>', 'of the disk, such as 512M (default: fitted to the tree)'],
    ['--free <size>', 'to leave free in a fitted image'],
    ['--label <label>', 'of the file system, up to 16 bytes'],
    ['--uuid <uuid>', 'of the file system (default: made from the tree)'],
    ['--compression <method>', `of cpio and tar: ${COMPRESSIONS.join(', ')} (default: zstd)`],
    ['--epoch <seconds>', 'latest time that a file may have (default: 0)'],
    [
      '--overlay-init',
      'with --format cpio: the initramfs of overlay guests; the tree brings busybox or its like (--compression none starts them soonest)',
    ],
    ['--replace', 'the file may be there already'],
  ],
  run: async (
    context,
    [source = ''],
    { format, out, size, free, label, uuid, compression, epoch, replace, overlayInit }: ImageOptions,
  ) =>
    asOwner(
      'image',
      {
        store: storeFolder(context),
        source,
        out: resolve(required(out, '--out FILE')),
        format: oneOf(required(format, `--format ${IMAGE_FORMATS.join('|')}`), IMAGE_FORMATS, '--format'),
        ...given({
          size: size === undefined ? undefined : byteCount(size, '--size'),
          free: free === undefined ? undefined : byteCount(free, '--free'),
          compression: compression === undefined ? undefined : oneOf(compression, COMPRESSIONS, '--compression'),
          epoch: epoch === undefined ? undefined : wholeNumber(epoch, '--epoch'),
          label,
          uuid,
          replace,
          overlayInit,
        }),
      },
      { signal: context.signal },
    ),
  text: ({ path, format, size, uuid }) => `${path}: ${format}, ${formatBytes(size)}${uuid === undefined ? '' : `, UUID ${uuid}`}`,
});
