import { editExt4 } from '../image/ext4/edit.ts';
import { Ext4Reader } from '../image/ext4/read.ts';
import { editDirectory } from '../tree/edit-directory.ts';
import { DirectoryView, type Changes, type TreeView } from '../tree/view.ts';
import { planPersonality, type PersonalityOptions } from './plan.ts';
import type { PersonalityInput } from './schema.ts';

export type PersonalityTarget =
  /** A folder that is the guest's root. */
  | { readonly directory: string }
  /** A raw ext4 image; `uuid` gives its file system another identity. */
  | { readonly image: string; readonly uuid?: string };

/** Make a root filesystem this guest, before it boots and without mounting it. Returns what was changed. */
export async function applyPersonality(
  personality: PersonalityInput,
  target: PersonalityTarget,
  options: PersonalityOptions = {},
): Promise<Changes> {
  if ('directory' in target) {
    const changes = planPersonality(personality, new DirectoryView(target.directory), options);
    await editDirectory(target.directory, changes);
    return changes;
  }
  const changes = await withImage(target.image, (view) => planPersonality(personality, view, options));
  const { uuid } = target;
  await editExt4(target.image, {
    ...changes,
    ...(uuid === undefined ? {} : { uuid }),
    ...(options.epoch === undefined ? {} : { epoch: options.epoch }),
  });
  return changes;
}

/** Look into an ext4 image. */
export async function withImage<T>(image: string, look: (view: TreeView) => T): Promise<Awaited<T>> {
  using reader = new Ext4Reader(image);
  return await look({
    readText: (path) => reader.readFile(path)?.toString('utf8'),
    list: (path) => reader.list(path),
    stat: (path) => reader.stat(path),
  });
}
