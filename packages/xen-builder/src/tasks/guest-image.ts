import { mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import type { TaskFunction } from '@xlfs/core';
import { applyTree, personalitySchema, planPersonality, removePaths, treeOf, treeView, writeExt4 } from '@xlfs/rootfs';
import { composeInputs } from '../image/composition.ts';
import { guestDiskPath } from '../image/paths.ts';

const paramsSchema = z.strictObject({
  name: z.string(),
  /** MiB. */
  size: z.int(),
  personality: personalitySchema,
  epoch: z.int(),
});

export type GuestImageParams = z.input<typeof paramsSchema>;

/** Forks a guest's root file system from the base, makes it that guest's own, and writes it as an ext4 image. */
export const guestImage: TaskFunction = async ({ inputs, output, params, log }) => {
  const { name, size, personality, epoch } = paramsSchema.parse(params);
  const { tree } = await composeInputs(inputs);
  const { put, remove } = planPersonality(personality, treeView(tree), { epoch });
  removePaths(tree, remove);
  applyTree(tree, treeOf(put));
  const path = guestDiskPath(name);
  mkdirSync(dirname(join(output, path)), { recursive: true });
  const image = await writeExt4(tree.values(), join(output, path), { size: size << 20, label: name.slice(0, 16), epoch });
  log(`${path}: ${String(image.files)} entries, ${String(size)} MiB, ${String(put.length)} of them the guest's own`);
};
