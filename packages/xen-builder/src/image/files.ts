import { readdirSync, readFileSync, statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { join } from 'node:path';
import { z } from 'zod';

/** A small file, folder or link that an image carries beside what recipes install. JSON, as it goes through a task's params. */
export const imageFileSchema = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('file'), path: z.string(), text: z.string(), mode: z.int().default(0o644) }),
  z.strictObject({ type: z.literal('directory'), path: z.string(), mode: z.int().default(0o755) }),
  z.strictObject({ type: z.literal('symlink'), path: z.string(), target: z.string() }),
]);

export type ImageFile = z.output<typeof imageFileSchema>;

/** The folders of `images/` in this package: `common` is in every image, `dom0` and `guest` in theirs. */
export type ImagePart = 'common' | 'dom0' | 'guest';

// The compiled package lies one folder below the package's root, the sources two.
const IMAGES = fileURLToPath(new URL(import.meta.url.endsWith('.ts') ? '../../images' : '../images', import.meta.url));

/** The files of some parts, in a fixed order; a later part replaces what an earlier one has. */
export function packagedFiles(...parts: readonly ImagePart[]): ImageFile[] {
  const files = new Map<string, ImageFile>();
  for (const part of parts) {
    for (const found of readdirSync(join(IMAGES, part), { recursive: true, withFileTypes: true })) {
      if (!found.isFile()) continue;
      const full = join(found.parentPath, found.name);
      const path = full.slice(join(IMAGES, part).length + 1);
      files.set(path, {
        type: 'file',
        path,
        text: readFileSync(full, 'utf8'),
        mode: (statSync(full).mode & 0o100) === 0 ? 0o644 : 0o755,
      });
    }
  }
  return [...files.values()].sort((a, b) => (a.path < b.path ? -1 : 1));
}

export function textFile(path: string, text: string, mode = 0o644): ImageFile {
  return { type: 'file', path, text, mode };
}
