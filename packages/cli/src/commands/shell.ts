import { openShell, sourceFetcher } from '@xlfs/core';
import { defineCommand } from '../command.ts';
import { openPlan, PROFILE_OPTION, type ProfileOption } from '../profiles.ts';

/** `xlfs shell`: a step's exact sandbox, as the step left it when it failed. */
export const shell = defineCommand({
  usage: 'shell <step> [command...]',
  summary: "open a step's sandbox: as it was left if the step failed, else as it is found at the start",
  example: 'xlfs shell xen-tools',
  options: [PROFILE_OPTION],
  run: async (context, [step = '', ...command], options: ProfileOption) => {
    const { store, lock, plan } = await openPlan(context, options, [step]);
    const status = await openShell(plan, step, {
      store,
      lock,
      fetch: sourceFetcher(store, lock),
      onEvent: context.onEvent,
      signal: context.signal,
      ...(command.length === 0 ? {} : { command }),
    });
    return { step, status };
  },
  text: () => '',
  status: ({ status }) => status,
});
