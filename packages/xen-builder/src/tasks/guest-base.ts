import { z } from 'zod';
import type { TaskFunction } from '@xlfs/core';
import { editDirectory } from '@xlfs/rootfs';
import { closureOf } from '../image/closure.ts';
import { addOwn, composeInputs } from '../image/composition.ts';
import { toEntries } from '../image/entries.ts';
import { imageFileSchema } from '../image/files.ts';

const paramsSchema = z.strictObject({
  wanted: z.array(z.strictObject({ path: z.string(), reason: z.string() })),
  files: z.array(imageFileSchema),
  epoch: z.int(),
});

export type GuestBaseParams = z.input<typeof paramsSchema>;

/** Assembles the root file system that guests are forked from; it is the layer itself. */
export const guestBase: TaskFunction = async ({ inputs, output, params, log }) => {
  const { wanted, files, epoch } = paramsSchema.parse(params);
  const composition = await composeInputs(inputs);
  addOwn(composition, 'guest-base', toEntries(files, epoch), epoch);
  const own = files.map(({ path }) => ({ path: `/${path}`, reason: 'file of the base' }));
  const reasons = await closureOf(composition.tree, [...own, ...wanted]);
  const entries = [...reasons.keys()].flatMap((path) => composition.tree.get(path) ?? []);
  await editDirectory(output, { put: entries, remove: [] });
  log(`${String(entries.length)} entries`);
};
