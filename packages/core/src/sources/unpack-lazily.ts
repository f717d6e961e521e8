import type { UnpackOptions } from './unpack.ts';

/**
 * `unpack` for whoever imports the package: the reader of archives is loaded when the first one is unpacked, since most runs unpack none.
 *
 * @throws XlfsError `ARCHIVE_ESCAPES`, `ARCHIVE_INVALID`, `NO_SPACE`, `HOST_REQUIREMENT`, `INTERRUPTED`; nothing is left behind then.
 */
export async function unpack(tarball: string, dir: string, options?: UnpackOptions): Promise<void> {
  const { unpack: now } = await import('./unpack.ts');
  await now(tarball, dir, options);
}
