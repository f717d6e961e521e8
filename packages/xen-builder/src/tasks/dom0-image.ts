import { mkdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import type { TaskFunction } from '@xlfs/core';
import { writeCpio } from '@xlfs/rootfs';
import { closureOf } from '../image/closure.ts';
import { holdToBudget } from '../image/budget.ts';
import { addOwn, composeInputs } from '../image/composition.ts';
import { toEntries } from '../image/entries.ts';
import { imageFileSchema } from '../image/files.ts';
import { ownedFiles, type ImageReport } from '../image/report.ts';
import { DOM0_PATHS } from '../image/paths.ts';

const wantedSchema = z.array(z.strictObject({ path: z.string(), reason: z.string() }));

const paramsSchema = z.strictObject({
  wanted: wantedSchema,
  files: z.array(imageFileSchema),
  compression: z.enum(['none', 'zstd', 'xz', 'gzip', 'lz4']),
  budgetMiB: z.number().positive(),
  epoch: z.int(),
});

export type Dom0ImageParams = z.input<typeof paramsSchema>;

/** Assembles dom0's initramfs from the closure of what it runs, and the document that explains every file in it. */
export const dom0Image: TaskFunction = async ({ inputs, output, params, log }) => {
  const { wanted, files, compression, budgetMiB, epoch } = paramsSchema.parse(params);
  const composition = await composeInputs(inputs);
  addOwn(composition, 'dom0-image', toEntries(files, epoch), epoch);

  const own = files.map(({ path }) => ({ path: `/${path}`, reason: 'file of dom0' }));
  const { tree, owners } = composition;
  // Links may lead to paths that only exist at run time (/run): what is ours is taken as it is.
  const reasons = await closureOf(tree, [...own, ...wanted]);
  const entries = [...reasons.keys()].flatMap((path) => tree.get(path) ?? []);

  mkdirSync(join(output, 'boot'), { recursive: true });
  const initramfs = await writeCpio(entries, join(output, DOM0_PATHS.initramfs), { compression, epoch });
  const payload = {
    'xen.gz': inputSize(inputs, DOM0_PATHS.xenCompressed),
    kernel: inputSize(inputs, DOM0_PATHS.kernel),
    initramfs: initramfs.size,
  };
  const report: ImageReport = { format: 1, payload, files: ownedFiles(tree, owners, reasons) };
  writeFileSync(join(output, DOM0_PATHS.report), `${JSON.stringify(report, null, 1)}\n`);
  for (const [part, size] of Object.entries(payload)) log(`${part}: ${String(size)} bytes`);
  log(`initramfs unpacked: ${String(initramfs.uncompressed)} bytes in ${String(entries.length)} entries`);
  holdToBudget(payload, report.files, budgetMiB);
};

function inputSize(inputs: readonly { readonly root: string }[], path: string): number {
  const sizes = inputs.map(({ root }) => statSync(join(root, path), { throwIfNoEntry: false })?.size);
  return sizes.findLast((size) => size !== undefined) ?? 0;
}
