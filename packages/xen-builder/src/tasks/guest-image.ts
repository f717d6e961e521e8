import { mkdirSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import { XlfsError, type TaskFunction } from '@xlfs/core';
import { editExt4, forkDisk } from '@xlfs/rootfs';
import { imageFileSchema, toEntries } from '../image/files.ts';
import { GUEST_BASE_PATH, guestDiskPath } from '../image/paths.ts';

const paramsSchema = z.strictObject({
  name: z.string(),
  files: z.array(imageFileSchema),
  epoch: z.int(),
});

export type GuestImageParams = z.input<typeof paramsSchema>;

/** Forks a guest's root file system from the base and makes it that guest's own. */
export const guestImage: TaskFunction = async ({ inputs, output, params, log }) => {
  const { name, files, epoch } = paramsSchema.parse(params);
  const base = inputs.map(({ root }) => join(root, GUEST_BASE_PATH)).findLast((path) => statSync(path, { throwIfNoEntry: false }) !== undefined);
  if (base === undefined) throw new XlfsError('ASSEMBLY_FAILED', `no input of the guest ${name} holds ${GUEST_BASE_PATH}`);
  const image = join(output, guestDiskPath(name));
  mkdirSync(dirname(image), { recursive: true });
  // A child that leans on its base would tie two layers of the store together, so it is one that stands alone.
  const { strategy } = await forkDisk(base, image, { allow: ['reflink', 'copy'] });
  await editExt4(image, { put: toEntries(files, epoch), epoch });
  log(`${guestDiskPath(name)}: ${strategy} of the base`);
};
