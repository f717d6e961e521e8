import { mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import type { TaskFunction } from '@xlfs/core';
import { writeExt4 } from '@xlfs/rootfs';
import { closureOf } from '../dom0/closure.ts';
import { addOwn, composeInputs } from '../image/composition.ts';
import { imageFileSchema, toEntries } from '../image/files.ts';
import { GUEST_BASE_PATH } from '../image/paths.ts';

const paramsSchema = z.strictObject({
  wanted: z.array(z.strictObject({ path: z.string(), reason: z.string() })),
  files: z.array(imageFileSchema),
  /** MiB. */
  size: z.int(),
  epoch: z.int(),
});

export type GuestBaseParams = z.input<typeof paramsSchema>;

/** Writes the ext4 root file system that guests are forked from. */
export const guestBase: TaskFunction = async ({ inputs, output, params, log }) => {
  const { wanted, files, size, epoch } = paramsSchema.parse(params);
  const composition = await composeInputs(inputs);
  addOwn(composition, 'guest-base', toEntries(files, epoch));
  const own = files.map(({ path }) => ({ path: `/${path}`, reason: 'file of the base' }));
  const reasons = await closureOf(composition.tree, [...own, ...wanted]);
  const entries = [...reasons.keys()].flatMap((path) => composition.tree.get(path) ?? []);
  const image = join(output, GUEST_BASE_PATH);
  mkdirSync(dirname(image), { recursive: true });
  const written = await writeExt4(entries, image, { size: size << 20, label: 'root', epoch });
  log(`${GUEST_BASE_PATH}: ${String(written.files)} entries, ${String(size)} MiB`);
};
