import { randomBytes } from 'node:crypto';
import { mkdir, open, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';

export interface AtomicOptions {
  /** Whether it has to survive a power cut; records that are checked when they are read, and can be made again, need not. @default true */
  readonly durable?: boolean;
}

/** Writes beside the place, syncs and renames: readers see the old content or the new, also after a power cut. */
export async function writeFileAtomic(
  path: string,
  content: string | Uint8Array,
  { durable = true }: AtomicOptions = {},
): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  const beside = `${path}.${randomBytes(6).toString('hex')}.tmp`;
  try {
    const file = await open(beside, 'wx');
    try {
      await file.writeFile(content);
      if (durable) await file.sync();
    } finally {
      await file.close();
    }
    await rename(beside, path);
  } catch (error) {
    await rm(beside, { force: true });
    throw error;
  }
}
