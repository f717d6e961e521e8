import { resolvePlan, sbom as billOf } from '@xlfs/core';
import { defineCommand } from '../command.ts';
import { openPlan, PROFILE_OPTION, type ProfileOption } from '../profiles.ts';

/** `xlfs sbom`: the bill of materials of what the targets consist of. */
export const sbom = defineCommand({
  usage: 'sbom [targets...]',
  summary: 'print the bill of materials of what the targets consist of, as CycloneDX JSON',
  example: 'xlfs sbom --profile lfs > lfs.cdx.json',
  options: [PROFILE_OPTION],
  run: async (context, named, options: ProfileOption) => {
    const { registry, lock, store, plan } = await openPlan(context, options, named);
    const { cached } = await resolvePlan(store, plan, lock);
    return JSON.parse(await billOf({ registry, targets: plan.targets, lock, actions: cached })) as object;
  },
  text: (bill) => JSON.stringify(bill, null, 2),
});
